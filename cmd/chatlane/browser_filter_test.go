package main_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// opensFiltered opens the board under a filter and waits until its stream runs.
func (p *tab) opensFiltered(w *world, query string) *tab {
	p.t.Helper()
	before := w.streams.Load()
	p.opens(w.boardURL() + "?" + query)
	w.eventually(func() bool { return w.streams.Load() > before }, "a stream is open")
	return p
}

const hiddenByFilter = `!document.querySelector("#undo").hidden && !document.querySelector("#undo [data-show]").hidden &&
	document.querySelector("#undo .toast__text").textContent.includes("hidden by your filter")`

// TestBrowserMoveOutOfTheFilter: a card that a move takes out of the filter goes, the page says where to, and the move can be taken back:
// by pointer, by keys and by finger.
func TestBrowserMoveOutOfTheFilter(t *testing.T) {
	t.Parallel()
	ways := map[string]func(w *world, p *tab, id int64){
		"pointer": func(w *world, p *tab, id int64) { p.drag(id, w.stage("ganho")) },
		"keys": func(_ *world, p *tab, id int64) {
			p.focus(cardID(id))
			p.press("m")
			p.until("the menu is open", menuIsOpen)
			p.press("ganho")
			p.press(kb.Enter)
		},
		"finger": func(w *world, p *tab, id int64) {
			p.tap(cardID(id) + " .card__menu")
			p.until("the menu is open", menuIsOpen)
			p.tap("#move-to-" + columnNumber(w.stage("ganho")))
		},
	}
	for name, move := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, chatwoottest.Options{})
			id, stays := w.conversation("Ana Lima", with("novo")...), w.conversation("Bia Reis", with("novo")...)
			p := w.browser("filtered").opensFiltered(w, "needs=nostep")
			p.shows(id, w.stage("novo"))
			p.until("what hides cards is ready", `document.querySelector("#filter[data-ready]")`)

			move(w, p, id)
			p.until("the card is gone", `!document.querySelector(%q)`, cardID(id))
			p.until("the page says where to", hiddenByFilter)
			w.labelled(id, with("ganho")...)
			p.shows(stays, w.stage("novo"))
			p.until("it is not counted", `document.querySelector("#need-nostep .pills__count").textContent === "1"`)

			p.click("[data-undo]")
			p.shows(id, w.stage("novo"))
			w.labelled(id, with("novo")...)
			p.atRest(id)
			p.until("it is counted", `document.querySelector("#need-nostep .pills__count").textContent === "2"`)
		})
	}
}

// TestBrowserLiveUnderAFilter: what others change comes in when it begins to match, and goes when it no longer does; tabs of one browser
// that show something else of the board are told what concerns each.
func TestBrowserLiveUnderAFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", "novo", "retorno"), w.conversation("Bia Reis", "novo")
	p := w.browser("filtered").opensFiltered(w, "label=retorno")
	whole := p.another("whole").opens(w.boardURL())
	searched := p.another("searched").opens(w.boardURL() + "?q=bia")
	p.shows(id, w.stage("novo"))
	searched.shows(other, w.stage("novo"))
	whole.shows(other, w.stage("novo"))
	gone := func(p *tab, id int64) { p.until("card is gone", `!document.querySelector(%q)`, cardID(id)) }
	gone(p, other)
	gone(searched, id)

	w.sim.AddLabel(0, other, "retorno")
	p.shows(other, w.stage("novo"))
	w.sim.RemoveLabel(0, id, "retorno")
	gone(p, id)
	whole.shows(id, w.stage("novo"))
	w.sim.SetLabels(0, other, []string{"proposta", "retorno"})
	p.shows(other, w.stage("proposta"))
	searched.shows(other, w.stage("proposta"))
	whole.shows(other, w.stage("proposta"))
	gone(searched, id)
	p.until("its column counts what is shown", `document.querySelector("#stage-%d .stage__count").textContent === "1" && document.querySelector("#stage-%d .stage__count").textContent === "0"`,
		w.stage("proposta"), w.stage("novo"))
	third := w.conversation("Bianca Melo", "novo")
	searched.shows(third, w.stage("novo"))
	gone(p, third)
	require.EqualValues(t, 1, w.streams.Load(), "one stream for all tabs of a browser")
}

