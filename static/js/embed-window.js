// Where a frame keeps no cookie, a window of our own signs in and hands over a ticket. What the ticket is exchanged for lives here, in
// the page's memory, and nowhere else.
let token = "", asked;

export const bearer = () => token;

/** Finds out whether this frame keeps cookies: one that was set is sent back. */
export async function keepsCookies() {
	const look = async () => (await fetch(document.body.dataset.cookie, { cache: "no-store" })).json();
	try {
		await look();
		return (await look()).kept;
	} catch {
		return true; // nobody answered: that is another trouble
	}
}

/** Opens the window, and calls then once it has said who looks. */
export function ask(path, then) {
	asked = open(path, "chatlane-sign-in", "popup,width=460,height=680");
	addEventListener("message", async function answered(e) {
		if (e.origin !== location.origin || e.source !== asked || typeof e.data?.ticket !== "string") return;
		removeEventListener("message", answered);
		const answer = await fetch(document.body.dataset.sessions, {
			method: "POST", headers: { "X-Requested-With": "fetch" }, body: new URLSearchParams({ ticket: e.data.ticket }),
		});
		if (!answer.ok) return;
		({ token } = await answer.json());
		then();
	});
}

/** In that window: gives the ticket to the frame, and to no page of another origin. */
export function handOver(ticket) {
	opener?.postMessage({ ticket }, location.origin);
	close();
}
