// Chatwoot's screen says which conversation is open. Its message is not signed: it is taken only from the window around this frame, only
// at a connected Chatwoot's address, and only for which conversation to ask for. Who looks is the server's to know.
import { state } from "./embed-panel.js";

const waits = [150, 300, 600, 1200, 2400, 4800];

/** Calls then with what is open, whenever Chatwoot says so. */
export function listen(origins, then) {
	let heard = false;
	addEventListener("message", (e) => {
		if (e.source !== parent || parent === window || !origins.includes(e.origin)) return;
		const open = read(e);
		if (!open) return;
		heard = true;
		if (open.theme) document.documentElement.dataset.theme = open.theme;
		then(open);
	});
	if (parent === window) return state("outside");
	ask(0);

	// The message that the frame's loading causes may have come before this script: it is asked for, and again while nobody answers.
	function ask(turn) {
		if (heard) return;
		if (turn >= waits.length) return state("outside");
		parent.postMessage("chatwoot-dashboard-app:fetch-info", "*");
		setTimeout(ask, waits[turn], turn + 1);
	}
}

function read({ data, origin }) {
	if (typeof data !== "string") return;
	let message;
	try {
		message = JSON.parse(data);
	} catch {
		return;
	}
	if (message?.event !== "appContext") return;
	const { conversation, theme } = message.data ?? {};
	const number = whole(conversation?.id);
	if (!number) return;
	const account = whole(conversation.account_id) || whole(conversation.messages?.[0]?.account_id);
	return { origin, account, conversation: number, theme: theme === "light" || theme === "dark" ? theme : "" };
}

const whole = (n) => (Number.isSafeInteger(n) && n > 0 ? String(n) : "");
