package main_test

import (
	"testing"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserDragWithMouse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	mine, theirs := w.browser("mine").opensBoard(w), w.browser("theirs").opensBoard(w)
	mine.shows(id, w.stage("novo"))
	theirs.shows(id, w.stage("novo"))

	mine.drag(id, w.stage("proposta"))

	mine.shows(id, w.stage("proposta"))
	theirs.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	mine.atRest(id)
	theirs.atRest(id)
}

func TestBrowserDragWithTouch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("tablet").phone(1024, 768).opensBoard(w)

	p.dragByTouch(id, w.stage("qualificado"))

	p.shows(id, w.stage("qualificado"))
	w.labelled(id, with("qualificado")...)
	p.atRest(id)
}
