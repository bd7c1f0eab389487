// Cards of one contact say so, lest a lead is worked on twice. Whoever looks is told of the cards that they were given, and of no others.
import { board, cards, columns, fill, words } from "./app.js";

let due;

function mark() {
	due = undefined;
	if (board().dataset.dragging !== undefined || document.body.hasAttribute("data-dragging")) return later();
	const all = columns().flatMap(cards).filter((c) => c.dataset.contact);
	const many = new Map();
	for (const c of all) many.set(c.dataset.contact, (many.get(c.dataset.contact) ?? 0) + 1);
	for (const c of all) say(c, many.get(c.dataset.contact));
}

function say(card, count) {
	const old = card.querySelector(".card__twins");
	if (count < 2) return old?.remove();
	const text = fill(words().twins, { count });
	if (old?.title === text) return;
	old?.remove();
	const sign = document.createElement("span");
	Object.assign(sign, { className: "card__twins", title: text, textContent: `${count}×`, role: "img", ariaLabel: text });
	card.querySelector(".card__who").append(sign);
}

// What is merged comes without the marks. They are put back when the browser has nothing better to do.
const later = () => (due ??= setTimeout(mark, 200));

new MutationObserver(later).observe(board(), { childList: true, subtree: true });
mark();
