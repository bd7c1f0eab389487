package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserLiveUpdatesDisturbNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("mine").opensBoard(w)
	said := func(text string) {
		t.Helper()
		w.sim.Incoming(id, text)
		p.until("the message is there", `document.querySelector("%s .card__said").textContent.includes(%q)`, cardID(id), text)
	}

	p.focus(cardID(id))
	said("Primeira")
	require.Equal(t, cardID(id)[1:], value[string](p, `document.activeElement.id`), "the focus stays on the card")

	// The open menu, what is typed in it and where the caret is.
	p.press("m")
	p.until("the menu is open", menuIsOpen)
	p.press("prop")
	value[any](p, `document.activeElement.setSelectionRange(2, 3)`)
	said("Segunda")
	const state = `[document.activeElement.className, document.activeElement.value, document.activeElement.selectionStart,
		document.activeElement.selectionEnd, document.querySelector("#card-menu").matches(":popover-open"),
		document.querySelectorAll("#card-menu [role=option]:not([hidden])").length].join()`
	require.Equal(t, "menu__filter,prop,2,3,true,1", value[string](p, state))

	// Even when the card goes elsewhere under the open menu: the menu still moves that card.
	w.sim.SetLabels(0, id, with("qualificado"))
	p.shows(id, w.stage("qualificado"))
	require.Equal(t, "menu__filter,prop,2,3,true,1", value[string](p, state))
	p.press("\r")
	p.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	p.atRest(id)

	// A card with the focus that somebody else moves keeps it.
	w.sim.SetLabels(0, id, with("ganho"))
	p.shows(id, w.stage("ganho"))
	p.until("the focus is still on the card", `document.activeElement.id === %q`, cardID(id)[1:])
	p.until("nothing is reported as wrong", `!document.querySelector("#notices").children.length`)
}
