// A card that is picked up by the keyboard. It travels without being sent; live frames wait meanwhile.
import { beside, fill, move, nameOf, pause, place, release, say, stageName, words } from "./app.js";

const sideways = { ArrowLeft: -1, ArrowRight: 1, h: -1, l: 1 };
let lifted, home;

/** Picks a card up, and takes what was typed meanwhile. */
export function lift(card, typed = []) {
	if (lifted || !card.isConnected) return;
	lifted = card;
	home = card.dataset.stage;
	card.toggleAttribute("data-lifted", true);
	pause();
	say(fill(words().lifted, { card: nameOf(card) }));
	card.dispatchEvent(new Event("card:lifted", { bubbles: true }));
	typed.forEach(carry);
}

function carry(key) {
	if (!lifted) return;
	const across = sideways[key] ?? sideways[key.toLowerCase()];
	if (across) {
		const to = beside(lifted.dataset.stage, across);
		if (to) show(to), say(stageName(to));
	} else if (key === " " || key === "Enter") drop(true);
	else if (key === "Escape") drop(false);
}

function show(stage) {
	lifted.dataset.stage = stage;
	place(lifted, true);
	focus(lifted);
}

function focus(card) {
	card.focus();
	card.scrollIntoView({ block: "nearest", inline: "nearest" });
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
	card.dispatchEvent(new Event("card:dropped", { bubbles: true }));
}

// While a card is lifted, keys are about nothing else.
addEventListener("keydown", (e) => {
	if (!lifted || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
	carry(e.key);
	e.preventDefault();
	e.stopImmediatePropagation();
}, true);
document.addEventListener("focusout", () => setTimeout(() => lifted && document.activeElement !== lifted && drop(false)));
