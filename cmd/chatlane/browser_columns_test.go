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
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 60})
	p := w.browser("rot").opensBoard(w)
	require.Empty(t, value[[]string](p, `[...document.querySelectorAll(".card")].filter((card) => {
		const time = card.querySelector(".clock--timer time");
		if (!time || !card.checkVisibility({ contentVisibilityAuto: true })) return false;
		card.dataset.rot = "4";
		time.textContent = "123 d";
		const inner = time.getBoundingClientRect(), outer = card.querySelector(".card__facts").getBoundingClientRect();
		return inner.width < 10 || inner.right > outer.right + 1 || inner.left < outer.left;
	}).map((card) => card.id)`))
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
