package main_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// several are three conversations in the first stage.
func (w *world) several() []int64 {
	return []int64{w.conversation("Ana Lima", with("novo")...), w.conversation("Bia Reis", with("novo")...), w.conversation("Caio Melo", with("novo")...)}
}

// picked waits until so many cards are chosen, of which so many are marked.
func (p *tab) picked(count, marked int) {
	p.t.Helper()
	p.until("so many are chosen", `document.querySelector("#bulk:not([hidden]) .bulk__count")?.textContent === "Selected: %d" && document.querySelectorAll(".card[data-picked]").length === %d`, count, marked)
}

// TestBrowserBulkByKeys: chosen, moved and taken back without a mouse; other labels stay.
func TestBrowserBulkByKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	ids := w.several()
	other := w.conversation("Davi Cruz", with("proposta")...)
	p := w.browser("bulk keys").opensBoard(w)
	p.until("all are there", `document.querySelectorAll(".card").length === 4`)
	p.focus(cardID(ids[2])) // the newest, and thus the first
	p.press("x")
	p.picked(1, 1)
	p.press(kb.ArrowDown, chromedp.ModifierShift)
	p.picked(2, 2)
	p.until("the focus went with it", `document.activeElement.matches(%q)`, cardID(ids[1]))
	p.accessible("cards chosen")
	p.press("m")
	p.until("the menu asks where", `document.querySelector("#bulk-stage:popover-open")?.contains(document.activeElement)`)
	p.accessible("where to move them")
	for range 20 {
		if value[bool](p, `document.activeElement.value === "stage:%d"`, w.stage("proposta")) {
			break
		}
		p.press(kb.ArrowDown)
	}
	p.press(kb.Enter)
	p.until("it has begun, nothing is chosen", `document.querySelector("#batches .batch") && !document.querySelector(".card[data-picked]") && document.querySelector("#bulk").hidden`)
	for _, id := range ids[1:] {
		p.shows(id, w.stage("proposta"))
		w.labelled(id, with("proposta")...)
	}
	p.shows(ids[0], w.stage("novo"))
	p.until("it has ended", `document.querySelector("#batches .batch__text").textContent === "2 cards changed"`)
	p.accessible("a batch that has ended")
	p.press("z")
	for _, id := range ids[1:] {
		w.labelled(id, with("novo")...)
		p.shows(id, w.stage("novo"))
	}
	p.shows(other, w.stage("proposta"))
	p.press(kb.Escape)
}

// TestBrowserBulkByPointer: by avatar, by range, and a whole column, loaded or not; what is not meant is left out.
func TestBrowserBulkByPointer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 420})
	p := w.browser("bulk pointer").opensBoard(w)
	label, count := w.fullest()
	column := "#stage-" + columnNumber(w.stage(label))
	require.Greater(t, count, value[int](p, `document.querySelectorAll("%s .card").length`, column), "there are more than the first")
	nth := func(n int) string {
		return value[string](p, `"#" + document.querySelectorAll("%s .card")[%d].id`, column, n)
	}
	first, third := nth(0), nth(2)
	p.click(first + " .card__who > .avatar")
	p.picked(1, 1)
	at := p.pointOf(third + " .card__said")
	p.do(chromedp.MouseClickXY(at.X, at.Y, chromedp.ButtonModifiers(chromedp.ModifierShift)))
	p.picked(3, 3)
	require.False(t, value[bool](p, `!!document.querySelector("#panel")`), "no card was opened by that")
	p.click("[data-pick-column]")
	p.until("all of the column", `document.querySelector(".bulk__count").textContent === "Selected: %d"`, count)
	p.click(first + " .card__who > .avatar")
	p.until("but one", `document.querySelector(".bulk__count").textContent === "Selected: %d"`, count-1)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("` + column + ` .stage__more").scrollIntoView()`))
	p.until("what is loaded later is marked", `document.querySelectorAll("%s .card").length > 50 && document.querySelectorAll("%s .card:not([data-picked])").length === 1`, column, column)
	p.click(`[popovertarget="bulk-priority"]`)
	p.click(`#bulk-priority [value="priority:high"]`)
	p.until("it goes on", `document.querySelector("#batches progress")?.max === %d`, count-1)
	p.opens(w.boardURL())
	p.until("after a reload, too", `document.querySelector("#batches .batch")`)
	p.click(`#batches [hx-post$="/stop"]`)
	p.until("until it is stopped", `/left as/.test(document.querySelector("#batches .batch__text").textContent)`)
}

