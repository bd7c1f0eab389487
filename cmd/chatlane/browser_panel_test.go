package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// opensCard clicks on a card and waits for its panel.
func (p *tab) opensCard(id int64) *tab {
	p.t.Helper()
	p.click(cardID(id) + " .card__said")
	p.panelOf(id)
	return p
}

// panelOf waits until the panel of a conversation is open.
func (p *tab) panelOf(id int64) {
	p.t.Helper()
	p.until(fmt.Sprintf("the panel of %d is open", id), `document.getElementById("panel")?.dataset.card === %q`, cardID(id)[1:])
}

func (p *tab) panelGone() {
	p.t.Helper()
	p.until("no panel is open", `!document.getElementById("panel")`)
}

func (p *tab) at(path string) {
	p.t.Helper()
	p.until("the address is "+path, `location.pathname === %q`, path)
}

func (w *world) panelPath(id int64) string {
	return fmt.Sprintf("/boards/%d/cards/%d/panel", w.board.ID, id)
}

func (w *world) boardPath() string { return fmt.Sprintf("/boards/%d", w.board.ID) }

func TestBrowserPanelOpensAndCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("panel").opensBoard(w)

	p.opensCard(id)
	p.at(w.panelPath(id))
	p.until("the focus is in the panel", `document.activeElement.id === "panel"`)
	p.until("it is the customer's", `document.getElementById("panel-name").textContent === "Ana Lima"`)
	p.press(kb.Escape)
	p.panelGone()
	p.at(w.boardPath())
	p.until("the focus is back on the card", `document.activeElement.id === %q`, cardID(id)[1:])

	p.press(kb.Enter)
	p.panelOf(id)
	p.do(chromedp.NavigateBack())
	p.panelGone()
	p.at(w.boardPath())

	p.opens(w.url(w.panelPath(id)))
	p.panelOf(id)
	p.click("#panel [data-close-panel]")
	p.panelGone()
	p.at(w.boardPath())
	p.opensCard(id)
	p.do(chromedp.Reload())
	p.panelOf(id)
	p.click("#panel [data-close-panel]")
	p.panelGone()
	p.at(w.boardPath())
}

func TestBrowserPanelWalks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	lower, upper := w.conversation("Bruno Sá", "novo"), w.conversation("Ana Lima", "novo")
	p := w.browser("panel").opensBoard(w)
	p.focus(cardID(upper))
	p.press(kb.Enter)
	p.panelOf(upper)

	p.press("j")
	p.panelOf(lower)
	p.at(w.panelPath(lower))
	p.press("j") // there is no further one
	p.press("k")
	p.panelOf(upper)
	p.press(kb.ArrowDown)
	p.panelOf(lower)
	p.do(chromedp.NavigateBack())
	p.panelGone()
	p.at(w.boardPath())

	// Whoever walks the board itself has the panel follow, and stays on the board.
	p.focus(cardID(lower))
	p.press(kb.Enter)
	p.panelOf(lower)
	p.focus(cardID(lower))
	p.press("k")
	p.panelOf(upper)
	require.Equal(t, cardID(upper)[1:], value[string](p, `document.activeElement.id`))
	p.press(kb.Escape)
	p.panelGone()
}

func TestBrowserPanelMovesTheCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("panel").opensBoard(w).opensCard(id)

	p.click(fmt.Sprintf("#panel .stepper [value='%d']", w.stage("proposta")))
	p.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	p.atRest(id)
	p.until("the timeline tells", `document.querySelector("#panel-timeline li[data-kind=stage]").textContent.includes("Novo → Proposta")`)

	// Somebody else, elsewhere, while the panel is open.
	w.sim.SetLabels(0, id, with("qualificado", "urgente"))
	p.until("the stepper follows", `document.querySelector("#panel .stepper [aria-current]").value === "%d"`, w.stage("qualificado"))
	p.until("so does the timeline", `document.querySelectorAll("#panel-timeline li[data-kind=stage]").length === 3`)
}

func TestBrowserPanelOfACardThatIsNotLoaded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	old := w.conversation("Antiga Souza", "novo")
	for n := range 60 {
		w.conversation(fmt.Sprintf("Nova %d", n), "novo")
	}
	p := w.browser("panel").opens(w.url(w.panelPath(old)))
	p.panelOf(old)
	p.click(fmt.Sprintf("#panel .stepper [value='%d']", w.stage("ganho")))
	w.labelled(old, "ganho")
	p.until("the stepper follows", `document.querySelector("#panel .stepper [aria-current]").value === "%d"`, w.stage("ganho"))
}

func TestBrowserPanelTellsOfTheDeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("panel").opensBoard(w).opensCard(id)

	w.sim.SetCustomAttributes(0, id, map[string]any{"deal_value": 1250.5})
	p.until("the value is told", `[...document.querySelectorAll("#panel-timeline li")].some((e) => e.textContent.includes("1,250.50"))`)
	w.sim.SetLabels(0, id, append(with("novo"), "revenda"))
	p.until("the label is told", `[...document.querySelectorAll("#panel-timeline li[data-kind=labels]")].some((e) => e.textContent.includes("+revenda"))`)
}

func TestBrowserPanelOfWhatIsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("panel").opensBoard(w).opensCard(id)
	p.expects("404")

	w.sim.DeleteConversation(id)
	p.click(fmt.Sprintf("#panel .stepper [value='%d']", w.stage("proposta"))) // that is how it is noticed
	p.until("it is said", `document.querySelector("#panel.panel--gone [role=status]")`)
	p.click("#panel [data-close-panel]")
	p.panelGone()
}

func TestBrowserPanelWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("panel").opensBoard(w).opensCard(id)
	p.press(kb.Escape)
	p.panelGone()

	var broken atomic.Bool
	broken.Store(true)
	around := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if broken.Load() && strings.HasSuffix(r.URL.Path, "/panel") {
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(rw, r)
		})
	}
	w.around.Store(&around)
	p.expects("ERR_EMPTY_RESPONSE")
	p.click(cardID(id) + " .card__said")
	p.until("it is said", `document.querySelector("#notices .notice")?.textContent.includes("does not answer")`)
	broken.Store(false)
	p.opensCard(id)
}

func TestBrowserPanelOnAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("phone").phone(390, 844).opensBoard(w)
	value[any](p, `document.querySelector(%q).scrollIntoView()`, cardID(id))
	p.tap(cardID(id) + " .card__said")
	p.panelOf(id)
	p.until("it fills the screen", `(({width, height}) => width === innerWidth && height === innerHeight)(document.getElementById("panel").getBoundingClientRect())`)
	p.until("the board behind it cannot be reached", `document.getElementById("board").inert`)
	p.tap(`#panel .panel__tabs [data-view="facts"]`)
	p.until("the details are shown", `document.getElementById("panel-facts").checkVisibility()`)
	p.until("nothing is wider than the screen", `document.documentElement.scrollWidth <= innerWidth`)
	p.tap(fmt.Sprintf("#panel .stepper [value='%d']", w.stage("qualificado")))
	w.labelled(id, with("qualificado")...)
	p.tap("#panel [data-close-panel]")
	p.panelGone()
	p.until("the board can be reached again", `!document.getElementById("board").inert`)
}

func TestBrowserPanelIsAccessible(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("axe").opensBoard(w)
	p.focus(cardID(id))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	w.labelled(id, with("qualificado")...)
	for _, m := range manners {
		p.inManner(w, m).opens(w.url(w.panelPath(id)))
		p.panelOf(id)
		p.accessible("panel, " + m.String())
	}
}
