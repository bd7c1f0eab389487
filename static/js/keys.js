// The keyboard: walking, moving, undoing. Never while somebody writes, and not at all when switched off.
import { board, cards, columns, fill, list, nameOf, place, say, stageName, words } from "./places.js";
import { deed, find, menu, show as open } from "./open.js";
import { move, undo } from "./moves.js";
import { pause, release } from "./stream.js";

const arrows = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], k: [0, -1], j: [0, 1], h: [-1, 0], l: [1, 0] };
const current = () => document.activeElement.closest?.(".card");
let lifted, home, ahead;

document.addEventListener("keydown", (e) => {
	if (document.body.dataset.keys === "off" && !current()) return;
	if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.defaultPrevented) return;
	if (e.target.closest?.("input, textarea, select, [contenteditable], [popover]") || e.target.matches?.("button:not(.stage__fold), a, summary")) return;
	if (act(e)) e.preventDefault();
});

function act(e) {
	const card = current(), key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
	if (ahead) return ahead.push(e.key);
	if (lifted) return carry(key);
	if (arrows[key] && !e.target.closest?.("#panel")) return e.shiftKey && card ? neighbour(card, arrows[key][0], key) : walk(card, ...arrows[key]);
	if (key === "Enter" && card) return open(card), true;
	if (document.body.dataset.keys === "off") return false;
	if (key === "?") return document.getElementById("help").togglePopover(), true;
	if (key === "z") return undo(), true;
	if (key === "m" && card) return choose(card);
	if (key === " " && card) return lift(card), true;
	if (card && !e.shiftKey && "rnapsvdliewox".includes(key)) return deed(card, key), true;
	if ("/fxgc".includes(key)) return find(key), true;
	// An open popover takes Escape by itself.
	if (key === "Escape" && card && !document.querySelector(":popover-open, #panel")) return board().focus(), true;
	return false;
}

// What is typed while the menu is on its way is meant for it.
function choose(card) {
	menu(card, false, (ahead = [])).finally(() => (ahead = undefined));
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

function beside(stage, across) {
	const all = columns();
	return all[all.findIndex((c) => c.dataset.stage === stage) + across]?.dataset.stage;
}

function neighbour(card, across, key) {
	if (!across) deed(card, key);
	const to = across && beside(card.dataset.stage, across);
	if (to) move(card, to), focus(card);
	return true;
}

// A lifted card travels without being sent; live frames wait meanwhile.
function lift(card) {
	lifted = card;
	home = card.dataset.stage;
	card.toggleAttribute("data-lifted", true);
	pause();
	say(fill(words().lifted, { card: nameOf(card) }));
}

function carry(key) {
	const across = arrows[key]?.[0];
	if (across) {
		const to = beside(lifted.dataset.stage, across);
		if (to && list(to)) show(to), say(stageName(to));
	} else if (key === " " || key === "Enter") drop(true);
	else if (key === "Escape") drop(false);
	return true;
}

function show(stage) {
	lifted.dataset.stage = stage;
	place(lifted, true);
	focus(lifted);
}

function drop(send) {
	const card = lifted, to = card.dataset.stage;
	lifted = null;
	card.removeAttribute("data-lifted");
	card.dataset.stage = home;
	if (send && to !== home) move(card, to);
	else place(card, true), say(fill(words().putBack, { card: nameOf(card), to: stageName(home) }));
	focus(card);
	release();
}

document.addEventListener("focusout", () => setTimeout(() => lifted && document.activeElement !== lifted && drop(false)));
