// One connection per browser: the tab that holds the lock has the stream and passes its frames to the others. The tabs say which
// boards they show; the stream carries them all. A browser without locks has one stream a tab.
const { events, cursor } = document.body.dataset;
const [path, query] = events.split("?");
const mine = path.split("/")[2] + (query ? `?${query}` : ""); // a board, and what of it is shown
const kinds = ["card", "gone", "totals", "board", "connection", "presence", "reload"];
let at = cursor; // the last event that this tab has: "epoch.number"
let source, tell, mood, timer;
const others = new Map(); // board → the earliest event that its tabs have
const channel = "BroadcastChannel" in self && navigator.locks ? new BroadcastChannel("chatlane") : null;

const epoch = (id) => id.split(".")[0];
const seq = (id) => +id.split(".")[1];
const earlier = (a, b) => (epoch(a) === epoch(b) && seq(a) < seq(b) ? a : b);

/** Calls onFrame with every frame of this tab's board in order, and onLost when the stream breaks or is back. */
export function listen(onFrame, onLost) {
	tell = onFrame;
	mood = onLost;
	if (!channel) return connect();
	channel.onmessage = ({ data }) => (data.join ? source && join(data) : data.lost === undefined ? take(data) : mood(data.lost));
	channel.postMessage({ join: mine, at });
	lead();
}

function lead() {
	const leave = new AbortController();
	const done = new Promise((resolve) => addEventListener("pagehide", () => (leave.abort(), source?.close(), (source = null), resolve()), { once: true }));
	navigator.locks.request("chatlane", { signal: leave.signal }, () => (connect(), done)).catch(() => {});
	addEventListener("pageshow", (e) => e.persisted && lead(), { once: true });
}

// A tab that has just come may lack events that the stream has already sent: then the stream begins again where that tab is.
function join({ join: board, at: theirs }) {
	const known = board === mine || others.has(board);
	if (board !== mine) others.set(board, theirs);
	if (!known || earlier(theirs, at) !== at) connect(earlier(theirs, at));
}

function connect(from = at) {
	source?.close();
	const also = [...others.keys()].map((b) => `&also=${encodeURIComponent(b)}`).join("");
	source = new EventSource(`${path}?${query ? `${query}&` : ""}after=${encodeURIComponent(from)}${also}`);
	for (const board of [mine, ...others.keys()]) {
		for (const kind of kinds) {
			source.addEventListener(board === mine ? kind : `${kind}@${board}`, (e) => pass({ kind, board, data: e.data, id: e.lastEventId }));
		}
	}
	source.onopen = () => lost(false);
	source.onerror = () => {
		lost(true);
		if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
		askWhy();
		clearTimeout(timer);
		timer = setTimeout(connect, 3000 + Math.random() * 3000);
	};
}

// A stream that is refused does not say why. Whoever is signed out, or may not open the board any more, gets the page that says so; and
// another tab leads from then on.
function askWhy() {
	fetch(path.replace(/events$/, "totals"), { method: "HEAD", headers: { "X-Requested-With": "fetch" } }).then(({ status }) => {
		if (status === 401 || status === 404) location.reload();
	}, () => {});
}

function lost(is) {
	mood(is);
	channel?.postMessage({ lost: is });
}

function pass(frame) {
	channel?.postMessage(frame);
	take(frame);
}

// What this tab already has comes again when the stream begins again for another tab.
function take({ kind, board, data, id }) {
	const shared = kind === "connection" || kind === "reload";
	const old = id && epoch(id) === epoch(at) && seq(id) < seq(at);
	if ((board !== mine && !shared) || (old && kind !== "reload")) return;
	if (id) at = id;
	tell({ kind, data });
}
