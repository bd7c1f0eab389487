package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// TestBrowserCollapsedColumn: by key and by button, after a visit, with drops and live totals; a phone takes no notice.
func TestBrowserCollapsedColumn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Bia Reis", with("proposta")...)
	p := w.browser("columns").opensBoard(w)
	novo := w.stage("novo")
	const narrow = `document.querySelector("#stage-%d").getBoundingClientRect().width < 50`

	p.focus(cardID(id))
	p.press("c")
	p.until("the column is narrow, its button has the focus", narrow+` && document.activeElement.id === "stage-%d-head-fold"`, novo, novo)
	require.True(t, value[bool](p, `document.querySelector("#stage-%d-head .stage__name").checkVisibility() && !document.querySelector(%q).checkVisibility()`, novo, cardID(id)))
	p.opens(w.boardURL())
	require.True(t, value[bool](p, narrow, novo), "it still is")
	p.accessible("collapsed column")

	p.drag(other, novo)
	w.labelled(other, with("novo")...)
	p.until("what was dropped counts", `document.querySelector("#stage-%d-head .stage__count").textContent === "2"`, novo)
	require.True(t, value[bool](p, narrow, novo), "a change of totals leaves it narrow")

	p.phone(390, 844).opens(w.boardURL())
	p.click(`.tabs__tab[href="#stage-` + columnNumber(novo) + `"]`)
	p.until("on a phone it fills the screen", `Math.abs(document.querySelector("#stage-%d").getBoundingClientRect().width - innerWidth) < 2 && document.querySelector(%q).checkVisibility()`, novo, cardID(id))

	p = w.browser("columns again").opensBoard(w)
	p.click("#stage-" + columnNumber(novo) + "-head-fold")
	p.until("the column is wide", `!(`+narrow+`)`, novo)
	p.shows(id, novo)
	p.shows(other, novo)
}
