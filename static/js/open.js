// Opening a card, or its menu. The scripts of both come when somebody is about to.
import { notice } from "./moves.js";
import { words } from "./places.js";

let loading;
const scripts = () => (loading ??= import("./panel.js").catch(() => void (loading = undefined)));
const call = async (name, ...values) => {
	const all = await scripts();
	return all ? all[name](...values) : notice(words().unreachable);
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
/** Picks a card up by the keyboard. */
export const lift = (card, typed) => call("lift", card, typed);
/** Opens the palette of everything that can be done. */
export const commands = (typed) => call("commands", typed);
/** Does what a key means with a card's conversation. */
export const deed = (card, key) => call("deed", card, key);

document.addEventListener("click", (e) => {
	const card = e.target.closest(".card");
	if (e.target.closest("[data-commands]")) commands();
	if (e.target.closest(".card__menu")) menu(card, e.pointerType === "touch");
	if (!card || e.target.closest("button, .card__mark, a:not(.card__name)")) return;
	const many = e.ctrlKey || e.metaKey || e.shiftKey;
	if (e.altKey || many && e.target.closest("a")) return; // a link as any other
	e.preventDefault();
	// A finger that has chosen one card goes on choosing.
	if (many || e.target.closest(".card__who > .avatar") || "picking" in document.body.dataset && e.pointerType === "touch") call("pick", card, e.shiftKey);
	else show(card);
});
for (const sign of ["pointerover", "focusin"]) document.addEventListener(sign, (e) => e.target.closest?.(".card") && scripts());
if (document.getElementById("panel")) scripts();
// A finger that rests on a name is about to drag the card, not to be asked what to do with a link.
document.addEventListener("contextmenu", (e) => e.pointerType === "touch" && e.target.closest?.(".card__name") && e.preventDefault());

// The address keeps its history clean: a tab is no page.
document.addEventListener("click", (e) => {
	const link = e.target.closest('a[href^="#stage-"]');
	if (!link) return;
	e.preventDefault();
	document.querySelector(link.hash)?.scrollIntoView({ inline: "start", block: "nearest" });
});
