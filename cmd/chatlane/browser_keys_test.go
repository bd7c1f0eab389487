package main_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

const menuIsOpen = `document.querySelector("#card-menu").matches(":popover-open")`

func TestBrowserMoveByMenu(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("menu").opensBoard(w)

	p.click(cardID(id) + " .card__menu")
	p.until("the menu is open", menuIsOpen)
	p.click(fmt.Sprintf("#move-to-%d", w.stage("ganho")))

	p.shows(id, w.stage("ganho"))
	p.until("the menu is closed", "!"+menuIsOpen)
	w.labelled(id, with("ganho")...)
	p.atRest(id)
	p.until("the focus is on the card", `document.activeElement.id === %q`, cardID(id)[1:])
}

func TestBrowserMoveByTypingAStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("keys").opensBoard(w)

	p.focus(cardID(id))
	p.press("m")
	p.until("the menu is open", menuIsOpen)
	p.press("propo")
	p.press(kb.Enter)

	p.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	p.atRest(id)

	p.press("m")
	p.until("the menu is open", menuIsOpen)
	p.press(kb.Escape)
	p.until("the menu is closed, the card has the focus", `!%s && document.activeElement.id === %q`, menuIsOpen, cardID(id)[1:])
	p.press("m")
	p.press("1") // the first choice: No stage
	p.shows(id, w.stage(""))
	w.labelled(id, foreign...)
	p.atRest(id)

	// Typed before the menu can be there: meant for it, not commands of the board.
	value[any](p, `[..."mganho", "Enter"].forEach((key) => document.querySelector(%q).dispatchEvent(
		new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))`, cardID(id))
	p.shows(id, w.stage("ganho"))
	w.labelled(id, with("ganho")...)
}

func TestBrowserMoveToNeighbour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("keys").opensBoard(w)

	p.focus(cardID(id))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	p.shows(id, w.stage("qualificado"))
	w.labelled(id, with("qualificado")...)
	p.atRest(id)
	p.until("the focus followed", `document.activeElement.id === %q`, cardID(id)[1:])

	p.press(kb.ArrowLeft, chromedp.ModifierShift)
	p.shows(id, w.stage("novo"))
	w.labelled(id, with("novo")...)
	p.atRest(id)
}

func TestBrowserPickUpByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("keys").opensBoard(w)
	said := func(what string) {
		t.Helper()
		p.until("it is said: "+what, `document.getElementById("announcer").textContent.includes(%q)`, what)
	}

	p.focus(cardID(id))
	p.press(" ")
	said("Ana Lima picked up")
	p.press(kb.ArrowRight)
	p.press(kb.ArrowRight)
	p.shows(id, w.stage("proposta"))
	p.press(kb.Escape)
	p.shows(id, w.stage("novo"))
	said("Ana Lima is back in Novo")
	w.labelled(id, with("novo")...)

	p.press(" ")
	p.press(kb.ArrowRight)
	p.press(kb.ArrowRight)
	p.press(" ")
	p.shows(id, w.stage("proposta"))
	said("Ana Lima moved from Novo to Proposta")
	w.labelled(id, with("proposta")...)
	p.atRest(id)
	p.until("the focus is on the card", `document.activeElement.id === %q`, cardID(id)[1:])
}

func TestBrowserKeysAreHelpful(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	left, right := w.conversation("Ana Lima", "novo"), w.conversation("Bruno Sá", "qualificado")
	p := w.browser("keys").opensBoard(w)

	p.focus(cardID(left))
	p.press(kb.ArrowRight)
	p.until("the focus walks to the right", `document.activeElement.id === %q`, cardID(right)[1:])
	p.press("h")
	p.until("the focus walks to the left", `document.activeElement.id === %q`, cardID(left)[1:])
	p.press("?")
	p.until("the help is open", `document.querySelector("#help").matches(":popover-open")`)
	p.press(kb.Escape)
	p.until("the help is closed", `!document.querySelector("#help").matches(":popover-open")`)
}
