// Choosing cards, to do the same with all of them. Comes with the first card that is chosen.
import { board, card as find, cards, columns, fill, htmx, nameOf, number, say, stageName, words } from "./app.js";
import { until } from "./panel.js";

const chosen = new Set(); // card numbers
const whole = new Map(); // stage → numbers of its cards that are not meant; all others are, loaded or not
let anchor; // the card that a range begins with
let coming;

const bar = () => document.getElementById("bulk");
const [path, query] = board().getAttribute("hx-get").split("?");
const has = (card) => (whole.has(card.dataset.stage) ? !whole.get(card.dataset.stage).has(number(card)) : chosen.has(number(card)));
const inColumn = (stage) => +document.querySelector(`#stage-${stage}-head .stage__count`)?.dataset.cards || 0;
const count = () => [...whole].reduce((n, [stage, but]) => n + inColumn(stage) - but.size, chosen.size);
const quiet = () => document.body.dataset.keys === "off";

/** Chooses a card, or no longer. A range goes from the one chosen before to this one; a step chooses the card and the next one that way. */
export function pick(card, range, step) {
	if (range) getSelection().removeAllRanges(); // Shift chooses text, too
	if (step) return stepTo(document.activeElement.closest(".card") ?? card, step); // keys may be ahead of this script
	const all = range && anchor?.isConnected && anchor.parentNode === card.parentNode ? cards(card.closest(".stage")) : [];
	const [from, to] = [all.indexOf(anchor), all.indexOf(card)].sort((a, b) => a - b);
	if (all.length) for (const c of all.slice(from, to + 1)) set(c, true);
	else set(card, !has(card));
	if (!all.length) anchor = card;
	tell(card);
}

function stepTo(card, step) {
	const column = cards(card.closest(".stage")), next = column[column.indexOf(card) + step];
	set(card, true);
	anchor ??= card;
	if (next) set(next, true), next.focus();
	tell(next ?? card);
}

function set(card, wish) {
	const but = whole.get(card.dataset.stage), n = number(card);
	if (but) wish ? but.delete(n) : but.add(n);
	else wish ? chosen.add(n) : chosen.delete(n);
	card.toggleAttribute("data-picked", wish);
}

function tell(card) {
	say(`${fill(has(card) ? words().picked : words().unpicked, { card: nameOf(card) })} ${fill(words().pickedCount, { count: count() })}`);
	show();
}

// What is loaded later, or drawn anew, is marked like the rest.
function mark() {
	for (const c of columns().flatMap(cards)) c.toggleAttribute("data-picked", has(c));
}
document.addEventListener("htmx:load", ({ detail: { elt } }) => elt.matches(".card") && elt.toggleAttribute("data-picked", has(elt)));
document.addEventListener("htmx:afterSettle", ({ target }) => target.id === "board" && (mark(), show()));
document.addEventListener("card:drawn", ({ detail: n }) => {
	const card = find(n);
	if (!card) chosen.delete(n);
	else card.toggleAttribute("data-picked", has(card));
	show();
});

async function show() {
	const n = count();
	document.body.toggleAttribute("data-picking", n > 0);
	if (!n) return bar()?.toggleAttribute("hidden", true);
	if (!bar()) await (coming ??= fetchBar());
	if (!bar()) return void (coming = undefined);
	bar().toggleAttribute("hidden", !count());
	bar().querySelector(".bulk__count").textContent = fill(words().pickedCount, { count: count() });
}

const fetchBar = () => htmx.ajax("GET", `${path}/selection${query ? `?${query}` : ""}`, { target: "#bulk-place", swap: "innerHTML" });

function clear() {
	chosen.clear();
	whole.clear();
	anchor = undefined;
	mark();
	show();
}

function column() {
	const stage = (document.activeElement.closest?.(".card") ?? anchor ?? document.querySelector(".card[data-picked]"))?.closest(".stage")?.dataset.stage;
	if (!stage) return;
	whole.set(stage, new Set());
	for (const c of cards(document.getElementById(`stage-${stage}`))) chosen.delete(number(c));
	mark();
	say(`${stageName(stage)}. ${fill(words().pickedCount, { count: count() })}`);
	show();
}

// The lists of the bar: one walks them with the arrows, and narrows long ones by typing.
const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const choices = (menu) => [...menu.querySelectorAll(".menu__item")].filter((i) => !i.hidden);

document.addEventListener("input", ({ target }) => {
	if (!target.matches("#bulk .menu__filter:not([name])")) return;
	const typed = plain(target.value.trim());
	for (const i of target.closest(".menu").querySelectorAll(".menu__item")) i.hidden = !plain(i.textContent).includes(typed);
});
document.addEventListener("toggle", ({ target, newState }) => {
	if (target.matches?.("#bulk .menu") && newState === "open") (target.querySelector("input:checked, input") ?? choices(target)[0])?.focus();
}, true);

const keys = { m: "stage", a: "assignee", p: "priority", s: "status", e: "status", l: "label", d: "step" };

addEventListener("keydown", (e) => {
	const menu = e.target.closest?.("#bulk .menu"), down = { ArrowDown: 1, ArrowUp: -1 }[e.key];
	if (menu && within(e, menu, down)) return stop(e);
	if (menu || e.ctrlKey || e.metaKey || e.altKey || !count() || e.target.closest?.("input, textarea, select, [popover], #panel")) return;
	if (e.key === "Escape" && !document.querySelector(":popover-open, .card[data-lifted]") && !document.body.hasAttribute("data-dragging")) return clear(), stop(e);
	const list = !quiet() && !e.shiftKey && document.getElementById(`bulk-${keys[e.key.toLowerCase()]}`);
	if (list) list.showPopover(), stop(e);
}, true);

function within(e, menu, down) {
	const all = choices(menu), at = all.indexOf(document.activeElement);
	if (down && !e.target.matches("input[name], select")) return all[(at + down + all.length) % all.length]?.focus(), true;
	if (e.key !== "Enter" || !e.target.matches(".menu__filter:not([name])")) return false;
	return all[0]?.click(), true;
}

function stop(e) {
	e.preventDefault();
	e.stopImmediatePropagation();
}

document.addEventListener("click", (e) => {
	if (e.target.closest("[data-pick-column]")) column();
	if (e.target.closest("[data-pick-none]")) clear();
});

// What is sent names the cards, and of whole columns only those that are not meant.
document.addEventListener("htmx:configRequest", ({ target, detail }) => {
	if (target !== bar()) return;
	detail.parameters.set("cards", [...chosen].join());
	detail.parameters.set("stages", [...whole.keys()].join());
	detail.parameters.set("except", [...whole.values()].flatMap((but) => [...but]).join());
	const snooze = detail.parameters.get("deed")?.match(/^status:snoozed:(\w+)$/)?.[1];
	if (snooze) detail.parameters.set("until", until(snooze));
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
	if (target !== bar() || !detail.successful) return;
	for (const menu of document.querySelectorAll("#bulk .menu:popover-open")) menu.hidePopover();
	target.reset();
	const back = anchor;
	clear();
	(back?.isConnected ? back : board()).focus({ preventScroll: true });
});

// Z takes a batch back where it is the latest thing that was done.
addEventListener("keydown", (e) => {
	const undo = e.key.toLowerCase() === "z" && !quiet() && document.getElementById("undo").hidden && document.querySelector("#batches [data-undo-batch]");
	if (undo && !e.ctrlKey && !e.metaKey && !e.target.closest?.("input, textarea, select")) undo.click(), stop(e);
}, true);
