package main_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// bands are the headings and cards of a column from top to bottom.
const bands = `[...document.querySelectorAll("#stage-%d-cards > :is(.lane, .card)")].map(e => e.matches(".lane") ? e.innerText.trim().replace(/\s+/g, " ") : e.id.slice(5)).join("|")`

// TestBrowserLanes: chosen in the filters, kept in the address, right under live changes, moves by mouse and keys, and further pages.
func TestBrowserLanes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	low, urgent, none := w.conversation("Ana Lima", with("novo")...), w.conversation("Bia Reis", with("novo")...), w.conversation("Caio Melo", with("novo")...)
	w.sim.SetPriority(0, low, "low")
	w.sim.SetPriority(0, urgent, "urgent")
	p := w.browser("lanes").opensBoard(w)
	p.until("the priorities are known", `document.querySelector("%s .card__priority") && document.querySelector("%s .card__priority")`, cardID(low), cardID(urgent))
	p.press("f")
	p.until("the form is there", `document.querySelector("#filter-form [name=lanes]") && document.activeElement.matches("#filters input")`)
	value[any](p, `(s => { s.value = "priority"; s.form.requestSubmit(); })(document.querySelector("#filter-form [name=lanes]"))`)
	p.until("it is in the address", `location.search === "?lanes=priority" && document.readyState === "complete"`)
	novo, proposta := w.stage("novo"), w.stage("proposta")
	is := func(what string, stage any, want string) {
		t.Helper()
		p.until(what, bands+` === %q`, stage, want)
	}
	is("each has its lane", novo, "Priority: urgent 1|"+itoa(urgent)+"|Priority: low 1|"+itoa(low)+"|No priority 1|"+itoa(none))
	p.accessible("a board with lanes")
	require.True(t, value[bool](p, `document.querySelector(".finder__clear") === null`), "lanes leave no card out")

	w.sim.SetPriority(0, none, "urgent")
	is("a change upstream moves the card into its lane", novo, "Priority: urgent 2|"+itoa(none)+"|"+itoa(urgent)+"|Priority: low 1|"+itoa(low))
	p.focus(cardID(none))
	p.press(kb.ArrowDown)
	p.press(kb.ArrowDown)
	p.until("keys walk across headings", `document.activeElement.matches(%q)`, cardID(low))
	p.drag(urgent, proposta)
	w.labelled(urgent, with("proposta")...)
	is("a moved card is in its lane there", proposta, "Priority: urgent 1|"+itoa(urgent))
	is("and its lane counts one less", novo, "Priority: urgent 1|"+itoa(none)+"|Priority: low 1|"+itoa(low))
	p.press("z")
	p.until("it is back in its lane", bands+`.replace(/\|\d+/g, "|") === "Priority: urgent 2|||Priority: low 1|" && document.querySelector("#stage-%d-cards > .lane + .card ~ %s, #stage-%d-cards > .lane + %s")`, novo, novo, cardID(urgent), novo, cardID(urgent))
	is("nothing is left of it", proposta, "")

	p.phone(390, 844).opens(w.boardURL() + "?lanes=agent")
	p.until("on a phone, too", bands+`.replace(/\|\d+/g, "|") === "Nobody 3|||"`, novo)
	p.accessible("lanes on a phone")
}

// TestBrowserLanesOfManyCards: whatever is loaded later belongs to a lane that is there, or begins one; each card is there once.
func TestBrowserLanesOfManyCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 420})
	p := w.browser("many lanes")
	p.opens(w.boardURL() + "?lanes=agent")
	label, count := w.fullest()
	list := "#stage-" + columnNumber(w.stage(label)) + "-cards"
	p.until("all are loaded", `(l => (l.scrollTop = l.scrollHeight, l.querySelectorAll(".card").length === %d))(document.querySelector(%q))`, count, list)
	p.until("every lane is one band with as many cards as it says", `(l => {
		const lanes = [...l.querySelectorAll(".lane")], parts = lanes.map(h => { let n = 0; for (let e = h.nextElementSibling; e?.matches(".card"); e = e.nextElementSibling) n++; return n; });
		return lanes.length > 2 && new Set(lanes.map(h => h.dataset.lane)).size === lanes.length && lanes.every((h, i) => h.lastChild.textContent === String(parts[i]));
	})(document.querySelector(%q))`, list)
	require.Equal(t, count, value[int](p, `new Set([...document.querySelectorAll(%q + " > .card")].map(c => c.id)).size`, list))
}
