// The palette: cards, boards and everything else that can be done, by typing a part of its name. Comes when it is opened first.
import { board, card as find, move, nameOf, notice, number, press, stageName, words } from "./app.js";
import { deed, does, openAt } from "./panel.js";

const dialog = () => document.getElementById("palette");
const part = (name) => dialog().querySelector(`[data-part="${name}"]`);
const input = () => dialog().querySelector("input");
const options = () => [...dialog().querySelectorAll("[role=option]")];
const shown = () => options().filter((o) => !o.hidden);
let subject; // the number of the card that it is about; undefined for none
let opening;

/** Opens the palette, and types into it what was typed meanwhile. Pressed again it closes. */
export async function open(typed = []) {
	if (dialog()) return dialog().close();
	if (opening) return;
	const path = document.querySelector("[data-commands]")?.dataset.commands;
	subject = (document.activeElement.closest(".card")?.id ?? document.getElementById("panel")?.dataset.card)?.slice(5);
	opening = true;
	const html = path && (await ask(path));
	opening = false;
	if (!html) return notice(words().unreachable);
	document.body.append(parse(html));
	last = eager = "";
	begin();
	typed.forEach(type);
	narrow();
}

async function ask(path, signal) {
	try {
		const answer = await fetch(path, { headers: { "HX-Request": "true" }, signal });
		return answer.ok && (await answer.text());
	} catch {
		return false;
	}
}

function parse(html) {
	const box = document.createElement("template");
	box.innerHTML = html;
	return box.content.firstElementChild;
}

// What the page does not offer, the palette does not either.
function begin() {
	const d = dialog(), card = find(subject);
	for (const o of d.querySelectorAll("[data-press]")) if (!document.querySelector(o.dataset.press)) o.remove();
	if (subject) about(card);
	else part("card").remove();
	for (const field of d.querySelectorAll("[name=return]")) field.value = location.pathname + location.search;
	d.addEventListener("close", () => (search(""), d.remove()));
	d.showModal();
	input().focus();
}

function about(card) {
	const chatwoot = board().dataset.chatwoot, link = part("chatwoot");
	part("subject").textContent = card ? nameOf(card) : document.getElementById("panel-name").textContent;
	if (chatwoot) link.href = `${chatwoot}/conversations/${subject}`;
	else link.remove();
	for (const o of part("card").querySelectorAll("[data-needs-card], [data-move]")) {
		if (!card || o.dataset.move === card.dataset.stage) o.remove();
	}
}

function type(key) {
	if (key === "Enter") choose();
	else if (key === "Escape") dialog()?.close();
	else if (key.length === 1 && dialog()) (input().value += key), narrow();
}

const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Every word that is typed has to begin a word of a name.
function narrow() {
	const typed = plain(input().value).split(/\s+/).filter(Boolean);
	for (const o of options()) {
		if (o.closest("[data-part=cards]")) continue;
		const name = ` ${plain(o.dataset.name ?? o.textContent).replace(/[^\p{L}\p{N}]+/gu, " ")}`;
		o.hidden = typed.length ? !typed.every((w) => name.includes(` ${w}`)) : o.hasAttribute("data-more");
	}
	search(input().value.trim());
	settle();
}

// The cards are found by the server, once the hand rests.
let timer, looking, last = "", eager;
function search(text) {
	if (text === last) return;
	last = text;
	clearTimeout(timer);
	looking?.abort();
	looking = eager = undefined;
	dialog().toggleAttribute("data-looking", text.length > 1);
	if (text.length < 2) return part("cards").replaceChildren();
	timer = setTimeout(look, 150, text);
}

async function look(text) {
	const mine = (looking = new AbortController());
	const html = await ask(dialog().dataset.found + encodeURIComponent(text), mine.signal);
	if (mine !== looking || !dialog()) return;
	dialog().removeAttribute("data-looking");
	if (html) part("cards").replaceWith(parse(html));
	settle();
	if (eager) choose();
}

function settle() {
	for (const group of dialog().querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
	const all = shown(), looking = dialog().hasAttribute("data-looking");
	select(all.find((o) => o.ariaSelected === "true") ?? all[0], !input().value);
	part("none").hidden = all.length > 0 || looking;
	part("count").textContent = all.length || looking ? "" : part("none").textContent;
}

function select(option, quiet) {
	for (const o of options()) o.setAttribute("aria-selected", o === option);
	if (option) input().setAttribute("aria-activedescendant", option.id);
	else input().removeAttribute("aria-activedescendant");
	if (!quiet) option?.scrollIntoView({ block: "nearest" });
}

const chosen = () => shown().find((o) => o.ariaSelected === "true");
function choose() {
	if (chosen()) chosen().click();
	else eager = dialog().hasAttribute("data-looking");
}

// Links and buttons of forms do by themselves what they are for; the others do it on the page, once the focus is back there.
function act(option) {
	const { move: to, deed: key, press: control, key: pressed, sort, lanes, card: n } = option.dataset, card = find(subject);
	dialog().close();
	if (to && card) move(card, to);
	if (key) card ? deed(card, key) : does(key);
	if (control) document.querySelector(control)?.click();
	if (pressed) press(pressed);
	if (sort) order(sort);
	if (lanes !== undefined) group(lanes);
	if (n) openAt(option.getAttribute("href"));
}

function order(by) {
	const list = document.querySelector("#filter [name=sort]");
	list.value = by;
	list.dispatchEvent(new Event("change", { bubbles: true }));
}

function group(by) {
	const here = new URL(location);
	here.searchParams.set("lanes", by);
	location.assign(here);
}

document.addEventListener("click", (e) => {
	const d = dialog(), option = d && e.target.closest("#palette [role=option]");
	if (d && (e.target === d || e.target.closest("[data-close-palette]"))) return d.close();
	if (!option || e.ctrlKey || e.metaKey || e.shiftKey) return;
	const native = option.matches("[name]") || (option.href && option.dataset.board !== board().getAttribute("hx-get").match(/\d+/)[0]);
	if (native) return option.target && d.close();
	e.preventDefault();
	act(option);
});
document.addEventListener("input", (e) => e.target === dialog()?.querySelector("input") && (select(), narrow()));

addEventListener("keydown", (e) => {
	if (!dialog()?.contains(e.target) || e.isComposing) return;
	e.stopImmediatePropagation();
	const all = shown(), at = all.indexOf(chosen()), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
	if (step && all.length) select(all[(at + step + all.length) % all.length]);
	else if (e.key === "Enter" && e.target === input()) choose();
	else if ((e.ctrlKey || e.metaKey) && /^k$/i.test(e.key)) dialog().close();
	else return;
	e.preventDefault();
}, true);
