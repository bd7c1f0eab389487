package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserReportIsAccessible(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 40})
	w.conversation("Ana Lima", with("novo")...)
	p := w.browser("report")
	for _, m := range manners {
		p.inManner(w, m).opens(w.boardURL() + "/reports?period=this-quarter")
		p.until("the report is shown", `document.querySelectorAll("#report section").length > 6`)
		p.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => { d.open = true })`))
		p.accessible("report, " + m.String())
		p.opens(w.boardURL() + "/reports?period=dates&from=2001-01-01&until=2001-01-02")
		p.accessible("report of nothing, " + m.String())
		p.opens(w.boardURL() + "/reports/cards?figure=open")
		p.until("the cards are shown", `document.querySelectorAll("#report tbody tr").length > 3`)
		p.accessible("cards behind a figure, " + m.String())
		p.opens(w.boardURL() + "/wall")
		p.until("the wall is shown", `document.querySelector("#wall .wall__figure")`)
		p.accessible("wall, " + m.String())
	}
}

// The wall follows the board without waiting for its next turn.
func TestBrowserReportOnTheWallIsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.conversation("Ana Lima", with("novo")...)
	p := w.browser("wall").opens(w.boardURL() + "/wall")
	const came = `document.querySelector("#wall .wall__figure").textContent.trim()`
	p.until("it shows what came", came+` === "1"`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("wall").dataset.kept = "yes"`))
	w.conversation("Bruno Reis", with("novo")...)
	p.until("it shows what came since", came+` === "2"`)
	p.until("in the same turn", `document.getElementById("wall").dataset.kept === "yes"`)
}
