package main_test

import (
	"fmt"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// point is a place in the viewport, in CSS pixels.
type point struct{ X, Y float64 }

// opens goes to an address and waits until its scripts run and its stream, if it has one, is open.
func (p *tab) opens(url string) *tab {
	p.t.Helper()
	p.do(chromedp.Navigate(url))
	p.until("the page is complete", `document.readyState === "complete"`)
	return p
}

// opensBoard opens the board and waits until its live stream runs.
func (p *tab) opensBoard(w *world) *tab {
	p.t.Helper()
	p.opens(w.boardURL())
	w.eventually(func() bool { return w.streams.Load() > 0 }, "a stream is open")
	return p
}

func columnNumber(stage kanban.StageID) string { return strconv.FormatInt(int64(stage), 10) }

func cardID(id int64) string { return fmt.Sprintf("#card-%d", id) }

// shows waits until the page shows a card in a stage, once.
func (p *tab) shows(id int64, stage kanban.StageID) {
	p.t.Helper()
	p.until(fmt.Sprintf("card %d is in stage %d", id, stage),
		`document.querySelectorAll("%s").length === 1 && document.querySelector("#stage-%d %s")`, cardID(id), stage, cardID(id))
}

// atRest waits until nothing of a card's move is under way any more.
func (p *tab) atRest(id int64) {
	p.t.Helper()
	p.until(fmt.Sprintf("card %d is at rest", id), `(c => c && !c.hasAttribute("aria-busy") && !c.dataset.move)(document.querySelector("%s"))`, cardID(id))
}

// pointOf is the middle of an element, which is scrolled into view.
func (p *tab) pointOf(selector string) point {
	p.t.Helper()
	p.until(selector+" is there", `document.querySelector(%q)`, selector)
	at := value[point](p, `(e => {
		e.scrollIntoView({block: "nearest", inline: "nearest"});
		const {left, top, width, height} = e.getBoundingClientRect();
		return {X: left + width / 2, Y: top + height / 2};
	})(document.querySelector(%q))`, selector)
	require.Positive(p.t, at.X, selector)
	return at
}

// grip is where a card can be taken: its name, no button.
func (p *tab) grip(id int64) point {
	p.t.Helper()
	return p.pointOf(cardID(id) + " .card__name")
}

// landing is a place within a column's cards.
func (p *tab) landing(stage kanban.StageID) point {
	p.t.Helper()
	return value[point](p, `(e => {
		const {left, top, width, height} = e.getBoundingClientRect();
		return {X: Math.min(left + width / 2, innerWidth - 20), Y: top + Math.min(height / 2, 60)};
	})(document.getElementById("stage-%d-cards"))`, stage)
}

func (p *tab) click(selector string) {
	p.t.Helper()
	at := p.pointOf(selector)
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// tap touches an element with a finger.
func (p *tab) tap(selector string) {
	p.t.Helper()
	at := p.pointOf(selector)
	p.do(chromedp.TapXY(at.X, at.Y))
}

// press presses a key, as kb names it or as a letter. The text comes with the key going down, as from a keyboard: a page that takes
// the key for itself has no letter written.
func (p *tab) press(key string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	for _, r := range key {
		events := kb.Encode(r)
		down, up := events[0], events[len(events)-1]
		if len(events) == 3 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, e := range []*input.DispatchKeyEventParams{down, up} {
			for _, m := range modifiers {
				e.Modifiers |= int64(m)
			}
			command(p, input.DispatchKeyEvent, *e)
		}
	}
}

func (p *tab) focus(selector string) {
	p.t.Helper()
	p.until("the focus is on "+selector, `(e => (e?.focus(), e && document.activeElement === e))(document.querySelector(%q))`, selector)
}

// drag takes a card with the mouse and drops it on a column. Sortable needs many small steps to see the way.
func (p *tab) drag(id int64, to kanban.StageID) {
	p.t.Helper()
	from, at := p.grip(id), p.landing(to)
	p.do(chromedp.DragAndDropXY(from.X, from.Y, at.X, at.Y, 60))
}

// dragByTouch presses a card with a finger until it is armed, and drops it on a column.
func (p *tab) dragByTouch(id int64, to kanban.StageID) {
	p.t.Helper()
	from, at := p.grip(id), p.landing(to)
	p.touch(input.DispatchTouchEventTypeTouchStart, from)
	p.do(chromedp.Sleep(400 * time.Millisecond)) // a press shorter than 250 ms is a scroll
	for i := range 60 {
		share := float64(i+1) / 60
		p.touch(input.DispatchTouchEventTypeTouchMove, point{from.X + (at.X-from.X)*share, from.Y + (at.Y-from.Y)*share})
	}
	p.touch(input.DispatchTouchEventTypeTouchEnd)
}

func (p *tab) touch(kind input.DispatchTouchEventType, at ...point) {
	p.t.Helper()
	points := []*input.TouchPoint{}
	for _, a := range at {
		points = append(points, &input.TouchPoint{X: a.X, Y: a.Y})
	}
	command(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
}

// phone makes the page one of a phone with a finger.
func (p *tab) phone(width, height int64) *tab {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait))
	return p
}
