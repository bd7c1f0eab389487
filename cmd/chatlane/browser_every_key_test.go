package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// leads presses G and a letter, one soon after the other however slow the machine is.
func (p *tab) leads(to string) {
	p.t.Helper()
	value[any](p, `(async () => {
		const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
		press("g");
		const board = document.querySelector('script[src$="/app.js"]');
		if (board) await import(board.src.replace("app.js", "find.js")); // which takes the first key when it is there
		press(%q);
	})()`, to)
}

// Every key that the help sheet promises does on the board what it says.
func TestBrowserEveryKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", "novo"), w.conversation("Bruno Sá", "qualificado")
	p := w.browser("keys").opensBoard(w)
	focused := func(what, selector string) {
		t.Helper()
		p.until(what, `document.activeElement.matches(%q)`, selector)
	}
	for _, key := range []struct{ key, field string }{
		{"a", "#field-assignee"},
		{"p", "#field-priority"},
		{"s", "#field-snooze"},
		{"l", "#field-labels"},
		{"v", "[data-deal=value]"},
		{"d", "[data-deal=next_step_on]"},
		{"r", "#panel textarea"},
		{"n", "#panel textarea"},
	} {
		p.focus(cardID(id))
		p.press(key.key)
		p.panelOf(id)
		focused(key.key+" goes to its field", key.field)
		p.press(kb.Escape)
		p.press(kb.Escape)
		p.panelGone()
	}

	p.focus(cardID(id))
	p.press("/")
	focused("the search", "#search")
	p.focus(cardID(id))
	p.press("f")
	p.until("the filters are open", `document.querySelector("#filters").matches(":popover-open")`)
	p.press(kb.Escape)
	p.focus(cardID(id))
	p.press("b")
	focused("the boards are open", "#boards:popover-open .menu__item")
	p.press(kb.ArrowDown)
	focused("arrows walk them", "#boards .menu__item")
	p.press(kb.Escape)

	p.focus(cardID(other))
	p.press("h")
	focused("to the left", cardID(id))
	p.press(kb.ArrowRight)
	focused("to the right", cardID(other))

	// The panel's own keys.
	p.press(kb.Enter)
	p.panelOf(other)
	focused("the panel has the focus", "#panel")
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	p.shows(other, w.stage("proposta"))
	p.atRest(other)
	p.press("m")
	p.until("the menu is open", menuIsOpen)
	p.press("novo" + kb.Enter)
	p.shows(other, w.stage("novo"))
	p.atRest(other)
	p.press(kb.Escape)
	p.panelGone()

	// G and a letter.
	p.focus(cardID(id))
	p.leads("b")
	focused("this is the board", "#board")
	p.leads("l")
	p.until("the list", `location.pathname.endsWith("/list") && document.querySelector(".list-page") && document.readyState === "complete"`)
	p.leads("b")
	p.until("the board", `document.readyState === "complete" && document.querySelector("#board .card")`)
	p.leads("r")
	p.until("the reports", `location.pathname.endsWith("/reports") && document.querySelector(".report-page") && document.readyState === "complete"`)
	p.leads("b")
	p.until("the board again", `document.readyState === "complete" && document.querySelector("#board .card")`)
}

// Whoever speaks to their computer switches single keys off. Arrows and Ctrl+K are no such keys.
func TestBrowserKeysOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", "novo"), w.conversation("Bruno Sá", "qualificado")
	p := w.browser("keys").opensBoard(w)
	p.press("?")
	p.click("#help [name=keys][value=off]")
	p.until("keys are off", `document.body.dataset.keys === "off" && document.readyState === "complete" && document.querySelector("#board .card")`)

	p.focus(cardID(other))
	for _, key := range []string{"h", "a", "m", " ", "?", "x", "b", "c"} {
		p.press(key)
	}
	p.until("nothing happened", `document.activeElement.id === %q && !document.querySelector("#panel, :popover-open, .card[data-lifted], .card[data-picked], .stage__head[data-collapsed]")`, cardID(other)[1:])
	p.press(kb.ArrowLeft)
	p.until("arrows walk", `document.activeElement.id === %q`, cardID(id)[1:])
	p.opensPalette("switch keys on")
	p.press(kb.Enter)
	p.until("keys are on", `document.body.dataset.keys === "on" && document.readyState === "complete" && document.querySelector("#board .card")`)
}
