// What is known of a conversation, changed in place. A change is sent when a control is left or chosen; what comes back is merged, and
// whatever has the focus is left alone.
const fields = () => document.getElementById("fields");
const ours = (element) => element?.closest?.("#fields");

/** Until when, in seconds, by the clock of whoever snoozes. */
export function until(when) {
	const at = new Date();
	if (when === "hour") return Math.floor(at / 1000) + 3600;
	if (when === "tomorrow") at.setDate(at.getDate() + 1);
	else if (when === "week") at.setDate(at.getDate() + ((8 - at.getDay()) % 7 || 7));
	else return "";
	at.setHours(9, 0, 0, 0);
	return Math.floor(at / 1000);
}

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
	if (!ours(target) || !target.matches("[data-snooze]")) return;
	detail.parameters.set("until", until(detail.parameters.get("when")));
});
document.addEventListener("htmx:confirm", (e) => {
	const choice = e.target.matches?.("[data-snooze]") && e.target.elements.when;
	if (choice && !choice.value) e.preventDefault();
});

// A control says what became of its change. From the first moment: a date is sent a little later, and nothing may come between.
document.addEventListener("change", ({ target }) => {
	const row = ours(target) && target.closest(".fact:not([data-snooze])");
	if (row) mark(row, "saving");
});
document.addEventListener("htmx:beforeRequest", ({ target }) => ours(target) && mark(target, "saving"));
document.addEventListener("htmx:beforeOnLoad", ({ target, detail }) => {
	if (!ours(target)) return;
	const done = detail.xhr.status < 400;
	mark(target, done ? "saved" : "refused");
	if (done && target.matches(".chips__add")) target.reset();
});
document.addEventListener("htmx:sendError", ({ target }) => ours(target) && mark(target, "refused"));

function mark(form, state) {
	const row = fields().contains(form) ? form : document.querySelector(`#fields [hx-put="${CSS.escape(form.getAttribute("hx-put"))}"]`);
	if (!row) return;
	row.dataset.state = state;
	const control = row.querySelector("input:not([type=hidden]), select");
	if (state === "refused") control?.setAttribute("aria-invalid", "true");
	else control?.removeAttribute("aria-invalid");
	if (state === "saved") setTimeout(() => row.dataset.state === "saved" && delete row.dataset.state, 2000);
}

// Enter sends a text at once, Escape takes back what was typed.
document.addEventListener("keydown", (e) => {
	if (!ours(e.target) || !e.target.matches(".fact input")) return;
	if (e.key === "Enter") e.preventDefault(), e.target.blur();
	else if (e.key === "Escape" && e.target.value !== e.target.defaultValue) (e.target.value = e.target.defaultValue), e.preventDefault();
});

const keys = { a: "field-assignee", p: "field-priority", s: "field-snooze", l: "field-labels", v: "value", d: "next_step_on" };

/** Goes to the field of a key, and reports whether there is one. */
export function goTo(key) {
	const id = keys[key], place = fields();
	if (!place || !id) return false;
	const control = document.getElementById(id) ?? place.querySelector(`[data-deal="${id}"]`);
	control?.focus();
	control?.select?.();
	return true;
}

/** Presses the button of a key: "i" takes the conversation, "e" resolves it. */
export function press(key) {
	const place = fields();
	if (key === "i") place?.querySelector("[data-field-key=i]")?.click();
	if (key !== "e") return;
	const status = document.getElementById("field-status");
	if (!status || status.value === "resolved") return;
	status.value = "resolved";
	status.dispatchEvent(new Event("change", { bubbles: true }));
}
