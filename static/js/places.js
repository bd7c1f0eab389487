// Where cards belong: columns, their order, and the window of cards that is loaded.
export const board = () => document.getElementById("board");
export const columns = () => [...document.querySelectorAll(".stage")];
export const list = (stage) => document.getElementById(`stage-${stage}-cards`);
export const card = (number) => document.getElementById(`card-${number}`);
export const cards = (column) => [...column.querySelectorAll(".card")];
export const number = (card) => card.id.slice(5);
export const nameOf = (card) => card.querySelector(".card__name").textContent;
export const stageName = (stage) => document.getElementById(`stage-${stage}-name`)?.textContent ?? "";
export const words = () => document.getElementById("words").dataset;

/** A sentence with its {{.places}} filled in. */
export const fill = (text, values) => text.replace(/{{\.(\w+)}}/g, (_, name) => values[name] ?? "");

/** Says a sentence to whoever cannot see the screen. */
export function say(text) {
	document.getElementById("announcer").textContent = text;
}

const before = (a, b) => b.dataset.sort - a.dataset.sort || number(b) - number(a);

/**
 * Puts a card where it belongs by its stage and its sort key. A card that belongs below the last one loaded is taken away, unless
 * keep is set: it comes again when that part is loaded.
 */
export function place(card, keep) {
	const to = list(card.dataset.stage);
	const next = to && [...to.querySelectorAll(":scope > .card")].find((c) => c !== card && before(card, c) < 0);
	const more = to?.querySelector(":scope > .stage__more") ?? null;
	if (!to || (!next && more && !keep && card !== document.activeElement)) return remove(card);
	const at = next ?? more;
	if (card.parentNode !== to || nextOf(card) !== at) carry(to, card, at);
	hold(to);
}

const nextOf = (card) => {
	let next = card.nextElementSibling;
	while (next && !next.matches(".card, .stage__more")) next = next.nextElementSibling;
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

/** Keeps exactly one card of a column within reach of the tab key. */
export function hold(list, card) {
	const held = list.querySelectorAll('.card[tabindex="0"]');
	const one = card ?? held[0] ?? list.querySelector(".card");
	for (const c of held) if (c !== one) c.tabIndex = -1;
	if (one) one.tabIndex = 0;
}

document.addEventListener("focusin", (e) => {
	const card = e.target.closest?.(".card");
	if (card?.parentNode) hold(card.parentNode, card);
});
