// The stand-in's behaviour: tabs, the frames of dashboard apps with the
// messages Chatwoot posts to them, forms without a reload, and a refresh
// whenever the server says that something changed.

const refreshed = ["list", "count", "sidebar-labels", "labels", "status", "thread", "context"];
const askForContext = "chatwoot-dashboard-app:fetch-info";

document.documentElement.classList.add("js");

function show(tab) {
	for (const one of document.querySelectorAll("[role=tab]")) {
		const chosen = one === tab;
		one.setAttribute("aria-selected", String(chosen));
		document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
	}
	openFrames(document.getElementById(tab.getAttribute("aria-controls")));
}

// Frames are made when their tab is first opened, and kept.
function openFrames(panel) {
	for (const place of panel.querySelectorAll("[data-frame]")) {
		const frame = document.createElement("iframe");
		frame.id = place.dataset.frame;
		frame.title = "Dashboard app";
		frame.addEventListener("load", () => postContext(frame));
		frame.src = place.dataset.src;
		place.replaceWith(frame);
	}
}

function postContext(frame) {
	frame.contentWindow.postMessage(document.getElementById("context").dataset.context, "*");
}

// Chatwoot answers whoever asks, to the first frame of the app that is seen.
window.addEventListener("message", (event) => {
	if (event.data !== askForContext) return;
	const frame = document.querySelector(".panel--app:not([hidden]) iframe");
	if (frame) postContext(frame);
});

async function refresh() {
	const answer = await fetch(location.href);
	if (!answer.ok) return;
	const page = new DOMParser().parseFromString(await answer.text(), "text/html");
	for (const id of refreshed) replace(document.getElementById(id), page.getElementById(id));
}

function replace(old, fresh) {
	if (!old || !fresh || old.outerHTML === fresh.outerHTML || old.contains(document.activeElement) && document.activeElement.matches("select")) return;
	const reading = old.id === "thread" && old.scrollTop + old.clientHeight < old.scrollHeight - 40;
	const top = old.scrollTop;
	old.replaceWith(fresh);
	if (old.id === "thread") fresh.scrollTop = reading ? top : fresh.scrollHeight;
}

document.addEventListener("click", (event) => {
	const tab = event.target.closest("[role=tab]");
	if (tab) show(tab);
});

document.addEventListener("change", (event) => {
	if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", async (event) => {
	const form = event.target;
	if (form.method !== "post") return;
	event.preventDefault();
	await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
	document.activeElement.blur();
	form.reset();
	refresh();
});

document.addEventListener("keydown", (event) => {
	if (event.key === "Enter" && !event.shiftKey && event.target.matches(".composer textarea")) {
		event.preventDefault();
		event.target.form.requestSubmit();
	}
});

let pending;
const account = location.pathname.split("/")[3];
new EventSource(`/app/accounts/${account}/events`).addEventListener("message", () => {
	clearTimeout(pending);
	pending = setTimeout(refresh, 60);
});

const thread = document.getElementById("thread");
if (thread) thread.scrollTop = thread.scrollHeight;
