package main_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserRefusalTakesTheCardBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	mine, theirs := w.browser("mine").opensBoard(w), w.browser("theirs").opensBoard(w)
	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultRefuse401})

	mine.drag(id, w.stage("proposta"))

	for _, p := range []*tab{mine, theirs} {
		p.until("the refusal is told", `document.querySelector("%s [data-kind=refused]")?.textContent.includes("Not moved to Proposta: Chatwoot does not allow it.")`, cardID(id))
		p.shows(id, w.stage("novo"))
		p.atRest(id)
	}
	w.labelled(id, with("novo")...)

	w.sim.ClearFaults()
	mine.click(cardID(id) + " [data-kind=refused] [name=stage]")
	mine.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	for _, p := range []*tab{mine, theirs} {
		p.shows(id, w.stage("proposta"))
		p.until("the mark is gone", `!document.querySelector("%s [data-kind=refused]")`, cardID(id))
		p.atRest(id)
	}
}

func TestBrowserRefusalIsDismissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("mine").opensBoard(w)
	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultRefuse401})

	goOn := make(chan struct{})
	free := sync.OnceFunc(func() { close(goOn) })
	defer free()
	w.late(func(r *http.Request) bool { return r.Method == http.MethodDelete }, func() {}, func() { <-goOn })
	theirs := w.browser("theirs").opensBoard(w)

	p.focus(cardID(id))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	theirs.until("the mark is there", `document.querySelector("%s [data-kind=refused]")`, cardID(id))
	p.click(cardID(id) + " [data-kind=refused] button:not([name])")

	value[any](p, `document.addEventListener("htmx:afterRequest", () => window.answered = true)`)
	// The news of it comes before the answer: the answer must still find its place.
	theirs.until("the mark is gone", `!document.querySelector("%s .card__mark")`, cardID(id))
	value[any](p, `new Promise(done => setTimeout(done, 200))`)
	free()
	p.until("the answer is there", "window.answered")
	require.Equal(t, 1, value[int](p, `document.querySelectorAll("#stage-%d %s").length`, w.stage("novo"), cardID(id)), "the card is still in its place")
	p.until("the mark is gone", `!document.querySelector("%s .card__mark")`, cardID(id))
	p.shows(id, w.stage("novo"))
	w.labelled(id, with("novo")...)
}

func TestBrowserMovesWaitWhileChatwootIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	mine, theirs := w.browser("mine").opensBoard(w), w.browser("theirs").opensBoard(w)
	mine.until("the pill says live", `document.querySelector("#connection").dataset.state === "live"`)
	w.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502})

	mine.drag(id, w.stage("proposta"))

	for _, p := range []*tab{mine, theirs} {
		p.shows(id, w.stage("proposta"))
		p.until("the card waits", `document.querySelector("%s [data-kind=waiting]")?.textContent.includes("To Proposta: Chatwoot does not answer.")`, cardID(id))
		p.until("the pill says down", `(c => c.dataset.state === "down" && c.textContent.includes("1 move waiting"))(document.querySelector("#connection"))`)
	}

	w.sim.ClearFaults()
	mine.click(cardID(id) + " [data-kind=waiting] button")
	w.labelled(id, with("proposta")...)
	for _, p := range []*tab{mine, theirs} {
		p.shows(id, w.stage("proposta"))
		p.until("the mark is gone", `!document.querySelector("%s .card__mark")`, cardID(id))
		p.until("the pill says live", `document.querySelector("#connection").dataset.state === "live"`)
		p.atRest(id)
	}
}

func TestBrowserTwoStagesAreSettledByOneClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo", "proposta")...)
	p := w.browser("mine").opensBoard(w)

	p.shows(id, w.stage("proposta"))
	p.until("both stages are named", `document.querySelector("%s [data-kind=conflict]")?.textContent.includes("Novo")`, cardID(id))
	p.until("the column is flagged", `document.querySelector("#stage-%d .stage__conflicts")`, w.stage("proposta"))
	p.click(cardID(id) + " [data-kind=conflict] button")

	p.until("the mark is gone", `!document.querySelector("%s .card__mark")`, cardID(id))
	w.labelled(id, with("proposta")...)
	p.shows(id, w.stage("proposta"))
	p.until("the column is not flagged", `!document.querySelector("#stage-%d .stage__conflicts")`, w.stage("proposta"))
	p.atRest(id)
}

func TestBrowserTwoMovesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	ana, bruno := w.conversation("Ana Lima", with("novo")...), w.conversation("Bruno Sá", with("novo")...)
	p := w.browser("mine").opensBoard(w)
	arrived, goOn := make(chan struct{}, 2), make(chan struct{})
	free := sync.OnceFunc(func() { close(goOn) })
	defer free()
	w.late(func(r *http.Request) bool { return r.Method == http.MethodPut }, func() {
		arrived <- struct{}{}
		<-goOn
	}, func() {})

	for _, id := range []int64{ana, bruno} {
		p.focus(cardID(id))
		p.press(kb.ArrowRight, chromedp.ModifierShift)
		<-arrived
	}
	for _, id := range []int64{ana, bruno} {
		p.shows(id, w.stage("qualificado"))
		require.True(t, value[bool](p, `document.querySelector("%s").hasAttribute("aria-busy")`, cardID(id)), "it is still on its way")
	}
	free()
	for _, id := range []int64{ana, bruno} {
		w.labelled(id, with("qualificado")...)
		p.shows(id, w.stage("qualificado"))
		p.atRest(id)
	}
	require.Zero(t, value[int](p, `document.querySelector("#notices").children.length`))
}
