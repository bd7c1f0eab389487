package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// TestBrowserCollapsedColumn: by key and by button, after a visit, with drops and live totals; a phone takes no notice.
func TestBrowserCollapsedColumn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Bia Reis", with("proposta")...)
	p := w.browser("columns").opensBoard(w)
	novo := w.stage("novo")
	const narrow = `document.querySelector("#stage-%d").getBoundingClientRect().width < 50`

	p.focus(cardID(id))
	p.press("c")
	p.until("the column is narrow, its button has the focus", narrow+` && document.activeElement.id === "stage-%d-head-fold"`, novo, novo)
	require.True(t, value[bool](p, `document.querySelector("#stage-%d-head .stage__name").checkVisibility() && !document.querySelector(%q).checkVisibility()`, novo, cardID(id)))
	p.opens(w.boardURL())
	require.True(t, value[bool](p, narrow, novo), "it still is")
	p.accessible("collapsed column")

	p.drag(other, novo)
	w.labelled(other, with("novo")...)
	p.until("what was dropped counts", `document.querySelector("#stage-%d-head .stage__count").textContent === "2"`, novo)
	require.True(t, value[bool](p, narrow, novo), "a change of totals leaves it narrow")

	p.phone(390, 844).opens(w.boardURL())
	p.click(`.tabs__tab[href="#stage-` + columnNumber(novo) + `"]`)
	p.until("on a phone it fills the screen", `Math.abs(document.querySelector("#stage-%d").getBoundingClientRect().width - innerWidth) < 2 && document.querySelector(%q).checkVisibility()`, novo, cardID(id))

	p = w.browser("columns again").opensBoard(w)
	p.click("#stage-" + columnNumber(novo) + "-head-fold")
	p.until("the column is wide", `!(`+narrow+`)`, novo)
	p.shows(id, novo)
	p.shows(other, novo)
}

// TestBrowserRotHasItsDays: however narrow the column and full the card, a tinted card says for how many days.
func TestBrowserRotHasItsDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	w.sim.SetCustomAttributes(0, id, map[string]any{"deal_value": 123456789.5, "next_step": "Ligar", "next_step_on": "2020-11-21"})
	p := w.browser("rot").opensBoard(w)
	p.until("the card is full", `document.querySelector(%q + " .card__value") && document.querySelector(%q + " .card__next")`, cardID(id), cardID(id))
	require.True(t, value[bool](p, `(card => {
		const time = card.querySelector(".clock--timer time");
		card.dataset.rot = "4";
		time.textContent = "1234 d";
		const inner = time.getBoundingClientRect(), outer = card.querySelector(".card__facts").getBoundingClientRect();
		return inner.width > 20 && inner.right <= outer.right + 1 && inner.left >= outer.left;
	})(document.querySelector(%q))`, cardID(id)))
}

// TestBrowserLimit: a full column is amber, one above its limit red, and both say so in words.
func TestBrowserLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.conversation("Ana Lima", with("novo")...)
	b, err := w.engine.ChangeBoard(t.Context(), kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAdministrator}, w.board.ID, w.board.Version, func(b *kanban.Board) error {
		b.Stages[0].WIP = 1
		return nil
	})
	require.NoError(t, err)
	p := w.browser("limit").opensBoard(w)
	count := `#stage-` + columnNumber(b.Stages[0].ID) + `-head .stage__count`
	p.until("it is full", `(c => c.textContent === "1/1" && c.dataset.limit === "full" && /reached/.test(c.ariaLabel))(document.querySelector(%q))`, count)
	p.accessible("full column")
	amber := value[string](p, `getComputedStyle(document.querySelector(%q)).color`, count)
	w.conversation("Bia Reis", with("novo")...)
	p.until("it is over", `(c => c.textContent === "2/1" && c.dataset.limit === "over" && /above/.test(c.ariaLabel))(document.querySelector(%q))`, count)
	p.accessible("column over its limit")
	require.NotEqual(t, amber, value[string](p, `getComputedStyle(document.querySelector(%q)).color`, count))
}

// TestBrowserSummary: the figures above the columns follow what happens, stay under the filter, and lead to their cards.
func TestBrowserSummary(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	w.conversation("Bia Reis", with("proposta")...)
	p := w.browser("summary").opensBoard(w)
	const figure = `document.querySelector('#summary [data-figure=%s] .summary__value').textContent`
	p.until("nothing is worth anything yet", figure+` === "R$0"`, "open")
	p.until("both are new in their stages", figure+` === "now"`, "age")
	w.sim.SetCustomAttributes(0, id, map[string]any{"deal_value": 1250})
	p.until("the value is there", figure+` === "R$1,250"`, "open")
	p.accessible("board with a summary")

	p.click("#summary [data-figure=open]")
	p.until("its cards are in rows", `location.pathname.endsWith("/list") && document.readyState === "complete" && document.querySelectorAll("tbody tr").length === 2`)
	require.Equal(t, "R$1,250", value[string](p, figure, "open"), "and so is the sum")

	p.opensFiltered(w, "q=bia")
	require.Equal(t, "R$0", value[string](p, figure, "open"), "under the filter")
	p.phone(390, 844).opens(w.boardURL())
	p.tap(".finder__open")
	p.until("on a phone it is on the sheet", `document.querySelector("#summary-sheet").checkVisibility() && !document.querySelector("#summary").checkVisibility()
		&& document.querySelector("#summary-sheet [data-figure=open] .summary__value").textContent === "R$1,250"`)
	require.LessOrEqual(t, value[float64](p, `document.querySelector(".board__columns").getBoundingClientRect().top`), 104.0)
	p.accessible("summary on a phone")
}

// TestBrowserClosedPeriod: the period is chosen in the header of a closed column, is in the address, and lets in what is won now.
func TestBrowserClosedPeriod(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 40})
	id := w.conversation("Ana Lima", with("novo")...)
	w.sim.SetCustomAttributes(0, id, map[string]any{"deal_value": 1250})
	p := w.browser("period").opensBoard(w)
	won := w.stage("ganho")
	head := `document.querySelector("#stage-` + columnNumber(won) + `-head %s")`
	require.True(t, value[bool](p, head+`.textContent !== "0"`, ".stage__count"))
	p.chooses("stage-"+columnNumber(won)+"-head-period", "7")
	p.until("it is in the address", `location.search === "?closed=7" && document.readyState === "complete"`)
	require.True(t, value[bool](p, head+`.textContent === "0"`, ".stage__count"), "all of that was before our time")

	p.focus(cardID(id))
	p.press("w")
	p.shows(id, won)
	w.labelled(id, with("ganho")...)
	p.until("it counts, and so does its value", head+`.textContent === "1" && `+head+`?.textContent === "R$1,250"`, ".stage__count", ".stage__sum")
	p.focus("#stage-" + columnNumber(won) + "-head .stage__sum")
	require.Contains(t, value[string](p, head+`.ariaLabel`, ".stage__sum"), "1 ")
	p.accessible("period, and a sum that tells more")
	require.True(t, value[bool](p, `document.querySelector("#stage-%d-head .stage__period") === null`, w.stage("novo")))
	p.chooses("stage-"+columnNumber(w.stage("perdido"))+"-head-period", "90")
	p.until("each column's choice counts", `location.search === "?closed=90" && document.readyState === "complete"`)
}
