// The panel: one conversation beside the board. The board's scripts bring this with the first card that is opened.
import { beside, board, card as find, cards, htmx, Idiomorph, move, notice, number, tick, words } from "./app.js";

import "./thread.js";
import "./twins.js";
import "./presence.js";
import { write } from "./composer.js";
import { goTo, press } from "./fields.js";

import { end } from "./lost.js";

import { current as menuOf, open as choose } from "./menu.js";
export { open as menu } from "./menu.js";
export { why } from "./lost.js";
export { lift } from "./lift.js";
export { until } from "./fields.js";

const panel = () => document.getElementById("panel");
const framed = location.pathname.startsWith("/embed/"); // within Chatwoot the address is not ours to change
const phone = matchMedia("(max-width: 40rem)");
let opened; // the number of the conversation that is open
let asked = 0; // the latest request: the answer to an earlier one comes too late
let view = "talk"; // the half that a narrow panel shows
let typed; // whether the last thing that the person touched was a key

/** Opens a card; with stay the focus is left where it is. */
export async function open(card, stay) {
	await load(card.querySelector(".card__name").getAttribute("href"), stay);
}

async function load(path, stay, known) {
	const mine = ++asked, html = await ask(path);
	if (mine !== asked || !html) return;
	const fresh = !panel();
	put(html);
	if (!known) remember(path, fresh);
	if (!stay) panel().focus({ preventScroll: true });
}

/** Fetches a fragment. A refusal's own sentence is shown among the notices; of what is gone the fragment says so itself. */
async function ask(path) {
	try {
		const answer = await fetch(path, { headers: { "HX-Request": "true" } });
		const html = await answer.text();
		if (answer.ok || answer.status === 404) return html;
		document.getElementById("notices").insertAdjacentHTML("beforeend", html);
	} catch {
		notice(words().unreachable);
	}
}

function put(html) {
	const news = parse(html), old = panel();
	tick(news);
	old ? old.replaceWith(news) : board().after(news);
	begin();
	waken(news);
}

// Acts when what has been changed is painted; of a page that is not shown no frame is.
function painted(act) {
	let done;
	const once = () => done || ((done = true), act());
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(once)));
	setTimeout(once, 200);
}

// A panel is shown first. What makes it work, and room for it beside the board, follow when it is painted, or sooner if the person does
// something with it.
let asleep;
function waken(news) {
	const mine = asleep = () => {
		if (mine !== asleep) return;
		asleep = undefined;
		if (!news.isConnected) return;
		makeRoom();
		htmx.process(news);
		news.dispatchEvent(new CustomEvent("panel:opened", { bubbles: true }));
	};
	painted(mine);
}
for (const type of ["pointerdown", "keydown", "input", "click", "submit"]) document.addEventListener(type, () => asleep?.(), true);

function parse(html) {
	const box = document.createElement("template");
	box.innerHTML = html;
	return box.content.firstElementChild;
}

