// On a phone one column fills the screen: the tabs above follow the swipe.
const columns = document.querySelector(".board__columns");

function mark() {
	for (const tab of document.querySelectorAll(".tabs__tab")) {
		const box = document.querySelector(tab.hash)?.getBoundingClientRect();
		const here = box && Math.abs(box.left) < innerWidth / 2;
		if (here && !tab.hasAttribute("aria-current")) tab.scrollIntoView({ inline: "center", block: "nearest" });
		if (here) tab.setAttribute("aria-current", "true");
		else tab.removeAttribute("aria-current");
	}
}

mark();
let frame;
columns?.addEventListener("scroll", () => {
	cancelAnimationFrame(frame);
	frame = requestAnimationFrame(mark);
}, { passive: true });
