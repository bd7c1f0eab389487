package main_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserSecondOneSeesAMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	mine, theirs := w.browser("mine").opensBoard(w), w.browser("theirs").opensBoard(w)

	mine.focus(cardID(id))
	started := time.Now()
	mine.press(kb.ArrowRight, chromedp.ModifierShift)
	theirs.shows(id, w.stage("qualificado"))
	t.Logf("a key pressed here, seen in the second browser after %v", time.Since(started).Round(time.Millisecond))

	w.labelled(id, with("qualificado")...)
	theirs.atRest(id)
	theirs.until("the column counts it", `document.querySelector("#stage-%d .stage__count").textContent === "1"`, w.stage("qualificado"))
	mine.until("the column counts it", `document.querySelector("#stage-%d .stage__count").textContent === "1"`, w.stage("qualificado"))
}

func TestBrowserLabelChangedInChatwootMovesTheCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{WebhookDelay: 200 * time.Millisecond})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("board").opensBoard(w)
	p.shows(id, w.stage("novo"))

	started := time.Now()
	w.sim.SetLabels(w.sim.Agents()[0].ID, id, with("proposta"))
	p.shows(id, w.stage("proposta"))
	t.Logf("a label set in Chatwoot, seen after %v; 200 ms of them Chatwoot's own", time.Since(started).Round(time.Millisecond))
	p.until("it is highlighted", `document.querySelector("%s").classList.contains("card--fresh")`, cardID(id))

	w.sim.SetLabels(0, id, foreign)
	p.shows(id, w.stage(""))
	w.sim.DeleteConversation(id)
	other := w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Bia Reis", Labels: []string{"novo"}, Text: "Oi"})
	p.shows(other, w.stage("novo"))
}

func TestBrowserLiveUpdatesWaitWhileACardIsLifted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	lifted, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Bruno Sá", "novo")
	mine, theirs := w.browser("mine").opensBoard(w), w.browser("theirs").opensBoard(w)
	stays := func() {
		t.Helper()
		w.sim.SetLabels(0, other, []string{"ganho"})
		w.sim.Incoming(lifted, "Ainda está aí?")
		theirs.shows(other, w.stage("ganho"))
		theirs.until("the message is there", `document.querySelector("%s .card__said").textContent.includes("Ainda")`, cardID(lifted))
		mine.shows(other, w.stage("novo"))
		require.False(t, value[bool](mine, `document.querySelector("%s .card__said").textContent.includes("Ainda")`, cardID(lifted)))
	}

	mine.focus(cardID(lifted))
	mine.press(" ")
	mine.press(kb.ArrowRight)
	mine.shows(lifted, w.stage("qualificado"))
	stays()
	mine.press(" ")
	mine.shows(other, w.stage("ganho"))
	mine.shows(lifted, w.stage("qualificado"))
	mine.until("the message is there", `document.querySelector("%s .card__said").textContent.includes("Ainda")`, cardID(lifted))
	w.labelled(lifted, with("qualificado")...)
	mine.atRest(lifted)

	// The same while a button is down on a card.
	w.sim.SetLabels(0, other, []string{"novo"})
	mine.shows(other, w.stage("novo"))
	at := mine.grip(lifted)
	mine.do(chromedp.MouseEvent(chromedp.MousePressed, at.X, at.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	w.sim.SetLabels(0, other, []string{"perdido"})
	theirs.shows(other, w.stage("perdido"))
	mine.shows(other, w.stage("novo"))
	mine.do(chromedp.MouseEvent(chromedp.MouseReleased, at.X, at.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	mine.shows(other, w.stage("perdido"))
}
