package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserUndoByToast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("undo").opensBoard(w)

	p.drag(id, w.stage("qualificado"))
	w.labelled(id, with("qualificado")...)
	p.until("undo is offered", `!document.querySelector("#undo").hidden`)
	p.click("#undo [data-undo]")

	p.shows(id, w.stage("novo"))
	w.labelled(id, with("novo")...)
	p.atRest(id)
	p.until("undo is no longer offered", `document.querySelector("#undo").hidden`)
}

func TestBrowserUndoByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("undo").opensBoard(w)

	p.focus(cardID(id))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	w.labelled(id, with("qualificado")...)
	p.atRest(id)
	p.press("z")

	p.shows(id, w.stage("novo"))
	w.labelled(id, with("novo")...)
	p.atRest(id)
}

func TestBrowserUndoLooksFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("undo").opensBoard(w)

	p.focus(cardID(id))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	w.labelled(id, with("qualificado")...)
	p.atRest(id)
	w.sim.SetLabels(0, id, with("ganho"))
	p.shows(id, w.stage("ganho"))
	p.expects("409")
	p.press("z")

	p.until("it says that somebody moved it", `document.querySelector("#notices").textContent.includes("Somebody moved this card meanwhile")`)
	p.shows(id, w.stage("ganho"))
	w.labelled(id, with("ganho")...)
	p.atRest(id)
}
