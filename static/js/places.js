// Where cards belong: columns, their order, and the window of cards that is loaded.
//
// A board may hold thousands of cards of thirty elements each, so nothing here searches through all of them: children are walked.
export const board = () => document.getElementById("board");
const isCard = (element) => element.classList.contains("card");
const isMore = (element) => element.classList.contains("stage__more");
const frame = () => document.querySelector(".board__columns");
export const columns = () => [...frame().children].filter((c) => c.classList.contains("stage"));
export const list = (stage) => document.getElementById(`stage-${stage}-cards`);
export const card = (number) => document.getElementById(`card-${number}`);
export const cards = (column) => [...column.querySelector(".stage__cards").children].filter(isCard);
export const number = (card) => card.id.slice(5);
export const nameOf = (card) => card.querySelector(".card__name").textContent;
export const stageName = (stage) => document.getElementById(`stage-${stage}-name`)?.textContent ?? "";
export const words = () => document.getElementById("words").dataset;

/** The stage that is so many columns away from one. */
export function beside(stage, across) {
	const all = columns();
	return all[all.findIndex((c) => c.dataset.stage === stage) + across]?.dataset.stage;
}

/** A sentence with its {{.places}} filled in. */
export const fill = (text, values) => text.replace(/{{\.(\w+)}}/g, (_, name) => values[name] ?? "");

/** Says a sentence to whoever cannot see the screen. */
export function say(text) {
	document.getElementById("announcer").textContent = text;
}

const before = (a, b) => b.dataset.lane - a.dataset.lane || b.dataset.sort - a.dataset.sort || number(b) - number(a);

/**
 * Puts a card where it belongs by its stage and its sort key. A card that belongs below the last one loaded is taken away, unless
 * keep is set: it comes again when that part is loaded.
 */
export function place(card, keep) {
	const to = list(card.dataset.stage);
	const at = to && placeIn(to, card);
	if (!to || (at && isMore(at) && !keep && card !== document.activeElement)) return remove(card);
	if (frame().hasAttribute("data-empty")) filled();
	if (card.parentNode !== to || nextOf(card) !== at) carry(to, card, at);
	hold(to, card === document.activeElement ? card : undefined);
}

// What a card is to stand before: the first card that sorts after it, else the mark of further ones, else nothing.
function placeIn(list, card) {
	for (const c of list.children) {
		if (isMore(c) || (c !== card && isCard(c) && before(card, c) < 0)) return c;
	}
	return null;
}

// The first card on an empty board.
function filled() {
	frame().querySelector(".board__empty")?.remove();
	frame().removeAttribute("data-empty");
}

const nextOf = (card) => {
	let next = card.nextElementSibling;
	while (next && !isCard(next) && !isMore(next)) next = next.nextElementSibling;
	return next;
};

// Moving an element makes it lose the focus, where the browser has no moveBefore.
function carry(to, card, at) {
	const from = card.parentNode;
	const focused = card.contains(document.activeElement) && document.activeElement;
	if (to.moveBefore && card.isConnected) to.moveBefore(card, at);
	else to.insertBefore(card, at);
	if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
	if (from?.matches?.(".stage__cards")) hold(from);
}

/** Takes a card off the board; the focus goes to its neighbour. */
export function remove(card) {
	const from = card.parentNode;
	const neighbour = card.nextElementSibling?.matches(".card") ? card.nextElementSibling : card.previousElementSibling;
	const focused = card.contains(document.activeElement);
	card.remove();
	if (focused) (neighbour ?? board()).focus({ preventScroll: true });
	if (from) hold(from);
}

const held = new WeakMap(); // list → the card within reach of the tab key

/** Keeps exactly one card of a column within reach of the tab key. */
export function hold(list, card) {
	const was = held.get(list) ?? [...list.children].find((c) => c.tabIndex === 0);
	const one = card ?? (was?.parentNode === list ? was : [...list.children].find(isCard));
	if (was?.parentNode === list && was !== one) was.tabIndex = -1;
	if (!one) return;
	if (one.tabIndex !== 0) one.tabIndex = 0; // even setting what is there makes the browser lay everything out
	held.set(list, one);
}

document.addEventListener("focusin", (e) => {
	const card = e.target.closest?.(".card");
	if (card?.parentNode) hold(card.parentNode, card);
});
