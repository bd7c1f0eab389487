// A screen on the wall: its figures follow what happens on the board, and any touch or key makes it fill the screen and stay awake.
const { htmx } = globalThis;
let source, due = 0;

const wall = () => document.getElementById("wall");

function follow() {
	source?.close();
	source = new EventSource(wall().dataset.events);
	for (const kind of ["card", "gone", "totals", "board", "reload"]) source.addEventListener(kind, renew);
}

// Only what is in it: the wall itself counts the seconds until the next board.
function renew() {
	due ||= setTimeout(() => {
		due = 0;
		htmx.ajax("GET", wall().dataset.path, { source: "#wall-figures", target: "#wall-figures", select: "#wall-figures", swap: "outerHTML" });
	}, 2000);
}

const fill = () => {
	document.documentElement.requestFullscreen?.().catch(() => {}); // refused where the browser does not want it
	navigator.wakeLock?.request("screen").catch(() => {});
};

follow();
document.addEventListener("htmx:load", ({ detail: { elt } }) => elt.id === "wall" && follow());
document.addEventListener("click", fill);
document.addEventListener("keydown", (e) => e.key !== "Escape" && fill());
