// A page of reports: G and a letter go to another page of the board.
let led = 0; // when G was pressed, which is the first of two keys
document.addEventListener("keydown", (e) => {
	if (e.ctrlKey || e.metaKey || e.altKey || document.body.dataset.keys === "off" || e.target.closest?.("input, textarea, select")) return;
	const page = Date.now() - led < 1500 && { b: "board", r: "reports", l: "list" }[e.key.toLowerCase()];
	led = e.key.toLowerCase() === "g" ? Date.now() : 0;
	const link = page && document.querySelector(`[data-page="${page}"]`);
	if (link) e.preventDefault(), link.click();
});

// The first page may come before the browser's time zone is known: then it is drawn once more.
const { zone } = document.querySelector(".report__form")?.dataset ?? {};
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && zone !== here && !new URLSearchParams(location.search).has("zone") && sessionStorage.zone !== here) {
	sessionStorage.zone = here;
	location.reload();
}

// A long period may take a while: until it is there, the figures shown are those of another one.
for (const [event, busy] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
	document.addEventListener(event, () => document.getElementById("report")?.setAttribute("aria-busy", busy));
}
