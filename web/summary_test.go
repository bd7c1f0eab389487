package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// TestSummary holds the figures above a board against what follows from the cards one by one, under several filters.
func TestSummary(t *testing.T) {
	t.Parallel()
	w := connected(t, business(120))
	p := w.person()
	viewer := kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAdministrator}
	whole := func(a int64) kanban.Amount { return kanban.Amount((a + 500) / 1000 * 1000) }
	loc := templates.Match("", "en")
	for _, query := range []string{"", "needs=unassigned", "q=a&status=open", fmt.Sprintf("stage=%d&stage=0", w.board.Stages[1].ID), "q=nobodyatall"} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		f := kanban.ParseFilter(values)
		look := f.Look(w.board, viewer, time.Now())
		ids, err := w.store.FoundIDs(t.Context(), w.board, viewer, look)
		require.NoError(t, err)
		cards, err := w.store.FoundCards(t.Context(), w.board, viewer, look, ids)
		require.NoError(t, err)
		var open, weighted int64
		count := 0
		for _, c := range cards {
			if st, ok := w.board.Stage(c.Stage); ok && st.Kind == kanban.StageOpen {
				count++
				open += int64(c.Deal.Value)
				weighted += int64(c.Deal.Value) * int64(st.Probability)
			}
		}
		doc := p.with("HX-Request", "true").get(w.boardPath("pills") + "?" + query).page()
		figure := func(kind string) *goquery.Selection {
			return doc.Find(`#summary[hx-swap-oob] [data-figure="` + kind + `"]`)
		}
		value := func(kind string) string { return strings.TrimSpace(figure(kind).Find(".summary__value").Text()) }
		require.Equal(t, loc.Money(whole(open), w.board.Currency), value("open"), query)
		require.Equal(t, loc.Money(whole((weighted+50)/100), w.board.Currency), value("weighted"), query)

		behind := func(kind string) int {
			path := figure(kind).AttrOr("href", "")
			require.NotEmpty(t, path, query)
			at, err := url.Parse(path)
			require.NoError(t, err)
			counts, err := w.store.Counts(t.Context(), w.board, viewer, kanban.ParseFilter(at.Query()).Look(w.board, viewer, time.Now()))
			require.NoError(t, err)
			return counts.All
		}
		require.Equal(t, count, behind("open"), query)
		require.Equal(t, count, behind("age"), query)
		require.Equal(t, value("attention"), loc.Number(behind("attention")), query)
	}
}
