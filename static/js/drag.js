// Dragging with mouse, pen or finger. It ends in the same move as every other way.
import { Sortable } from "./lib.js";
import { columns, place } from "./places.js";
import { move } from "./moves.js";
import { pause, release } from "./stream.js";

let cancelled = false;

const options = {
	group: "cards",
	draggable: ".card",
	filter: "button, a:not(.card__name), .card__mark",
	preventOnFilter: false,
	animation: 0,
	sort: false,
	delay: 250,
	delayOnTouchOnly: true,
	touchStartThreshold: 8,
	emptyInsertThreshold: 80,
	scroll: true,
	scrollSensitivity: 60,
	scrollSpeed: 10,
	bubbleScroll: true,
	ghostClass: "card--ghost",
	dragClass: "card--drag",
	onStart() {
		cancelled = false;
		pause();
		document.body.toggleAttribute("data-dragging", true);
	},
	onMove: (e) => over(e.to.closest(".stage")),
	onEnd(e) {
		const to = columnAt(e).dataset.stage; // while the zones are still there
		document.body.removeAttribute("data-dragging");
		over(null);
		// A native drag that nothing took, or that Escape ended, has a dragend without a drop.
		const dropped = !cancelled && e.originalEvent?.type !== "dragend";
		if (dropped && to !== e.item.dataset.stage) move(e.item, to);
		else place(e.item, true);
		release();
	},
};

// Where the pointer was let go: a quick drop may be ahead of the last place that was shown.
function columnAt({ originalEvent: e, to }) {
	const at = e?.changedTouches?.[0] ?? e;
	const under = at?.clientX === undefined ? null : document.elementFromPoint(at.clientX, at.clientY)?.closest(".stage, .zone");
	return under ?? to.closest(".stage");
}

// The zones of won and lost take what is dropped on them.
addEventListener("dragover", (e) => e.target.closest?.(".zone") && e.preventDefault());

function over(stage) {
	for (const c of columns()) c.toggleAttribute("data-over", c === stage);
}

addEventListener("keydown", (e) => {
	if (e.key !== "Escape" || !document.body.hasAttribute("data-dragging")) return;
	cancelled = true;
	document.dispatchEvent(new Event("pointercancel"));
	document.dispatchEvent(new Event("touchcancel"));
});

// A finger or a button that is down may become a drag: what others do waits.
addEventListener("pointerdown", (e) => {
	if (!e.target.closest?.(".card")) return;
	// A mouse drags the browser's own way; a finger cannot, also where a mouse could.
	for (const s of sortables) s.nativeDraggable = e.pointerType === "mouse";
	pause();
	const up = () => (removeEventListener("pointerup", up, true), removeEventListener("pointercancel", up, true), removeEventListener("dragend", up, true), release());
	for (const type of ["pointerup", "pointercancel", "dragend"]) addEventListener(type, up, true);
}, true);

let sortables = [];
function bind() {
	sortables = columns().map((c) => c.querySelector(".stage__cards")).map((list) => Sortable.get(list) ?? Sortable.create(list, options));
}
bind();
document.addEventListener("htmx:afterSettle", bind);
