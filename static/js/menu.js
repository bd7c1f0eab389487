// The menu that all cards share: where to move the card, and where to read it.
import { board, move, nameOf, number } from "./app.js";

const menu = () => document.getElementById("card-menu");
const filter = () => menu().querySelector(".menu__filter");
const items = () => [...menu().querySelectorAll("[role=option]")];
const shown = () => items().filter((i) => !i.hidden);
let card;

/** Opens the menu for a card, beside it. A finger gets no keyboard on the screen unless it asks for one. */
export function open(of, byTouch, typed = []) {
	card = of;
	const m = menu(), chatwoot = board().dataset.chatwoot, link = m.querySelector(".menu__open");
	m.querySelector("b").textContent = nameOf(card);
	link.hidden = !chatwoot;
	if (chatwoot) link.href = `${chatwoot}/conversations/${number(card)}`;
	filter().value = "";
	for (const i of items()) i.toggleAttribute("data-here", i.value === card.dataset.stage);
	narrow();
	m.showPopover();
	put(m, card.getBoundingClientRect());
	if (byTouch) shown()[0]?.focus();
	else filter().focus();
	typed.forEach(type);
}

/** The card that the menu is about. */
export const current = () => card;

function type(key) {
	const meant = filter().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
	if (!meant || key.length > 1) return;
	filter().value += key;
	narrow();
}

function put(m, at) {
	const { width, height } = m.getBoundingClientRect();
	const right = at.right + 6 + width < innerWidth;
	m.style.left = `${right ? at.right + 6 : Math.max(8, at.left - width - 6)}px`;
	m.style.top = `${Math.max(8, Math.min(at.top, innerHeight - height - 8))}px`;
}

const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow() {
	const typed = plain(filter().value.trim());
	for (const i of items()) {
		i.hidden = !plain(i.dataset.name).includes(typed);
	}
	const all = shown(), next = all[all.findIndex((i) => i.hasAttribute("data-here")) + 1];
	const best = typed ? all.find((i) => plain(i.dataset.name).startsWith(typed)) : next;
	select(best ?? shown()[0]);
	menu().querySelector(".menu__none").hidden = shown().length > 0;
}

function select(item) {
	for (const i of items()) i.setAttribute("aria-selected", i === item);
	if (item) filter().setAttribute("aria-activedescendant", item.id);
	else filter().removeAttribute("aria-activedescendant");
	item?.scrollIntoView({ block: "nearest" });
}

function choose(item) {
	const c = card;
	menu().hidePopover();
	// On a phone the screen would follow the focus into the other column.
	const stay = matchMedia("(max-width: 40rem)").matches && (c.nextElementSibling?.matches(".card") ? c.nextElementSibling : c.previousElementSibling);
	(stay || c).focus({ preventScroll: true });
	if (item) move(c, item.value);
}

document.addEventListener("click", (e) => {
	const item = e.target.closest("#card-menu [role=option]");
	if (item) choose(item);
});
document.addEventListener("input", (e) => e.target === filter() && narrow());
document.addEventListener("keydown", (e) => {
	if (!e.target.closest?.("#card-menu")) return;
	const all = shown(), at = all.findIndex((i) => i.getAttribute("aria-selected") === "true");
	const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
	const digit = filter().value === "" && /^[1-9]$/.test(e.key) && items()[e.key - 1];
	if (step) select(all[(at + step + all.length) % all.length]);
	else if (e.key === "Enter" && e.target === filter()) choose(all[at]);
	else if (digit) choose(digit);
	else return;
	e.preventDefault();
});
// Escape closes a popover by itself; the focus goes back to the card it was opened for.
document.addEventListener("toggle", (e) => {
	if (e.target !== menu() || e.newState !== "closed") return;
	if (menu().contains(document.activeElement) || document.activeElement === document.body) card?.focus({ preventScroll: true });
}, true);
