// Opening a card, or its menu. The scripts of both come when somebody is about to.
import { notice } from "./moves.js";
import { words } from "./places.js";

let loading;
const scripts = () => (loading ??= import("./panel.js").catch(() => void (loading = undefined)));
const call = async (name, ...values) => {
	const all = await scripts();
	all ? all[name](...values) : notice(words().unreachable);
};

/** Has a key do what it does to searches and filters. */
export const find = async (key) => (await import("./find.js")).key(key);
if (document.querySelector("#filter[data-script]")) find();

/** Opens a card beside the board. */
export const show = (card) => call("open", card);
/** Opens a card's menu, and types into it what was typed meanwhile. */
export const menu = (card, byTouch, typed) => call("menu", card, byTouch, typed);

/** Asks why a deal is lost, then moves its card. */
export const why = (card, to) => call("why", card, to);
/** Does what a key means with a card's conversation. */
export const deed = (card, key) => call("deed", card, key);

document.addEventListener("click", (e) => {
	const card = e.target.closest(".card");
	if (e.target.closest(".card__menu")) menu(card, e.pointerType === "touch");
	if (!card || e.target.closest("button, .card__mark, a:not(.card__name)")) return;
	if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return; // a link as any other
	e.preventDefault();
	show(card);
});
for (const sign of ["pointerover", "focusin"]) document.addEventListener(sign, (e) => e.target.closest?.(".card") && scripts());
if (document.getElementById("panel")) scripts();
// A finger that rests on a name is about to drag the card, not to be asked what to do with a link.
document.addEventListener("contextmenu", (e) => e.pointerType === "touch" && e.target.closest?.(".card__name") && e.preventDefault());
