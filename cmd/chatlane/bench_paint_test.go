package main_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// notesPaint is put into each page before its own scripts: it notes when the first cards were painted, in milliseconds since the
// navigation began. A message posted during the drawing of a frame comes after it.
const notesPaint = `new MutationObserver((_, observer) => {
	if (!document.querySelector("li.card") || !document.body) return;
	observer.disconnect();
	requestAnimationFrame(() => {
		const after = new MessageChannel();
		after.port1.onmessage = () => { window.cardsPainted = performance.now(); };
		after.port2.postMessage(0);
	});
}).observe(document, { childList: true, subtree: true });`

// TestBenchP7Paint is QUALITY P7 in a browser: until the first of 10 000 cards are painted, with what the browser keeps of an earlier
// visit and without, beside a page of one card that net/http writes.
func TestBenchP7Paint(t *testing.T) {
	measuring(t)
	startBrowser(t)
	m, limit := serveMeasured(t, 10_000, 40_000), serveLimits(t)
	limit.keep(t, []byte(`<!doctype html><title>One card</title><link rel="icon" href="data:,"><ul><li class="card">Marina</li></ul>`))
	p := openTab(chromium.ctx, t, "painted", chromedp.WithNewBrowserContext())
	command(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: notesPaint})
	p.signIn(m)
	p.paints(m.address("/boards/1"))
	var warm, cold, came, bare []float64
	for range benchRounds() {
		for range 4 {
			bare = append(bare, p.paints("http://"+limit.pages+"/page"))
			came = append(came, p.paints(m.address("/boards/1"))) // another site's page leaves with its process: Chromium starts one
			warm = append(warm, p.paints(m.address("/boards/1")))
			p.forgets(true)
			cold = append(cold, p.paints(m.address("/boards/1")))
			p.forgets(false)
		}
	}
	require.Equal(t, 250, value[int](p, `document.querySelectorAll("li.card").length`), "complete")
	beside := "a page of one card " + ms(median(bare))
	figure{"P7", "10000 of 50000 on the board: first cards painted", warm, ms, beside, "≤ 180 ms", atMost(0.180)}.print()
	figure{"P7", "the same, coming from another site", came, ms, beside, "", nil}.print()
	figure{"P7", "the same in a browser that was never here", cold, ms, beside, "≤ 180 ms", atMost(0.180)}.print()
}

// signIn gives the browser the cookie of somebody who is signed in.
func (p *tab) signIn(m *measured) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, m.address("/"), nil)
	require.NoError(p.t, err)
	for _, c := range m.people.Jar.Cookies(r.URL) {
		command(p, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: m.address("/"), HTTPOnly: new(true)})
	}
}

// paints goes to an address and returns the seconds until cards are painted.
func (p *tab) paints(address string) float64 {
	p.t.Helper()
	p.do(chromedp.Navigate(address))
	p.until("cards are painted", "window.cardsPainted")
	return value[float64](p, "window.cardsPainted") / 1000
}

// forgets has the browser load everything anew, or no more.
func (p *tab) forgets(all bool) {
	p.t.Helper()
	command(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: all})
}
