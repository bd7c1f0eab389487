// The list of a board's cards: its keys, and how far a file has come.
const phone = matchMedia("(max-width: 40rem)");
const sheet = document.getElementById("filters");
let led = 0; // when G was pressed, which is the first of two keys

const keys = {
	"/": () => (document.getElementById("search").checkVisibility() ? document.getElementById("search").select() : sheet.showPopover()),
	f: () => (sheet.togglePopover(), phone.matches || sheet.querySelector("input").focus()),
	x: () => document.querySelector("[data-clear]")?.click(),
	g: () => (led = Date.now()),
	b: () => Date.now() - led < 1500 && document.querySelector('[data-page="board"]').click(),
};

document.addEventListener("keydown", (e) => {
	if (document.body.dataset.keys === "off" || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
	if (e.target.closest?.("input, textarea, select, [popover]")) return;
	const act = keys[e.key.toLowerCase()];
	if (!act) return;
	e.preventDefault();
	act();
});

// A file of many rows takes a while. Where the browser can, it is fetched here, so that it can be said how far it has come.
document.addEventListener("click", async (e) => {
	const link = e.target.closest("[data-export]");
	if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
	e.preventDefault();
	if (link.ariaBusy === "true") return;
	link.ariaBusy = "true";
	const bar = document.querySelector(".list__progress");
	bar.hidden = false;
	try {
		const answer = await fetch(link.href);
		if (!answer.ok) return void (location.href = link.href); // whoever is signed out gets the page that says so
		save(await read(answer, bar), nameIn(answer));
	} catch {
		document.getElementById("notices")?.append(sorry());
	} finally {
		bar.hidden = true;
		link.ariaBusy = null;
	}
});

async function read(answer, bar) {
	const parts = [], reader = answer.body.getReader();
	let rows = 0;
	bar.max = Math.max(1, +answer.headers.get("Chatlane-Rows"));
	for (let part; !(part = await reader.read()).done; ) {
		parts.push(part.value);
		for (const byte of part.value) if (byte === 10) rows++;
		bar.value = rows;
	}
	return new Blob(parts, { type: "text/csv" });
}

const nameIn = (answer) => /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "chatlane.csv";

function save(blob, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
}

function sorry() {
	const words = document.getElementById("words"), copy = words.content.firstElementChild.cloneNode(true);
	copy.querySelector("p").textContent = words.dataset.unreachable;
	return copy;
}
