// The keyboard: walking, moving, undoing. Never while somebody writes, and not at all when switched off.
import { beside, board, cards, columns } from "./places.js";
import { commands, deed, find, lift, menu, show as open } from "./open.js";
import { move, undo } from "./moves.js";

// L is for labels: to the right is an arrow's.
const arrows = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], k: [0, -1], j: [0, 1], h: [-1, 0] };
const current = () => document.activeElement.closest?.(".card");
let ahead;

document.addEventListener("keydown", (e) => {
	const { key, target } = e, long = key.length > 1;
	if (e.altKey || e.isComposing || e.defaultPrevented) return;
	if (e.ctrlKey || e.metaKey) return void (/^k$/i.test(key) && (e.preventDefault(), later(commands)));
	if (document.body.dataset.keys === "off" && !(long && current())) return;
	if (target.closest?.("input, textarea, select, [contenteditable], [popover]")) return;
	if ((long || key === " ") && target.matches?.("button:not(.stage__fold), a, summary")) return;
	if (act(e, long ? key : key.toLowerCase())) e.preventDefault();
});

function act(e, key) {
	const card = current();
	if (ahead) return ahead.push(e.key);
	if (arrows[key] && !e.target.closest?.("#panel")) return e.shiftKey && card ? neighbour(card, arrows[key][0], key) : walk(card, ...arrows[key]);
	if (key === "Enter" && card) return open(card), true;
	if (key === "?") return document.getElementById("help").togglePopover(), true;
	if (key === "z") return undo(), true;
	if (key === "m" && card) return later((typed) => menu(card, false, typed));
	if (key === " " && card) return later((typed) => lift(card, typed));
	if (card && !e.shiftKey && "rnapsvdliewox".includes(key)) return deed(card, key), true;
	if ("/fxgcb".includes(key)) return find(key), true;
	// An open popover takes Escape by itself.
	if (key === "Escape" && card && !document.querySelector(":popover-open, #panel")) return board().focus(), true;
	return false;
}

// What is typed while something is on its way is meant for it.
function later(begin) {
	begin((ahead = [])).finally(() => (ahead = undefined));
	return true;
}

function walk(card, across, down) {
	const all = columns().filter((c) => !c.firstElementChild.dataset.collapsed);
	let column = card?.closest(".stage");
	if (!card) return focus(all.flatMap(cards).find((c) => c.tabIndex === 0) ?? document.querySelector(".card"));
	const at = cards(column).indexOf(card);
	if (down) return focus(cards(column)[at + down]);
	// Beside means at the same height: columns scroll on their own.
	const top = card.getBoundingClientRect().top;
	for (let i = all.indexOf(column) + across; all[i]; i += across) {
		const near = cards(all[i]).reduce((best, c) => (gap(c, top) < gap(best, top) ? c : best), cards(all[i])[0]);
		if (near) return focus(near);
	}
	return true;
}

const gap = (card, top) => Math.abs(card.getBoundingClientRect().top - top);

function focus(card) {
	card?.focus();
	card?.scrollIntoView({ block: "nearest", inline: "nearest" });
	return true;
}

function neighbour(card, across, key) {
	if (!across) deed(card, key);
	const to = across && beside(card.dataset.stage, across);
	if (to) move(card, to), focus(card);
	return true;
}
