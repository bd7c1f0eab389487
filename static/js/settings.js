// The page of a board's settings: stages are put in order with the pointer or by buttons, and each order is saved at once.
import Sortable from "../lib/sortablejs-1.15.7.js";

const htmx = globalThis.htmx;
const list = document.getElementById("stages");
const form = document.getElementById("stage-order");
const rows = () => [...list.children];
let saved = rows();

function moved(row) {
	if (rows().every((r, i) => r === saved[i])) return;
	ends();
	document.getElementById("announcer").textContent = list.dataset.moved
		.replace("{{.stage}}", row.querySelector(".stages__name").textContent)
		.replace("{{.place}}", rows().indexOf(row) + 1)
		.replace("{{.all}}", rows().length);
	htmx.trigger(form, "rows-moved");
}

// The first cannot go up, nor the last down.
function ends() {
	const all = rows();
	all.forEach((row, i) => {
		row.querySelector('[data-order="up"]').disabled = i === 0;
		row.querySelector('[data-order="down"]').disabled = i === all.length - 1;
	});
}

list.addEventListener("click", (e) => {
	const button = e.target.closest("[data-order]");
	if (!button) return;
	e.preventDefault();
	const row = button.closest("li"), up = button.dataset.order === "up";
	if (up) row.previousElementSibling?.before(row);
	else row.nextElementSibling?.after(row);
	moved(row);
	(button.disabled ? row.querySelector("[data-order]:not(:disabled)") : button)?.focus();
});

new Sortable(list, {
	handle: ".stages__grip",
	draggable: "li",
	animation: 120,
	ghostClass: "stages__one--ghost",
	onStart: (e) => e.item.toggleAttribute("data-lifted", true),
	onEnd: (e) => {
		e.item.removeAttribute("data-lifted");
		moved(e.item);
	},
});

form.addEventListener("htmx:afterRequest", ({ detail: { successful } }) => {
	if (successful) return void (saved = rows());
	list.append(...saved); // as it is still
	ends();
});

// The other forms were made from what this one has just changed, and from nothing else.
document.body.addEventListener("board-versioned", ({ detail: { version } }) => {
	for (const input of document.querySelectorAll('input[name="version"]')) {
		if (Number(input.value) === version - 1) input.value = version;
	}
});

// Whoever picks a colour means it.
document.addEventListener("input", ({ target }) => {
	if (target.name !== "color") return;
	const form = target.form, label = form.querySelector('[name="colour"][value="label"]');
	if (label.checked) form.querySelector('[name="colour"][value="own"]').checked = true;
});