// TestBrowserSearchByKeys: the whole way without a pointer.
func TestBrowserSearchByKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("João Açaí", with("novo")...), w.conversation("Bia Reis", with("novo")...)
	p := w.browser("search").opensBoard(w)
	p.until("the pills count", `document.querySelector("#need-nostep .pills__count").textContent === "2"`)

	p.press("/")
	p.until("the search has the focus", `document.activeElement.id === "search"`)
	p.press("acai jo")
	p.press(kb.Enter)
	p.until("it is in the address", `location.search === "?q=acai+jo" && document.readyState === "complete"`)
	p.shows(id, w.stage("novo"))
	require.True(t, value[bool](p, `!document.querySelector(%q)`, cardID(other)))
	p.until("it is said how many there are", `document.querySelector(".pills__found").textContent.startsWith("1 ")`)

	p.press("x")
	p.until("the whole board", `location.search === "" && document.readyState === "complete"`)
	p.shows(other, w.stage("novo"))

	p.press("f")
	p.until("the form is there", `document.querySelector("#filters").matches(":popover-open") && document.querySelector("#filter-form [name=needs]")`)
	p.until("it has the focus", `document.querySelector("#filters").contains(document.activeElement)`)
	p.focus(`#filter-form [name=needs][value=unassigned]`)
	p.press(" ")
	p.focus(`#filter-form [name=value_max]`)
	p.press(kb.Enter)
	p.until("only what was chosen is in the address", `location.search === "?needs=unassigned" && document.readyState === "complete"`)
	p.shows(id, w.stage("novo"))

	p.focus(cardID(id))
	p.press(kb.Enter)
	p.until("the panel is open, the filter still in the address", `document.querySelector("#panel") && location.search === "?needs=unassigned"`)
	p.press(kb.Escape)
	p.until("the panel is closed", `!document.querySelector("#panel") && location.search === "?needs=unassigned"`)
}

func TestBrowserAxeFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 24})
	p := w.browser("axe")
	for _, m := range manners {
		p.inManner(w, m).opens(w.boardURL() + "?needs=nostep&status=open")
		p.until("nothing moves", `document.querySelector("#need-nostep .pills__count").textContent`)
		p.accessible("filtered board, " + m.String())
		p.press("f")
		p.until("the form is there", `document.querySelector("#filter-form [name=needs]")`)
		p.accessible("filters, " + m.String())
		require.Empty(t, value[[]string](p, overflowing), m.String())
		top := value[float64](p, `document.querySelector(".board__columns").getBoundingClientRect().top`)
		require.LessOrEqual(t, top, map[bool]float64{false: 96, true: 104}[m.phone], fmt.Sprint("what is above the columns, ", m))
	}
}

// TestBrowserOrderByHand: cards stand where they are put, by pointer and by keys, also in another column, for everybody and after a visit.
func TestBrowserOrderByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	var ids []int64
	for _, name := range []string{"Ana", "Bia", "Caio", "Davi"} {
		ids = append(ids, w.conversation(name, "novo"))
	}
	there := w.conversation("Eva", "proposta")
	p := w.browser("hand").opensFiltered(w, "sort=hand")
	other := w.browser("other").opens(w.boardURL() + "?sort=hand")
	order := func(stage string, of ...int64) {
		t.Helper()
		want := fmt.Sprint(of)
		for _, tab := range []*tab{p, other} {
			tab.until("the order is "+want, `"[" + [...document.querySelectorAll("#stage-%d-cards .card")].map(c => c.id.slice(5)).join(" ") + "]" === %q`, w.stage(stage), want)
		}
	}
	order("novo", ids[3], ids[2], ids[1], ids[0])
	p.until("what puts cards in order is ready", `document.querySelector("#filter[data-ready]")`)

	p.focus(cardID(ids[0]))
	p.press(kb.ArrowUp, chromedp.ModifierAlt)
	p.press(kb.ArrowUp, chromedp.ModifierAlt)
	order("novo", ids[3], ids[0], ids[2], ids[1])
	p.until("it keeps the focus", `document.activeElement.id === %q`, cardID(ids[0])[1:])

	from, to := p.grip(ids[1]), p.pointOf(cardID(ids[3]))
	p.do(chromedp.DragAndDropXY(from.X, from.Y, to.X, to.Y-20, 60))
	order("novo", ids[1], ids[3], ids[0], ids[2])

	p.drag(ids[0], w.stage("proposta"))
	w.labelled(ids[0], "proposta")
	p.shows(ids[0], w.stage("proposta"))
	p.shows(there, w.stage("proposta"))
	order("novo", ids[1], ids[3], ids[2])
	p.opens(w.boardURL() + "?sort=hand")
	order("novo", ids[1], ids[3], ids[2])
}
