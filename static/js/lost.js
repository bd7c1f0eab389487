// The ends of a deal. A lost one has a reason on boards that have reasons to choose from.
import { card as find, columns, move, number, place } from "./app.js";

const dialog = () => document.getElementById("lost");
const form = () => dialog()?.querySelector("form");
let asked; // the card that it is about, and where it is to go
let chosen;

/** Moves a card to the board's first stage that ends a deal this way. */
export function end(card, kind) {
	const to = card && columns().find((c) => c.dataset.kind === kind)?.dataset.stage;
	if (to) move(card, to);
}

/** Asks why a deal is lost, then moves its card. Whoever closes the question leaves the card where it was. */
export function why(card, to) {
	const d = dialog(), at = card.getBoundingClientRect();
	place(card, true);
	asked = { card: number(card), to };
	chosen = false;
	form().reset();
	d.showPopover();
	const { width, height } = d.getBoundingClientRect();
	d.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
	d.style.top = `${Math.max(8, Math.min(at.top, innerHeight - height - 8))}px`;
	d.querySelector("input:checked")?.focus();
}

function confirm(reason) {
	const card = find(asked.card), { to } = asked;
	chosen = true;
	dialog().hidePopover();
	card?.focus({ preventScroll: true });
	if (card) move(card, to, { reason });
}

document.addEventListener("submit", (e) => {
	if (!dialog() || e.target !== form()) return;
	e.preventDefault();
	confirm(e.target.elements.other.value.trim() || e.target.elements.reason.value || "");
});
document.addEventListener("click", (e) => e.target.closest?.("#lost [data-without]") && confirm(""));
// Whoever writes a reason of their own chooses none of the list.
document.addEventListener("input", ({ target }) => {
	if (!dialog() || target.form !== form() || target.name !== "other" || !target.value) return;
	for (const choice of target.form.elements.reason.length ? target.form.elements.reason : [target.form.elements.reason]) choice.checked = false;
});
document.addEventListener("keydown", (e) => {
	if (e.key !== "Enter" || !dialog() || e.target.form !== form() || e.target.type !== "radio") return;
	e.preventDefault();
	form().requestSubmit();
});
document.addEventListener("toggle", (e) => {
	if (e.target !== dialog() || e.newState !== "closed" || chosen) return;
	find(asked.card)?.focus({ preventScroll: true });
}, true);
