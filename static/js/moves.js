// Moving a card. Whatever the gesture, the same request is sent; the card is put into its new place before that.
import { card as find, fill, list, nameOf, number, place, say, stageName, words } from "./places.js";
import { moves, request } from "./send.js";
import { why } from "./open.js";
import { caught, settle } from "./stream.js";

const undoFor = 10e3;
const under = new Map(); // card number → what a refusal or an undo needs
let last; // the move that Z takes back

/** Moves a card to a stage. */
export function move(card, to, { undoes, expect, reason } = {}) {
	const from = card.dataset.stage;
	to = String(to);
	if (reason === undefined && !undoes && from !== to && list(to)?.closest("[data-kind=lost]") && document.getElementById("lost")) return why(card, to);
	if (!card.isConnected) return; // it left the board meanwhile
	if (from === to || !list(to)) return place(card, true);
	const way = under.get(number(card));
	if (way) return show(card, (way.next = to)); // it follows when the one before has arrived
	const mv = { number: number(card), name: nameOf(card), from, to, undoes, expect, reason };
	under.set(mv.number, mv);
	caught(mv.number);
	card.setAttribute("aria-busy", "true");
	show(card, to);
	request(card, "stage", { stage: to });
	say(fill(undoes ? words().undone : words().moved, { card: mv.name, from: stageName(from), to: stageName(to) }));
	if (undoes) offer();
	else offer(mv);
}

function show(card, stage) {
	card.dataset.stage = stage;
	place(card, true);
}

/** Takes the last move back, if the card is still where that move put it. */
export function undo() {
	const card = last && find(last.number);
	if (!card) return say(words().nothing);
	const mv = last;
	move(card, mv.from, { undoes: mv.id ?? "0", expect: mv.to });
}

let timer;
function offer(mv) {
	const toast = document.getElementById("undo");
	clearTimeout(timer);
	last = mv;
	toast.hidden = !mv;
	if (!mv) return;
	toast.querySelector(".toast__text").textContent = fill(words().moved, { card: mv.name, from: stageName(mv.from), to: stageName(mv.to) });
	timer = setTimeout(offer, undoFor);
}

const moveOf = ({ target, detail }) => {
	const card = moves(detail) && target.closest?.(".card");
	return card ? [under.get(number(card)), card] : [];
};

document.addEventListener("htmx:configRequest", (e) => {
	const [mv] = moveOf(e);
	if (mv?.reason) e.detail.parameters.set("reason", mv.reason);
	if (!mv?.expect) return;
	e.detail.parameters.set("expect", mv.expect);
	if (mv.undoes !== "0") e.detail.parameters.set("undoes", mv.undoes);
});

// The answer is the card as it is now. It is taken before the swap, because the element may be another one afterwards.
document.addEventListener("htmx:beforeSwap", (e) => {
	const mv = under.get(number(e.detail.requestConfig.elt.closest(".card") ?? { id: "" }));
	if (mv && e.detail.isError) putBack(mv, words().refused);
});

document.addEventListener("htmx:afterRequest", (e) => {
	const [mv, card] = moveOf(e);
	if (!mv) return;
	if (e.detail.successful) {
		if (last === mv) mv.id = find(mv.number)?.dataset.move;
	} else if (under.has(mv.number)) {
		putBack(mv, words().offline);
		notice(fill(words().offline, { card: mv.name }));
	}
	if (under.delete(mv.number)) settle(mv.number);
	const now = find(mv.number) ?? card;
	now.dataset.move || now.removeAttribute("aria-busy");
	if (now.isConnected && !byHand(e.detail)) place(now, true);
	if (mv.next && e.detail.successful) move(now, mv.next);
});

// What else a card asks for holds its frames back, too: a frame would take away the button that asked, and htmx would no longer know
// how to put in the answer.
const asking = new Map(); // request → card number
document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
	const card = target.closest(".card");
	if (!card || under.has(number(card))) return;
	asking.set(detail.xhr, number(card));
	caught(number(card));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
	const asked = asking.get(detail.xhr), card = find(asked);
	if (!asking.delete(detail.xhr)) return;
	if (card && !byHand(detail)) place(card, true);
	settle(asked);
});

// A card that a hand put somewhere is there: the cards around it may have been moved apart for it, which their frames tell.
const byHand = ({ successful, requestConfig: { parameters } }) => successful && (parameters.above || parameters.below);

function putBack(mv, why) {
	const card = find(mv.number);
	under.delete(mv.number);
	if (last === mv) offer();
	settle(mv.number);
	if (!card) return;
	card.removeAttribute("aria-busy");
	show(card, mv.from);
	card.classList.add("card--refused");
	say(`${fill(why, { card: mv.name })} ${fill(words().putBack, { card: mv.name, to: stageName(mv.from) })}`);
}

/** Says a sentence among the notices. */
export function notice(text) {
	const copy = document.getElementById("words").content.firstElementChild.cloneNode(true);
	copy.querySelector("p").textContent = text;
	document.getElementById("notices").append(copy);
}

document.addEventListener("animationend", (e) => e.target.classList?.remove("card--fresh", "card--refused"));
document.addEventListener("click", (e) => e.target.closest("[data-undo]") && undo());
