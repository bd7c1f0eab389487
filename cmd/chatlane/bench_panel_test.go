package main_test

import (
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// notesPanel is put into each page: it clicks on a card and tells how many milliseconds pass until its panel is painted.
const notesPanel = `window.opensPanel = (card) => new Promise((resolve) => {
	let begun;
	new MutationObserver((_, observer) => {
		if (document.getElementById("panel")?.dataset.card !== card.id) return;
		observer.disconnect();
		requestAnimationFrame(() => {
			const after = new MessageChannel();
			after.port1.onmessage = () => resolve(performance.now() - begun);
			after.port2.postMessage(0);
		});
	}).observe(document.body, { childList: true, attributes: true, attributeFilter: ["data-card"], subtree: true });
	requestAnimationFrame(() => setTimeout(() => { begun = performance.now(); card.click(); }));
});`

// TestBenchPanel measures how soon what is cached of a card is painted after a click on it, on a board of 5 000 cards: the first card of a
// page, and every further one.
func TestBenchPanel(t *testing.T) {
	measuring(t)
	startBrowser(t)
	m := serveMeasured(t, 5_000, 15_000)
	p := openTab(chromium.ctx, t, "panel", chromedp.WithNewBrowserContext())
	command(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: notesPanel})
	p.expects("502") // there is no Chatwoot to read messages from
	p.signIn(m)
	var first, further []float64
	for range benchRounds() {
		p.do(chromedp.Navigate(m.address("/boards/1")))
		p.until("the scripts have run", `document.querySelector(".card[tabindex='0']") && window.htmx && document.readyState === "complete"`)
		value[any](p, `import(document.querySelector('script[type=module]').src.replace("app.js", "panel.js")).then(() => 0)`) // as a pointer above any card does
		first = append(first, p.opensPanel(1)/1000)
		for n := 2; n < 12; n++ {
			further = append(further, p.opensPanel(n)/1000)
		}
	}
	slow := percentile(further, 95)
	figure{"panel", "click to painted at 5 000 cards, every further card", further, ms, "p95 " + ms(slow), "p95 ≤ 50 ms", func(float64) bool { return slow <= 0.050 }}.print()
	figure{"panel", "the same, the first of a page", first, ms, "", "≤ 50 ms", atMost(0.050)}.print()
}

// opensPanel clicks on the nth card of the first full column and returns the milliseconds until its panel is painted. Nobody clicks on
// before the panel that was opened last has been looked at: it is waited for until the page is idle.
func (p *tab) opensPanel(n int) float64 {
	p.t.Helper()
	p.until("the panel before is complete", `!document.getElementById("thread") || document.querySelector("#thread .thread__scroll[aria-busy=false]")`)
	value[any](p, `new Promise((done) => setTimeout(() => requestIdleCallback(() => done()), 100))`)
	return value[float64](p, `opensPanel([...document.querySelectorAll(".stage")].find((s) => s.querySelectorAll(".card").length > 20).querySelectorAll(".card")[%d])`, n)
}
