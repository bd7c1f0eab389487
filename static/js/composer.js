// Where a reply or a note is written. What was not sent is kept in the browser, for the person and the conversation.
import { fill } from "./app.js";
import { ask, take, toEnd } from "./thread.js";

const form = () => document.getElementById("composer");
const text = () => form().elements.text;
const list = () => document.getElementById("canned");
const options = () => [...list().querySelectorAll("[role=option]")];
let files = [];
let key; // the name of this composition: sent twice, it arrives once

/** Begins to write, as a reply or as a note. */
export function write(mode) {
	if (!form()) return;
	choose(mode);
	text().focus();
}

document.addEventListener("panel:opened", () => {
	files = [];
	if (!form()) return;
	const draft = kept();
	key = draft.key;
	text().value = draft.text ?? "";
	choose(draft.mode ?? "reply");
	grow();
	list();
});

function kept() {
	try {
		return JSON.parse(localStorage.getItem(form().dataset.draft)) ?? {};
	} catch {
		return {};
	}
}

function keep() {
	const { draft, mode } = form().dataset;
	if (text().value || key) localStorage.setItem(draft, JSON.stringify({ text: text().value, mode, key }));
	else localStorage.removeItem(draft);
}

function choose(mode) {
	const f = form();
	if (f.hasAttribute("data-closed")) mode = "note";
	f.dataset.mode = mode;
	for (const b of f.querySelectorAll(".composer__modes [data-mode]")) b.setAttribute("aria-pressed", b.dataset.mode === mode);
	text().placeholder = text().dataset[mode];
	const send = f.querySelector(".composer__ways .button--main");
	send.textContent = send.dataset[mode];
}

function grow() {
	const t = text();
	t.rows = Math.min(8, Math.max(2, t.value.split("\n").length));
}

function trouble(sentence) {
	const place = form().querySelector(".composer__trouble");
	place.textContent = sentence;
	place.hidden = !sentence;
}

