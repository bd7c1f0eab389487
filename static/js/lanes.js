// The groups of a column: each begins with a heading, whatever comes, goes or is loaded. Cards come in the order of their lanes.
import { board, cards, columns } from "./app.js";

const names = () => JSON.parse(board().dataset.lanes || "null");
const counts = (column) => JSON.parse(column.querySelector(".stage__count")?.dataset.lanes || "{}");

// A heading that is right stays: one that is made anew would make the screen's reader lose its place.
function divide(column) {
	const called = names(), list = column.querySelector(".stage__cards"), old = new Map(), many = called && counts(column);
	for (const h of list.querySelectorAll(":scope > .lane")) old.has(h.dataset.lane) ? h.remove() : old.set(h.dataset.lane, h);
	let lane;
	for (const card of called ? cards(column) : []) {
		if (card.dataset.lane === lane) continue;
		lane = card.dataset.lane;
		const h = old.get(lane) ?? heading(lane);
		old.delete(lane);
		if (card.previousElementSibling !== h) card.before(h);
		write(h, called[lane] ?? "–", many[lane] ?? "");
	}
	for (const h of old.values()) h.remove();
	watcher.takeRecords();
}

function heading(lane) {
	const h = document.createElement("li");
	h.className = "lane";
	h.dataset.lane = lane;
	h.innerHTML = '<h3 dir="auto"></h3><span></span>';
	return h;
}

function write(h, name, many) {
	if (h.firstChild.textContent !== name) h.firstChild.textContent = name;
	if (h.lastChild.textContent !== many) h.lastChild.textContent = many;
}

let due;
function all() {
	due = 0;
	if (document.body.hasAttribute("data-dragging")) return void (due = setTimeout(all, 100)); // where it is to go is not settled yet
	columns().forEach(divide);
}
const watcher = new MutationObserver(() => (due ||= requestAnimationFrame(all)));
if (names()) {
	watcher.observe(board().parentNode, { childList: true, subtree: true, attributeFilter: ["data-lane", "data-lanes"] });
	all();
}