// TestBrowserBulkTellsWhatFailed: card by card, with a reason, and what failed can be tried again.
func TestBrowserBulkTellsWhatFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	ids := w.several()
	p := w.browser("bulk failures").opensBoard(w)
	p.until("all are there", `document.querySelectorAll(".card").length === 3`)
	w.sim.Fault(chatwoottest.Fault{Match: "POST *toggle_priority", Kind: chatwoottest.FaultRefuse401, Times: 1})
	p.focus(cardID(ids[2]))
	p.press("x")
	p.press(kb.ArrowDown, chromedp.ModifierShift)
	p.press(kb.ArrowDown, chromedp.ModifierShift)
	p.picked(3, 3)
	p.press("p")
	p.until("asked which", `document.activeElement.value === "priority:urgent"`)
	p.press(kb.Enter)
	p.until("two are done, one is not", `document.querySelector("#batches .batch__text")?.textContent === "2 cards changed" && document.querySelectorAll("#batches .batch__failed li a").length === 1`)
	p.accessible("a batch with a card that failed")
	p.click(`#batches [hx-post$="/again"]`)
	p.until("now all are", `document.querySelector("#batches .batch__text")?.textContent === "3 cards changed"`)
	w.eventually(func() bool {
		return !slices.ContainsFunc(ids, func(id int64) bool { c, _ := w.sim.Conversation(id); return c.Priority != "urgent" })
	}, "Chatwoot has it")
	p.click(`#batches [aria-label="Close"]`)
	p.until("it is out of the way", `!document.querySelector("#batches .batch")`)
}

// TestBrowserBulkByTouch: a finger begins with the card's menu and goes on by tapping; the same end.
func TestBrowserBulkByTouch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.asksWhy(true, "Preço", "Prazo")
	ids := w.several()
	p := w.browser("bulk touch").phone(390, 844).opensBoard(w)
	p.until("all are there", `document.querySelectorAll(".card").length === 3`)
	p.tap(`.tabs__tab[href="#stage-` + columnNumber(w.stage("novo")) + `"]`)
	p.tap(cardID(ids[2]) + " .card__menu")
	p.until("its menu is open", `document.querySelector("#card-menu:popover-open")`)
	p.tap("#card-menu [data-pick]")
	p.picked(1, 1)
	p.tap(cardID(ids[0]))
	p.picked(2, 2)
	require.False(t, value[bool](p, `!!document.querySelector("#panel")`), "a tap chooses now")
	p.accessible("cards chosen on a phone")
	p.tap(`[popovertarget="bulk-stage"]`)
	p.tap(`#bulk-stage [popovertarget="bulk-lost-` + columnNumber(w.stage("perdido")) + `"]`)
	p.until("it asks why", `document.querySelector("#bulk-lost-%d:popover-open")`, w.stage("perdido"))
	p.accessible("why they are lost")
	p.tap("#bulk-lost-" + columnNumber(w.stage("perdido")) + " .menu__item + .menu__item")
	p.tap("#bulk-lost-" + columnNumber(w.stage("perdido")) + " .button--main")
	for _, id := range []int64{ids[0], ids[2]} {
		w.labelled(id, with("perdido")...)
		w.eventually(func() bool { return w.reason(id) == "Prazo" }, "with the reason")
	}
	w.labelled(ids[1], with("novo")...)
}
