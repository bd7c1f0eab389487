// Searching and filtering. Comes with the first key of it, and with a board that is filtered.
import { fold } from "./fold.js";
import "./lanes.js";
import { board, card as find, cards, fill, htmx, moves, nameOf, number, place, remove, request, say, Sortable, stageName, words } from "./app.js";

const phone = matchMedia("(max-width: 40rem)");
const sheet = () => document.getElementById("filters");
const shown = (element) => element?.checkVisibility();
let led = 0; // when G was pressed, which is the first of two keys

/** Does what a key does: / searches, F opens the filters, X clears them, B the boards, G and a letter goes to another page of the board. */
export function key(pressed) {
	if (pressed === "/") search();
	if (pressed === "f") sheet()?.togglePopover();
	if (pressed === "x") document.querySelector("[data-clear]")?.click();
	if (pressed === "c") fold();
	if (pressed === "b") boards();
	if (pressed === "g") led = Date.now();
}

function search() {
	const field = document.getElementById("search");
	if (shown(field)) return field.focus(), field.select();
	sheet()?.showPopover();
}

// The boards to go to: one walks them with the arrows.
function boards() {
	const menu = document.getElementById("boards");
	menu?.togglePopover();
	if (menu?.matches(":popover-open")) (menu.querySelector("[aria-current]") ?? menu.querySelector("a")).focus();
}
document.addEventListener("keydown", (e) => {
	const down = { ArrowDown: 1, ArrowUp: -1 }[e.key], menu = down && e.target.closest?.("#boards");
	if (!menu) return;
	e.preventDefault();
	const all = [...menu.querySelectorAll(".menu__item")];
	all[(all.indexOf(document.activeElement) + down + all.length) % all.length].focus();
});

addEventListener("keydown", (e) => {
	const page = Date.now() - led < 1500 && { l: "list", b: "board", r: "reports" }[e.key.toLowerCase()];
	led = 0;
	const link = page && document.querySelector(`[data-page="${page}"]`);
	if (!page || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select")) return;
	e.preventDefault();
	e.stopImmediatePropagation();
	link ? link.click() : board().focus(); // this is the board
}, true);

// The form comes when the sheet is opened for the first time. On a phone a focus would bring the keyboard over it.
const begin = () => sheet().matches(":popover-open") && !phone.matches && sheet().querySelector("input")?.focus();
document.addEventListener("toggle", (e) => e.target === sheet() && begin(), true);
document.addEventListener("htmx:load", (e) => e.target.id === "filter-form" && begin());

// A card that a move took out of the filter. It is kept for as long as the move can be taken back.
let hidden;
document.addEventListener("card-hidden", ({ target }) => (hidden = target.closest(".card")));
document.addEventListener("htmx:afterRequest", ({ target }) => {
	if (!hidden || target.closest(".card") !== hidden) return;
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

// The order by hand. A card is put above the one that it was dropped on top of, or at the end below the last one: whatever others do
// meanwhile, that says where it belongs.
const byHand = () => board().dataset.order === "hand";
const spots = new Map(); // card number → where a hand put it in another column: said together with the move

function hands() {
	if (byHand()) for (const l of document.querySelectorAll(".stage__cards")) Sortable.get(l)?.option("sort", true);
}
document.addEventListener("htmx:afterSettle", hands);
hands();

document.addEventListener("end", ({ item, originalEvent: e }) => {
	if (item?.parentNode && byHand() && !/dragend|cancel/.test(e?.type)) put(item);
});

function put(card) {
	const column = card.closest(".stage"), all = cards(column), at = all.indexOf(card);
	const above = all[at + 1], below = all[at - 1];
	if (!above && !below) return;
	const low = above && +above.dataset.sort, high = below && +below.dataset.sort;
	card.dataset.sort = above && below ? (low + high) / 2 : above ? low + 1 : high - 1; // it stays there until the answer says the same
	const spot = above ? { above: number(above) } : { below: number(below) };
	if (column.dataset.stage === card.dataset.stage) send(card, spot);
	else spots.set(number(card), spot);
	say(fill(words().placed, { card: nameOf(card), place: at + 1, to: stageName(column.dataset.stage) }));
}

// One after the other, or the last would not be what counts. Only the answer to a card's last one is shown.
const waiting = new Map(); // card number → how many of its requests have yet to be answered
let line = Promise.resolve();
function send(card, values) {
	const n = number(card);
	waiting.set(n, (waiting.get(n) ?? 0) + 1);
	const ask = () => find(n) && request(find(n), "position", values);
	line = line.then(ask).catch(() => {}).then(() => waiting.set(n, waiting.get(n) - 1));
}
document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
	if (detail.pathInfo?.requestPath.endsWith("/position") && waiting.get(number(target)) > 1 && !detail.isError) detail.shouldSwap = false;
});

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
	const id = moves(detail) && target.closest(".card") && number(target.closest(".card"));
	for (const [name, value] of Object.entries(spots.get(id) ?? {})) detail.parameters.set(name, value);
	spots.delete(id);
});

// Where the order changed meanwhile, the board says what it is.
document.addEventListener("htmx:responseError", ({ detail }) => {
	if (detail.pathInfo.requestPath.endsWith("/position")) htmx.trigger(board(), "board-changed");
});

document.addEventListener("keydown", (e) => {
	const down = { ArrowUp: -1, ArrowDown: 1 }[e.key], card = document.activeElement.closest?.(".card");
	if (!e.altKey || !down || !card || card.hasAttribute("data-lifted") || !byHand()) return;
	e.preventDefault();
	const all = cards(card.closest(".stage")), other = all[all.indexOf(card) + down];
	if (!other) return;
	other[down < 0 ? "before" : "after"](card);
	card.focus();
	put(card);
});

document.getElementById("filter")?.setAttribute("data-ready", "");
