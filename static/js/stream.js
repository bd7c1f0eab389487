// The live stream: what others do arrives here and is merged into the page, without disturbing whoever works on it.
import { board, card as find, fill, hold, list, nameOf, number, place, remove, say, stageName, words } from "./places.js";
import { listen } from "./tabs.js";
import { htmx, Idiomorph } from "./lib.js";
import { tick } from "./times.js";

let held = 0;
const queue = [];
const catches = new Map(); // card number → how many requests of that card are on their way, and its latest frame meanwhile

/** Holds live frames back until release is called as often. */
export const pause = () => void held++;
export function release() {
	held = Math.max(0, held - 1);
	// In the next frame, so that a drop is painted before anything else is.
	if (!held) requestAnimationFrame(() => held || queue.splice(0).forEach(apply));
}

/** Keeps the frames of a card back while a request of it is on its way; settle has the latest one merged after the last of them. */
export function caught(number) {
	const c = catches.get(number) ?? { count: 0 };
	c.count++;
	catches.set(number, c);
}
export function settle(number) {
	const c = catches.get(number);
	if (!c || --c.count) return;
	catches.delete(number);
	if (c.frame) apply(c.frame);
}

const kinds = {
	card: draw,
	gone: (data) => find(data) && remove(find(data)),
	totals: later("totals-changed", () => document.getElementById("totals")),
	board: reload,
	reload,
	connection: (data) => parse(data).forEach(swap),
	presence: async (data) => (await import("./presence.js")).show(data),
};

function apply(frame) {
	if (held) return queue.push(frame);
	const n = frame.kind === "card" ? /id="card-(\d+)"/.exec(frame.data)?.[1] : frame.kind === "gone" ? frame.data : "";
	if (catches.has(n)) return void (catches.get(n).frame = frame);
	kinds[frame.kind](frame.data);
	if (n) document.dispatchEvent(new CustomEvent("card:drawn", { detail: n }));
}

function parse(html) {
	const box = document.createElement("template");
	box.innerHTML = html;
	return [...box.content.children];
}

function draw(html) {
	const [news] = parse(html);
	let card = find(number(news));
	const was = card?.dataset.stage, mover = news.dataset.mover, isNew = !card;
	if (card) Idiomorph.morph(card, news, { morphStyle: "outerHTML" });
	else (list(news.dataset.stage) ?? board()).append((card = news));
	card = find(number(news));
	place(card, was === card.dataset.stage); // one that is there stays, also below the loaded part: somebody may have just put it there
	if (!card.isConnected) return;
	htmx.process(card);
	tick(card);
	if (isNew || was !== card.dataset.stage || mover) card.classList.add("card--fresh");
	if (mover && was !== card.dataset.stage && card === document.activeElement) {
		say(fill(words().movedBy, { who: mover, card: nameOf(card), to: stageName(card.dataset.stage) }));
	}
}

function swap(news) {
	const old = document.getElementById(news.id);
	news.removeAttribute("hx-swap-oob");
	if (!old) return;
	Idiomorph.morph(old, news, { morphStyle: "outerHTML" });
	tick(document.getElementById(news.id));
}

// At most once a second, and once more for what came meanwhile.
function later(event, target) {
	let timer, again;
	return function fire() {
		if (timer) return void (again = true);
		htmx.trigger(target(), event);
		timer = setTimeout(() => {
			timer = 0;
			if (again) (again = false), fire();
		}, 1000);
	};
}

// The board is fetched anew; columns that had more than their first cards load as many again, and stay where they were scrolled to.
function reload() {
	const was = [...document.querySelectorAll(".stage__cards")].map((l) => [l.id, l.querySelectorAll(".card").length, l.scrollTop]);
	document.body.addEventListener("htmx:afterSettle", function done(e) {
		if (e.target.id !== "board") return;
		document.body.removeEventListener("htmx:afterSettle", done);
		tick();
		was.forEach(refill);
	});
	htmx.trigger(board(), "board-changed");
}

async function refill([id, count, scroll]) {
	const l = document.getElementById(id);
	if (!l) return;
	hold(l);
	for (let more; scroll && l.querySelectorAll(".card").length < count && (more = l.querySelector(".stage__more")); ) {
		await htmx.ajax("GET", more.getAttribute("hx-get"), { target: more, swap: "outerHTML" });
	}
	l.scrollTop = scroll;
}

// What the page itself changed on an element outlives a merge: which card the tab key reaches, a lifted one, and what is chosen in an
// open menu.
const ours = { card: ["tabindex", "class", "data-lifted", "data-picked", "aria-current"], menu__item: ["hidden", "aria-selected", "data-here"] };
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, { classList }) => !ours[classList?.[0]]?.includes(name);

// A card that was moved by hand below the loaded part comes once more when that part is loaded: the newer one stays.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
	tick(elt);
	if (elt.matches(".card")) for (const twin of document.querySelectorAll(`#${elt.id}`)) twin !== elt && twin.remove();
});

listen(apply, (lost) => document.body.toggleAttribute("data-lost", lost));
