// The panel of the open conversation: fetched, sent, kept fresh.
import { ask as askWindow, bearer, keepsCookies } from "./embed-window.js";

const panel = document.getElementById("panel");
const lang = document.documentElement.lang;
const when = new Intl.DateTimeFormat(lang, { dateStyle: "short", timeStyle: "short" });
let open, asked = 0, stream, again;

const headers = () => ({ "X-Requested-With": "fetch", ...(bearer() && { Authorization: `Bearer ${bearer()}` }) });

/** Shows one of the states that stand in the page, or none of them. */
export function state(name) {
	for (const s of document.querySelectorAll("[data-state]")) s.hidden = s.dataset.state !== name;
	panel.hidden = !!name;
	panel.removeAttribute("aria-busy");
}

/** Shows a conversation. */
export function show(what) {
	if (open && open.conversation === what.conversation && open.account === what.account && open.origin === what.origin) return;
	open = what;
	if ("signedIn" in document.body.dataset || bearer()) load();
	else signIn();
}

async function load() {
	clearTimeout(again);
	const turn = ++asked;
	const { origin, account, conversation } = open;
	let answer, html;
	try {
		answer = await fetch(`${document.body.dataset.panel}/${conversation}?${new URLSearchParams({ origin, account })}`, { headers: headers() });
		html = await answer.text();
	} catch {
		answer = { status: 0 };
	}
	if (turn !== asked) return; // something newer was asked for meanwhile
	again = setTimeout(load, bearer() ? 5000 : 20000);
	if (answer.status === 401) return signIn();
	if (answer.status !== 200 && answer.status !== 404) return panel.querySelector(".deal") ? undefined : state("away");
	if (panel.querySelector(":popover-open")) return; // somebody is just choosing; it is asked again soon
	put(html);
	follow();
}

async function signIn() {
	clearTimeout(again);
	stream?.close();
	stream = undefined;
	state((await keepsCookies()) ? "signed_out" : "no_cookies");
}

// The focus stays where it was, on the same button of the same form.
function put(html) {
	const at = document.activeElement, form = at?.form?.getAttribute("action");
	panel.replaceChildren(document.createRange().createContextualFragment(html));
	for (const t of panel.querySelectorAll(".past time")) t.textContent = when.format(new Date(t.dateTime));
	state("");
	requestAnimationFrame(() => performance.mark("panel")); // how soon a frame is of use can be measured in any browser
	if (form) [...panel.querySelectorAll("form")].find((f) => f.getAttribute("action") === form)?.querySelector(`button[value="${CSS.escape(at.value)}"]`)?.focus();
}

// News of this card, or of what the stream cannot tell, has the panel fetched anew.
function follow() {
	const boards = [...panel.querySelectorAll("[data-events]")];
	if (stream || bearer() || !boards.length) return;
	const also = boards.slice(1).map((b) => `also=${b.dataset.events.split("/")[2]}`).join("&");
	stream = new EventSource(boards[0].dataset.events + (also && `?${also}`));
	for (const board of ["", ...boards.slice(1).map((b) => `@${b.dataset.events.split("/")[2]}`)]) {
		stream.addEventListener(`card${board}`, (e) => e.data.includes(`id="card-${open.conversation}"`) && load());
		stream.addEventListener(`gone${board}`, (e) => e.data === open.conversation && load());
		stream.addEventListener(`board${board}`, load);
	}
	stream.addEventListener("reload", load);
}

document.addEventListener("submit", async (e) => {
	const form = e.target, by = e.submitter;
	if (!form.dataset.method) return;
	e.preventDefault();
	if (by?.getAttribute("aria-current")) return;
	const said = new URLSearchParams(new FormData(form, by));
	if (said.get("other")?.trim()) said.set("reason", said.get("other").trim());
	if (by && "without" in by.dataset) said.delete("reason");
	form.closest("[popover]")?.hidePopover();
	choose(form, by);
	try {
		const answer = await fetch(form.action, { method: form.dataset.method, headers: headers(), body: said });
		if (!answer.ok && answer.status !== 401) notice(await answer.text());
	} catch {
		return state("away");
	}
	load();
});

// A stage is shown as chosen before anybody answers.
function choose(form, by) {
	if (by?.name !== "stage" || !form.dataset.moved) return;
	const deal = form.closest(".deal");
	for (const b of deal.querySelectorAll(".step[aria-current]")) b.removeAttribute("aria-current");
	const step = by.matches(".step") ? by : deal.querySelector(`[popovertarget="${form.parentNode.id}"]`);
	step.setAttribute("aria-current", "step");
	deal.setAttribute("aria-busy", "true");
	document.getElementById("announcer").textContent = form.dataset.moved.replace("{{.stage}}", by.dataset.name ?? by.textContent.trim());
}

function notice(html) {
	document.getElementById("notices").replaceChildren(document.createRange().createContextualFragment(html));
}

document.addEventListener("click", (e) => {
	const button = e.target.closest("[data-again], [data-pop-up], [data-dismiss]");
	if (!button) return;
	if (button.dataset.dismiss) button.closest(button.dataset.dismiss).remove();
	else if (button.dataset.popUp) askWindow(button.dataset.popUp, load);
	else load();
});
