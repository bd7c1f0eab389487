package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

const (
	paletteIsOpen  = `!!document.querySelector("#palette[open] input")`
	chosenInIt     = `document.querySelector("#palette [aria-selected=true]:not([hidden])")?.textContent.trim().includes(%q)`
	paletteHasGone = `!document.querySelector("#palette")`
)

// opensPalette opens the palette by its key and types into it.
func (p *tab) opensPalette(text string) {
	p.t.Helper()
	p.press("k", chromedp.ModifierCtrl)
	p.until("the palette is open", paletteIsOpen)
	if text != "" {
		p.press(text)
	}
}

func TestBrowserPaletteByKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Otávia Sá", "proposta")
	p := w.browser("palette").opensBoard(w)

	p.focus(cardID(id))
	p.opensPalette("mo prop")
	p.until("a stage is chosen", chosenInIt, "Move to Proposta")
	p.press(kb.Enter)
	p.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	p.atRest(id)
	p.until("the focus is on the card again", paletteHasGone+` && document.activeElement.id === %q`, cardID(id)[1:])

	p.opensPalette("otavia")
	p.until("a card is found", chosenInIt, "Otávia Sá")
	p.press(kb.Enter)
	p.panelOf(other)
	p.press(kb.Escape)
	p.panelGone()

	p.focus(cardID(id))
	p.opensPalette("otavia" + kb.Enter) // faster than the search
	p.panelOf(other)
	p.press(kb.Escape)
	p.panelGone()

	p.focus(cardID(id))
	p.opensPalette("")
	p.press(kb.ArrowDown)
	p.press(kb.ArrowUp)
	p.press(kb.ArrowUp)
	p.until("the last choice", `document.querySelector("#palette input").getAttribute("aria-activedescendant") === [...document.querySelectorAll("#palette [role=option]")].filter(o => !o.hidden).at(-1).id`)
	p.press(kb.Escape)
	p.until("one level back", paletteHasGone+` && document.activeElement.id === %q`, cardID(id)[1:])

	p.opensPalette("priority")
	p.until("what the panel does", chosenInIt, "Priority")
	p.press(kb.Enter)
	p.panelOf(id)
	p.until("the panel's field has the focus", `document.activeElement.id === "field-priority"`)
	p.opensPalette("Theme dark")
	p.until("a theme is chosen", chosenInIt, "Theme: dark")
	p.press(kb.Enter)
	p.until("the page is dark", `document.documentElement.dataset.theme === "dark" && document.readyState === "complete" && !document.querySelector("#palette")`)

	p.opensPalette("unassigned")
	p.until("a pill is chosen", chosenInIt, "Unassigned")
	p.press(kb.Enter)
	p.until("the board is filtered", `location.search.includes("needs=unassigned") && document.readyState === "complete"`)
	p.opensPalette("highest value")
	p.press(kb.Enter)
	p.until("the board is sorted, too", `location.search.includes("needs=unassigned") && location.search.includes("sort=value") && document.readyState === "complete"`)
	p.opensPalette("group team")
	p.until("a way to group is chosen", chosenInIt, "Group by: Team")
	p.press(kb.Enter)
	p.until("the cards are grouped", `location.search.includes("lanes=team") && location.search.includes("sort=value") && document.readyState === "complete"`)
	p.opensPalette("zzzz")
	p.until("nothing is found", `document.querySelector("#palette [data-part=count]").textContent === "Nothing found."`)
	p.press("k", chromedp.ModifierCtrl)
	p.until("the same key closes it", paletteHasGone)
}

func TestBrowserPaletteByTouch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("palette").phone(390, 844).opensBoard(w)
	p.tap(cardID(id) + " .card__name")
	p.panelOf(id)
	p.tap("[data-close-panel]")
	p.panelGone()
	p.tap(".bar__help")
	p.tap("#help [data-commands]")
	p.until("the palette is open", paletteIsOpen)
	require.Empty(t, value[[]string](p, overflowing))
	p.until("it fills the screen", `(r => r.width === innerWidth && r.height >= innerHeight - 1)(document.querySelector("#palette").getBoundingClientRect())`)
	p.until("it is about what the focus was on, or the board", `document.querySelector("#palette [role=option]:not([hidden])")`)
	p.tap("[data-close-palette]")
	p.until("it is closed", paletteHasGone)
}

func TestBrowserAxePalette(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", "novo")
	p := w.browser("axe")
	for _, m := range manners {
		p.inManner(w, m).opensBoard(w)
		p.focus(cardID(id))
		p.opensPalette("")
		p.accessible("palette, " + m.String())
		p.press("lima")
		p.until("the card is found", chosenInIt, "Ana Lima")
		p.accessible("palette with cards, " + m.String())
		p.press("zzz")
		p.until("nothing is found", `!document.querySelector("#palette [data-part=none]").hidden`)
		p.accessible("palette without anything, " + m.String())
		p.press(kb.Escape)
		p.until("it is closed", paletteHasGone)
	}
}
