// Who else has a card open, or is just moving it; and what this page tells the others.
import { board, card as find, fill, number, words } from "./app.js";

const every = 5e3; // within the server's lease of a card that is moved; one that is open is said less often
let marks = new Map(); // card number → what others do with it
let mine, doing;

/** Shows what the stream says of others. */
export function show(data) {
	const before = marks;
	marks = Map.groupBy(JSON.parse(data), (m) => m.card);
	for (const n of new Set([...before.keys(), ...marks.keys()])) draw(n);
	tellPanel();
}

const sentence = (m) => fill(m.moving ? words().hereMoving : words().here, { who: m.who });
const initials = (name) => name.split(/\s+/).filter(Boolean).map((w) => [...w][0]).slice(0, 2).join("").toUpperCase();

function draw(n) {
	const card = find(n), all = marks.get(n);
	if (!card) return;
	let here = card.querySelector(":scope > .card__here");
	if (!all) return here?.remove();
	if (!here) {
		here = document.createElement("span");
		here.className = "card__here";
		here.setAttribute("role", "img");
		card.append(here);
	}
	here.toggleAttribute("data-moving", all.some((m) => m.moving));
	here.textContent = all.length > 1 ? `+${all.length}` : initials(all[0].who);
	here.title = all.map(sentence).join("\n");
	here.setAttribute("aria-label", all.map(sentence).join(". "));
}

function tellPanel() {
	const line = document.getElementById("panel-here"), all = marks.get(document.getElementById("panel")?.dataset.card?.slice(5)) ?? [];
	if (!line) return;
	line.hidden = !all.length;
	line.textContent = all.map(sentence).join(". ");
}

// What draws a card anew takes the mark away.
document.addEventListener("card:drawn", ({ detail }) => draw(detail));
document.addEventListener("htmx:load", ({ detail: { elt } }) => elt.matches(".card") && draw(number(elt)));
document.addEventListener("htmx:afterSettle", ({ target }) => (target.matches(".card, #board") ? [...marks.keys()].forEach(draw) : 0));

function say(n, what) {
	const [path] = board().getAttribute("hx-get").split("?");
	fetch(`${path}/cards/${n}/presence`, { method: "POST", headers: { "X-Requested-With": "fetch" }, body: new URLSearchParams({ doing: what }), keepalive: true }).catch(() => {});
}

function now(n, what) {
	if (mine && mine !== n) say(mine, "");
	mine = n;
	doing = what;
	if (mine && document.visibilityState === "visible") say(mine, what);
}

const opened = () => document.getElementById("panel")?.dataset.card?.slice(5);
const rest = () => (mine && mine !== opened() && say(mine, ""), (mine = undefined), now(opened(), "open"));
document.addEventListener("panel:opened", () => (tellPanel(), rest()));
document.addEventListener("panel:closed", () => now());
document.addEventListener("start", ({ item }) => item?.matches?.(".card") && now(number(item), "moving"));
document.addEventListener("end", ({ item }) => item?.matches?.(".card") && rest());
// By keys a card is lifted and put down.
document.addEventListener("card:lifted", ({ target }) => now(number(target), "moving"));
document.addEventListener("card:dropped", rest);
document.addEventListener("visibilitychange", () => mine && say(mine, document.visibilityState === "visible" ? doing : ""));
addEventListener("pagehide", () => mine && say(mine, ""));
let beats = 0;
setInterval(() => (++beats % 4 === 0 || doing === "moving") && mine && document.visibilityState === "visible" && say(mine, doing), every);
if (opened()) rest();
