// Searching and filtering. Comes with the first key of it, and with a board that is filtered.
import { card as find, fill, nameOf, number, place, remove, say, stageName, words } from "./app.js";

const phone = matchMedia("(max-width: 40rem)");
const sheet = () => document.getElementById("filters");
const shown = (element) => element?.checkVisibility();
let led = 0; // when G was pressed, which is the first of two keys

/** Does what a key does: / searches, F opens the filters, X clears them, G and a letter goes to another page of the board. */
export function key(pressed) {
	if (pressed === "/") search();
	if (pressed === "f") sheet()?.togglePopover();
	if (pressed === "x") document.querySelector("[data-clear]")?.click();
	if (pressed === "g") led = Date.now();
}

function search() {
	const field = document.getElementById("search");
	if (shown(field)) return field.focus(), field.select();
	sheet()?.showPopover();
}

addEventListener("keydown", (e) => {
	const page = Date.now() - led < 1500 && { l: "list", b: "board", r: "reports" }[e.key.toLowerCase()];
	led = 0;
	const link = page && document.querySelector(`[data-page="${page}"]`);
	if (!link || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select")) return;
	e.preventDefault();
	e.stopImmediatePropagation();
	link.click();
}, true);

// The form comes when the sheet is opened for the first time. On a phone a focus would bring the keyboard over it.
const begin = () => sheet().matches(":popover-open") && !phone.matches && sheet().querySelector("input")?.focus();
document.addEventListener("toggle", (e) => e.target === sheet() && begin(), true);
document.addEventListener("htmx:load", (e) => e.target.id === "filter-form" && begin());

// A card that a move took out of the filter. It is kept for as long as the move can be taken back.
let hidden;
document.addEventListener("card-hidden", ({ target }) => (hidden = target.closest(".card")));
document.addEventListener("htmx:afterRequest", ({ target }) => {
	const form = hidden?.querySelector("form");
	if (!form || target !== form && target.closest(".card") !== hidden) return;
	const card = find(number(hidden)) ?? hidden;
	const text = fill(words().hidden, { card: nameOf(card), to: stageName(card.dataset.stage) });
	hidden = undefined;
	if (card.isConnected) remove(card);
	offer(card, text);
});

let kept;
function offer(card, text) {
	kept = card;
	const toast = document.getElementById("undo"), show = toast.querySelector("[data-show]");
	toast.querySelector(".toast__text").textContent = text;
	show.href = card.querySelector(".card__name").getAttribute("href");
	show.hidden = false;
	say(text);
}

// Undoing needs the card on the board.
const back = () => kept && !find(number(kept)) && place(kept, true);
addEventListener("click", (e) => e.target.closest("[data-undo]") && back(), true);
addEventListener("keydown", (e) => e.key.toLowerCase() === "z" && !e.target.closest("input, textarea, select") && back(), true);
document.addEventListener("htmx:beforeRequest", ({ target }) => {
	if (!target.closest(".card")) return;
	kept = undefined;
	document.querySelector("#undo [data-show]").hidden = true;
});
