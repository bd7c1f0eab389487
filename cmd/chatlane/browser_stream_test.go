package main_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserComesBackAfterARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Bruno Sá", "novo")
	p := w.browser("board").opensBoard(w)
	p.expects("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")

	w.close()
	p.until("the pill says that Chatlane is lost", `document.body.hasAttribute("data-lost")`)
	w.sim.SetLabels(0, id, with("proposta")) // told to nobody
	w.open()
	w.cached(id, with("proposta")...)

	started := time.Now()
	p.until("the stream is back", `!document.body.hasAttribute("data-lost")`)
	p.shows(id, w.stage("proposta"))
	t.Logf("back %v after the restart's end", time.Since(started).Round(time.Millisecond))
	w.sim.SetLabels(0, other, []string{"ganho"})
	p.shows(other, w.stage("ganho"))
	p.focus(cardID(id))
	p.press(kb.ArrowLeft, chromedp.ModifierShift)
	w.labelled(id, with("qualificado")...)
	p.shows(id, w.stage("qualificado"))
}

func TestBrowserMoveWhileChatlaneIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("board").opensBoard(w)
	p.expects("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "htmx:sendError", "htmx:afterRequest")

	w.close()
	p.until("the pill says that Chatlane is lost", `document.body.hasAttribute("data-lost")`)
	p.focus(cardID(id))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	p.until("it says so", `document.querySelector("#notices").textContent.includes("Chatlane cannot be reached. Ana Lima was put back.")`)
	p.shows(id, w.stage("novo"))
	p.atRest(id)
	w.open()
	p.until("the stream is back", `!document.body.hasAttribute("data-lost")`)
	w.labelled(id, with("novo")...)
	p.shows(id, w.stage("novo"))
}

func TestBrowserTabsShareOneStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	first := w.browser("first").opensBoard(w)
	second := first.another("second").opensBoard(w)

	w.sim.SetLabels(0, id, with("proposta"))
	first.shows(id, w.stage("proposta"))
	second.shows(id, w.stage("proposta"))
	require.EqualValues(t, 1, w.streams.Load(), "one stream for both tabs")

	// When the tab that has the stream goes, another takes it over and misses nothing.
	first.do(chromedp.Navigate("about:blank"))
	w.sim.SetLabels(0, id, with("ganho"))
	second.shows(id, w.stage("ganho"))
	w.eventually(func() bool { return w.streams.Load() == 1 }, "one stream is left")
}

// What happened to the connection while nobody could tell is told by the first look afterwards.
func TestBrowserPillIsRightAfterARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	p := w.browser("board").opensBoard(w)
	p.expects("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
	p.until("the pill says live", `document.querySelector("#connection").dataset.state === "live"`)

	w.close()
	p.until("the pill says that Chatlane is lost", `document.body.hasAttribute("data-lost")`)
	w.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502})
	w.open()
	p.until("the stream is back", `!document.body.hasAttribute("data-lost")`)
	p.until("the pill says down", `document.querySelector("#connection").dataset.state === "down"`)

	w.sim.ClearFaults()
	p.until("the pill says live again", `document.querySelector("#connection").dataset.state === "live"`)
}
