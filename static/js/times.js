// Keeps every <time> current, in the viewer's language and zone, and what depends on it: how stale, how late, how soon.
import { words } from "./places.js";

const lang = document.documentElement.lang;
const minute = 6e4, hour = 60 * minute, day = 24 * hour;
const full = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });

function age(ms, w) {
	if (ms < minute) return w.now;
	const [text, unit] = ms < hour ? [w.minutes, minute] : ms < day ? [w.hours, hour] : [w.days, day];
	return text.replace("{{.count}}", Math.floor(ms / unit));
}

const set = (el, name, level) => {
	if (level) el.dataset[name] = level;
	else delete el.dataset[name];
};

const levels = {
	wait: (ms) => (ms >= day ? "2" : ms >= hour ? "1" : ""),
	window: (_, left) => (left <= 0 ? "closed" : left < 4 * hour ? "1" : ""),
};

function rot(card, ms) {
	const days = card.closest(".stage")?.dataset.rottingDays;
	const share = ms / (days * day);
	set(card, "rot", !days || "booked" in card.dataset ? "" : share >= 1.5 ? "4" : share >= 1 ? "3" : share >= 0.75 ? "2" : share >= 0.5 ? "1" : "");
}

function draw(time, now, w) {
	if (time.dataset.day !== undefined) return;
	const at = Date.parse(time.dateTime);
	if (time.dataset.full !== undefined) return void (time.textContent = full.format(at));
	const ms = time.dataset.left === undefined ? now - at : at - now;
	const text = age(ms, w);
	if (time.textContent !== text) time.textContent = text;
	const clock = time.closest(".clock");
	if (!clock) return;
	for (const [kind, level] of Object.entries(levels)) {
		if (clock.classList.contains(`clock--${kind}`)) set(clock, "level", level(ms, ms));
	}
	if (clock.matches(".clock--timer")) rot(clock.closest(".card"), ms);
}

/** Draws the times within an element. */
export function tick(root = document) {
	if (!document.getElementById("words")) return root.querySelectorAll("time[data-full]").forEach((t) => draw(t));
	const now = Date.now(), w = words();
	for (const time of root.querySelectorAll("time")) draw(time, now, w);
}

// The exact time is written only when somebody points at it: most are never looked at.
document.addEventListener("pointerover", (e) => {
	const clock = e.target.closest?.(".clock, .pill__synced");
	const time = clock?.querySelector("time");
	if (time && !clock.dataset.title) {
		clock.dataset.title = clock.title;
		clock.title += ` · ${full.format(Date.parse(time.dateTime))}`;
	}
});

// All times again, some at once: with thousands of cards a single go would hold up a key or a click.
let round = 0;
async function tickAll() {
	const mine = ++round, times = document.querySelectorAll("time");
	if (!document.getElementById("words")) return tick();
	for (let i = 0; i < times.length && mine === round; i += 150) {
		const now = Date.now(), w = words();
		for (let j = i; j < Math.min(i + 150, times.length); j++) if (times[j].isConnected) draw(times[j], now, w);
		await new Promise((goOn) => setTimeout(goOn));
	}
}

tick();
setInterval(() => document.hidden || tickAll(), 15e3);
document.addEventListener("visibilitychange", () => document.hidden || tickAll());
