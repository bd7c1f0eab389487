// What was said in the conversation that is open: read when the panel opens, older lines on scroll, newer ones by themselves.
import { fill, Idiomorph, tick, words } from "./app.js";

const quiet = 20e3, watchful = 2e3; // how often it is read again while nothing happens, and while a message of ours is on its way
const section = () => document.getElementById("thread");
const scroll = () => section().querySelector(".thread__scroll");
const lines = () => document.getElementById("messages");
const number = (line) => +line.id.slice(8);
const unfolded = new Set(); // lines of runs of events that somebody opened
let timer, reading, again;

document.addEventListener("panel:opened", () => {
	unfolded.clear();
	reading = again = undefined;
	if (section()) read();
});
document.addEventListener("panel:card-changed", () => later(150));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && section() && later(0));

function later(wait) {
	clearTimeout(timer);
	timer = setTimeout(() => section() && (document.visibilityState === "visible" ? read() : later(quiet)), wait);
}

/** Reads the latest lines. */
export async function read() {
	const of = section();
	if (!of) return;
	if (reading === of) return void (again = true);
	reading = of;
	const answer = await ask(of.dataset.path);
	if (section() !== of) return;
	reading = undefined;
	take(answer);
	if (again) (again = false), read();
}

/** Fetches a fragment: its elements, and whether it went well. */
export async function ask(path, options = {}) {
	try {
		const answer = await fetch(path, { ...options, headers: { "HX-Request": "true" } });
		const box = document.createElement("template");
		box.innerHTML = await answer.text();
		const text = answer.ok ? "" : box.content.querySelector(".notice p, p")?.textContent ?? words().unreachable;
		return { ok: answer.ok, content: box.content, text };
	} catch {
		return { ok: false, content: document.createElement("template").content, text: words().unreachable };
	}
}

/** Puts what was read into its place. */
export function take({ content, text }) {
	const messages = content.getElementById("messages"), sends = content.getElementById("sends");
	const end = atEnd(), last = newest();
	scroll().setAttribute("aria-busy", "false");
	section().querySelector(".thread__wait").hidden = true;
	trouble(text);
	if (messages) merge(messages);
	if (sends) Idiomorph.morph(document.getElementById("sends"), sends, { morphStyle: "outerHTML" });
	fold();
	tick(section());
	if (end) toEnd();
	else if (newest() > last) section().querySelector("[data-newest]").hidden = false;
	const open = document.querySelector("#sends [data-state=waiting], #sends [data-state=begun], #sends [data-state=unknown]");
	later(open ? watchful : quiet);
}

function trouble(text) {
	const place = section().querySelector(".thread__trouble");
	place.querySelector("p").textContent = text;
	place.hidden = !text;
}

const newest = () => Math.max(0, ...[...lines().children].filter((l) => l.id).map(number));
const atEnd = () => scroll().scrollHeight - scroll().scrollTop - scroll().clientHeight < 80;

/** Scrolls to the latest line. */
export function toEnd() {
	scroll().scrollTop = scroll().scrollHeight;
	section().querySelector("[data-newest]").hidden = true;
}

// What is there stays and is brought up to date. When more came than is read at once, what was there before is read again on scroll.
function merge(news) {
	const known = lines(), last = newest();
	const all = [...news.children], first = all.find((l) => l.id);
	if (!last || (first && news.dataset.older && number(first) > last)) {
		known.replaceChildren(...all);
		return offer(news.dataset.older);
	}
	for (const line of all) {
		const old = line.id && document.getElementById(line.id);
		if (old) Idiomorph.morph(old, line, { morphStyle: "outerHTML" });
		else if (line.id && number(line) > last) known.append(line);
	}
}

function offer(older) {
	lines().dataset.older = older ?? "";
	section().querySelector("[data-older]").hidden = !older;
}

let fetching;
async function older() {
	const path = lines().dataset.older, of = section();
	if (!path || fetching === path) return;
	fetching = path;
	const answer = await ask(path);
	if (section() !== of || lines().dataset.older !== path) return;
	fetching = undefined;
	trouble(answer.text);
	const news = answer.content.getElementById("messages");
	if (!news) return;
	const from = scroll().scrollHeight - scroll().scrollTop;
	lines().prepend(...[...news.children].filter((l) => !document.getElementById(l.id)));
	offer(news.dataset.older);
	fold();
	tick(section());
	scroll().scrollTop = scroll().scrollHeight - from;
}

// Of several events in a row only the last is shown, until somebody wants to see the others.
function fold() {
	let run = [];
	for (const line of [...lines().children, null]) {
		if (line?.dataset.kind === "event") {
			run.push(line);
			continue;
		}
		foldRun(run);
		run = [];
	}
}

function foldRun(run) {
	const folds = run.length > 2 && !run.some((l) => unfolded.has(l.id));
	for (const [i, line] of run.entries()) {
		line.hidden = folds && i < run.length - 1;
		line.querySelector(".line__fold")?.remove();
	}
	if (!folds) return;
	const button = document.createElement("button");
	button.className = "line__fold";
	button.type = "button";
	button.textContent = fill(section().querySelector("[data-fold]").dataset.fold, { count: run.length - 1 });
	run.at(-1).prepend(button);
}

document.addEventListener("scroll", ({ target }) => {
	if (!target.classList?.contains("thread__scroll")) return;
	if (target.scrollTop < 200) older();
	if (atEnd()) section().querySelector("[data-newest]").hidden = true;
}, true);

// A picture that has loaded pushes what is below it: whoever read the end stays there.
document.addEventListener("load", ({ target }) => {
	if (target.matches?.(".line__image img") && scroll().scrollHeight - scroll().scrollTop - scroll().clientHeight < 80 + target.clientHeight) toEnd();
}, true);

document.addEventListener("click", async ({ target }) => {
	const button = target.closest?.("#thread button");
	if (!button) return;
	const { older: back, newest: end, reread, send, method } = button.dataset;
	if (back !== undefined) older();
	if (end !== undefined) toEnd();
	if (reread !== undefined) read();
	if (button.matches(".line__fold")) {
		for (let line = button.parentNode; line?.dataset.kind === "event"; line = line.previousElementSibling) unfolded.add(line.id);
		fold();
	}
	if (send) {
		button.disabled = true;
		take(await ask(send, { method }));
	}
});
