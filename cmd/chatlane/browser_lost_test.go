package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// asksWhy has the board ask for a reason of what is lost.
func (w *world) asksWhy(required bool, reasons ...string) {
	w.t.Helper()
	b, err := w.store.Board(w.t.Context(), w.board.ID)
	require.NoError(w.t, err)
	b.LostReasons, b.ReasonRequired = reasons, required
	_, err = w.store.UpdateBoard(w.t.Context(), b)
	require.NoError(w.t, err)
}

const asked = `document.getElementById("lost").matches(":popover-open")`

func (w *world) reason(id int64) any { return w.upstream(id).CustomAttributes.Map()["lost_reason"] }

func TestBrowserLostAsksWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.asksWhy(false, "Preço", "Concorrente")
	id := w.conversation("Ana Lima", with("novo")...)
	w.sim.SetCustomAttributes(0, id, map[string]any{"origem": "feira"})
	p := w.browser("lost").opensBoard(w)

	p.focus(cardID(id))
	p.press("o")
	p.until("it is asked", asked)
	p.press(kb.Escape)
	p.until("nothing has happened", `!(`+asked+`) && document.activeElement.id === %q`, cardID(id)[1:])
	p.shows(id, w.stage("novo"))

	p.press("o")
	p.until("it is asked", asked)
	p.press(kb.ArrowDown)
	p.press(kb.Enter)
	p.shows(id, w.stage("perdido"))
	w.labelled(id, with("perdido")...)
	p.atRest(id)
	w.eventually(func() bool { return w.reason(id) == "Concorrente" }, "the reason is kept")
	require.Equal(t, "feira", w.upstream(id).CustomAttributes.Map()["origem"], "and nothing else is lost")

	p.press("z")
	p.shows(id, w.stage("novo"))
	w.labelled(id, with("novo")...)
	w.eventually(func() bool { return w.reason(id) == nil }, "the reason went with the move")
	p.focus(cardID(id))
	p.press("w")
	p.shows(id, w.stage("ganho"))
}

func TestBrowserLostZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.asksWhy(true, "Preço")
	id := w.conversation("Ana Lima", "novo")
	p := w.browser("zone").opensBoard(w)
	p.expects("422")
	value[any](p, `htmx.ajax("PUT", "/boards/%d/cards/%d/stage", {values: {stage: "%d"}, target: "#notices", swap: "beforeend"})`, w.board.ID, id, w.stage("perdido"))
	p.until("the board wants a reason", `document.querySelector("#notices .notice")?.textContent.includes("why")`)
	require.Equal(t, []string{"novo"}, w.sim.Labels(id))

	from := p.grip(id)
	p.do(chromedp.DragAndDropXY(from.X, from.Y, 1080, 862, 60)) // the zone on the right at the bottom, which is there only meanwhile
	p.until("it is asked", asked)
	p.click("#lost .button--main")
	p.shows(id, w.stage("perdido"))
	w.labelled(id, "perdido")
	w.eventually(func() bool { return w.reason(id) == "Preço" }, "the reason is kept")
	for _, m := range manners {
		p.inManner(w, m).opensBoard(w)
		value[any](p, `document.getElementById("lost").showPopover()`)
		p.accessible("why, " + m.String())
	}
}