// The key is kept with the draft before anything is sent: after a crash the same composition is not a second message.
function keyed() {
	key ??= [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
	keep();
	return key;
}

async function send(add) {
	const f = form(), body = new FormData();
	if (f.hasAttribute("aria-busy")) return;
	body.set("key", keyed());
	add(body);
	f.setAttribute("aria-busy", "true");
	text().readOnly = true;
	trouble("");
	const answer = await ask(f.getAttribute("action"), { method: "POST", body });
	const accepted = answer.ok || !!answer.content.getElementById("sends"); // it is durable even where the thread could not be read
	if (!accepted && !answer.content.querySelector(".notice")) answer.text = f.dataset.offline;
	if (accepted || answer.content.querySelector(".notice")) key = undefined; // a refused one is another when it was mended
	if (form() !== f) return accepted && localStorage.removeItem(f.dataset.draft);
	f.removeAttribute("aria-busy");
	text().readOnly = false;
	if (!accepted) return keep(), trouble(answer.text);
	text().value = "";
	files = [];
	showFiles();
	keep();
	grow();
	take(answer);
	toEnd();
	const offered = f.querySelector(".composer__templates");
	offered.hidden = true;
	offered.replaceChildren();
}

function sendText() {
	if (!text().value.trim() && !files.length) return;
	if (form().hasAttribute("data-closed") && form().dataset.mode !== "note") return;
	send((body) => {
		body.set("text", text().value);
		body.set("private", form().dataset.mode === "note");
		for (const file of files) body.append("files", file, file.name);
	});
}

function sendTemplate(details) {
	send((body) => {
		body.set("template", details.dataset.template);
		for (const input of details.querySelectorAll("[data-place]")) body.set(`place_${input.dataset.place}`, input.value);
	});
}

function showFiles() {
	const place = form().querySelector(".composer__files");
	place.replaceChildren(...files.map((file, i) => {
		const item = document.createElement("li"), remove = document.createElement("button");
		item.textContent = file.name;
		remove.type = "button";
		remove.textContent = "×";
		remove.dataset.removeFile = i;
		remove.setAttribute("aria-label", fill(place.dataset.remove, { name: file.name }));
		item.append(remove);
		return item;
	}));
}

function attach(more) {
	files.push(...more);
	key = undefined; // another composition than the one that may have been sent
	showFiles();
	keep();
}

document.addEventListener("submit", (e) => {
	if (e.target !== form()) return;
	e.preventDefault();
	sendText();
});

document.addEventListener("click", async ({ target }) => {
	const button = target.closest?.("#composer button");
	if (!button) return;
	const { mode, seen, templates, removeFile, sendTemplate: isTemplate } = button.dataset;
	if (mode) write(mode), keep();
	if (removeFile) files.splice(removeFile, 1), showFiles();
	if (isTemplate !== undefined) sendTemplate(button.closest("details"));
	if (button.matches("[role=option]")) insert(button);
	if (seen) {
		button.disabled = true;
		const answer = await ask(seen, { method: "POST" });
		if (answer.ok) button.remove();
		else (button.disabled = false), trouble(answer.text);
	}
	if (templates) {
		const answer = await ask(templates), place = form()?.querySelector(".composer__templates");
		if (!place) return;
		trouble(answer.text);
		place.replaceChildren(answer.ok ? answer.content : "");
		place.hidden = !answer.ok;
		place.querySelector("summary")?.focus();
	}
});

document.addEventListener("change", ({ target }) => {
	if (target.form !== form() || target.type !== "file") return;
	attach(target.files);
	target.value = "";
});
document.addEventListener("paste", (e) => {
	if (!form() || e.target !== text() || !e.clipboardData.files.length) return;
	e.preventDefault();
	attach(e.clipboardData.files);
});
for (const type of ["dragover", "drop"]) document.addEventListener(type, (e) => {
	if (!e.target.closest?.("#thread") || !e.dataTransfer?.types.includes("Files")) return;
	e.preventDefault();
	if (type === "drop") attach(e.dataTransfer.files);
});

// Prepared answers: a slash where a word begins.
const slash = /(^|\s)\/(\S{0,50})$/;
const typed = () => slash.exec(text().value.slice(0, text().selectionStart));
let asked = 0;

document.addEventListener("input", (e) => {
	if (!form() || e.target !== text()) return;
	key = undefined;
	keep();
	grow();
	offerCanned();
});

async function offerCanned() {
	const found = typed(), mine = ++asked;
	if (!found) return hideCanned();
	const answer = await ask(`${form().dataset.canned}?q=${encodeURIComponent(found[2])}`);
	if (mine !== asked || !form()) return;
	if (!answer.ok) return hideCanned(), trouble(answer.text);
	list().replaceChildren(answer.content);
	list().hidden = false;
	select(options()[0]);
}

function hideCanned() {
	asked++;
	list().hidden = true;
	text().removeAttribute("aria-activedescendant");
}

function select(option) {
	for (const o of options()) o.setAttribute("aria-selected", o === option);
	if (option) text().setAttribute("aria-activedescendant", option.id);
	option?.scrollIntoView({ block: "nearest" });
}

function insert(option) {
	const found = typed(), at = text().selectionStart;
	hideCanned();
	text().focus();
	if (!found) return;
	text().setRangeText(option.dataset.text, at - found[2].length - 1, at, "end");
	keep();
	grow();
}

document.addEventListener("keydown", (e) => {
	if (!form() || e.target !== text() || e.isComposing) return;
	const all = options(), at = all.findIndex((o) => o.getAttribute("aria-selected") === "true"), open = !list().hidden;
	const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
	if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) sendText();
	else if (open && e.key === "Escape") hideCanned();
	else if (open && step && all.length) select(all[(at + step + all.length) % all.length]);
	else if (open && at >= 0 && (e.key === "Enter" || e.key === "Tab")) insert(all[at]);
	else return;
	e.preventDefault();
	e.stopPropagation();
}, true);