function makeRoom() {
	document.body.toggleAttribute("data-open", true);
	find(opened)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// What the page says of the conversation that is open, besides the panel itself.
function begin() {
	const p = panel();
	find(opened)?.removeAttribute("aria-current");
	opened = p.dataset.card?.slice(5);
	find(opened)?.setAttribute("aria-current", "true");
	cover(phone.matches);
	show(view);
}

// A panel that fills the screen leaves nothing behind it to be reached.
function cover(all) {
	for (const part of [document.querySelector(".bar"), board()]) part.inert = all && !!panel();
}
phone.addEventListener("change", () => cover(phone.matches));

function show(half) {
	view = half;
	const p = panel();
	p.dataset.view = half;
	for (const b of p.querySelectorAll(".panel__tabs button")) b.setAttribute("aria-pressed", b.dataset.view === half);
}

// The first card that is opened is a step to go back from; walking on replaces it.
function remember(path, fresh) {
	if (framed || location.pathname === path) return;
	const pushed = fresh || !!history.state?.panel;
	history[fresh ? "pushState" : "replaceState"]({ panel: pushed }, "", path + location.search);
}

function close() {
	if (!framed && history.state?.panel) return history.back();
	if (!framed) history.replaceState(null, "", panel().dataset.back + location.search);
	shut();
}

function shut() {
	const p = panel(), card = find(opened);
	asked++;
	if (!p) return;
	const focused = p.contains(document.activeElement) || document.activeElement === document.body;
	p.remove();
	cover(false);
	painted(() => panel() || document.body.removeAttribute("data-open"));
	document.dispatchEvent(new Event("panel:closed"));
	card?.removeAttribute("aria-current");
	opened = undefined;
	if (focused) (card ?? board()).focus();
}

addEventListener("popstate", () => {
	const path = location.pathname;
	if (path.endsWith("/panel")) load(path, false, true);
	else shut();
});

document.addEventListener("click", (e) => {
	if (!e.target.closest?.("#panel")) return;
	if (e.target.closest("[data-close-panel]")) close();
	const half = e.target.closest(".panel__tabs button")?.dataset.view;
	if (half) show(half);
});

document.addEventListener("keydown", (e) => {
	typed = true;
	if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
	if (act(e)) e.preventDefault();
});
document.addEventListener("pointerdown", () => (typed = false), true);

function act(e) {
	const { target, key } = e, writes = target.closest?.("input, textarea, select, [contenteditable]");
	const does = !writes && !e.shiftKey && document.body.dataset.keys !== "off" && deeds[key];
	if (!panel()) return false;
	const within = panel().contains(target);
	if (does && within) return does(key), true;
	if (key === "Escape" && !document.querySelector(":popover-open, .card[data-lifted]") && !document.body.hasAttribute("data-dragging")) {
		if (writes && within) return panel().focus(), true; // one level back
		return !writes && (close(), true);
	}
	const across = within && !writes && e.shiftKey && { ArrowLeft: -1, ArrowRight: 1 }[key];
	if (across) return step(across);
	if (!within || writes || document.body.dataset.keys === "off") return false;
	const down = { j: 1, k: -1 }[key.toLowerCase()] ?? (target === panel() && { ArrowDown: 1, ArrowUp: -1 }[key]);
	return down ? walk(down) : false;
}

function step(across) {
	const card = find(opened), to = card && beside(card.dataset.stage, across);
	if (to) move(card, to);
	return true;
}

// What single keys do with the conversation that is open, or with the card that has the focus.
const compose = (mode) => () => (show("talk"), write(mode));
const field = (key) => (show("facts"), goTo(key));
const deeds = {
	r: compose("reply"), n: compose("note"), a: field, p: field, s: field, v: field, d: field, l: field, i: press, e: press,
	m: () => find(opened) && choose(find(opened)), w: () => end(find(opened), "won"), o: () => end(find(opened), "lost"),
};

/** Does what a key means with a card, which is opened for it. */
export async function deed(card, key) {
	const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[key];
	if (key === "x" || step) return pick(card, false, step);
	if (key === "w" || key === "o") return end(card, key === "w" ? "won" : "lost");
	if (number(card) !== opened) await open(card);
	asleep?.();
	if (number(card) === opened) deeds[key](key);
}

/** Opens what the palette found. */
export const openAt = (path) => load(path);
/** Does what a key means with the conversation that is open. */
export const does = (key) => deeds[key]?.(key);

let ruling;
/** Opens the palette, and types into it what was typed meanwhile. */
export async function commands(typed) {
	ruling ??= import("./palette.js").catch(() => void (ruling = undefined));
	const script = await ruling;
	return script ? script.open(typed) : notice(words().unreachable);
}

let selecting;
/** Chooses a card, to do something with several. One promise for all, so that keys take effect in their order. */
export async function pick(card, ...how) {
	selecting ??= import("./select.js").catch(() => void (selecting = undefined));
	const script = await selecting;
	script ? script.pick(card, ...how) : notice(words().unreachable);
}
document.addEventListener("click", (e) => {
	const card = e.target.closest?.("[data-pick]") && menuOf();
	if (card) document.getElementById("card-menu").hidePopover(), pick(card);
});

function walk(step) {
	const card = find(opened), column = card && cards(card.closest(".stage"));
	const next = column?.[column.indexOf(card) + step];
	if (next) open(next);
	return true;
}

// Whoever walks the board by keys has the panel follow.
let timer;
document.addEventListener("focusin", (e) => {
	const card = e.target.closest?.(".card");
	clearTimeout(timer);
	if (card && typed && panel() && number(card) !== opened) timer = setTimeout(() => document.activeElement === card && open(card, true), 120);
});

// A stage is chosen as on the card, so that it can be taken back. A card that is not among those loaded is moved by the form.
document.addEventListener("submit", (e) => {
	const card = e.target.closest?.(".stepper") && find(opened);
	if (!card) return;
	e.preventDefault();
	e.stopPropagation();
	for (const step of e.target.querySelectorAll("button")) step === e.submitter ? step.setAttribute("aria-current", "step") : step.removeAttribute("aria-current");
	move(card, e.submitter.value);
	card.scrollIntoView({ block: "nearest", inline: "nearest" });
}, true);

// News of the conversation. Whatever has its own way of being renewed is left alone, and so is what somebody is just changing.
document.addEventListener("card:drawn", ({ detail }) => detail === opened && soon());
document.addEventListener("htmx:afterRequest", ({ target }) => {
	const card = target.closest?.(".card");
	if (card ? number(card) === opened : target.closest?.("#panel-place")) soon();
});
document.addEventListener("htmx:afterSettle", ({ target }) => target.id === "board" && panel() && (begin(), soon()));

let due;
function soon() {
	if (!panel()) return;
	htmx.trigger(panel(), "panel:card-changed");
	due ??= setTimeout(renew, 100);
}

async function renew() {
	due = undefined;
	const p = panel(), was = asked;
	if (!p?.dataset.path) return;
	const html = await ask(p.dataset.path);
	if (!html || was !== asked) return; // another one was opened, or none is
	const news = parse(html);
	if (!news.dataset.path) return put(html); // gone
	Idiomorph.morph(p, news, { morphStyle: "outerHTML" });
	htmx.process(panel());
	begin();
	tick(panel());
}

if (panel()) {
	begin();
	makeRoom();
	panel().dispatchEvent(new CustomEvent("panel:opened", { bubbles: true }));
	if (navigator.userActivation?.hasBeenActive) soon(); // what was done before this script came may have changed it
}
