package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// TestClosedPeriod: won and lost columns show what got there lately, counts and sums included; other columns show everything.
func TestClosedPeriod(t *testing.T) {
	t.Parallel()
	w := connected(t, business(80))
	p := w.person()
	viewer := kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAdministrator}
	whole, err := w.store.Counts(t.Context(), w.board, viewer, kanban.Filter{}.Look(w.board, viewer, time.Now()))
	require.NoError(t, err)
	count := func(doc *goquery.Selection, st kanban.Stage) string {
		return strings.TrimSpace(doc.Find(fmt.Sprintf("#stage-%d-head .stage__count", st.ID)).Text())
	}
	for _, path := range []string{w.boardPath(), w.boardPath("totals")} {
		page := p.get(path + "?closed=7").page().Selection
		for _, st := range w.board.Stages {
			period := page.Find(fmt.Sprintf(`#stage-%d-head select[name=closed]`, st.ID))
			if st.Kind == kanban.StageOpen {
				require.Equal(t, fmt.Sprint(whole.Stages[st.ID].Count), count(page, st))
				require.Zero(t, period.Length())
				continue
			}
			require.NotZero(t, whole.Stages[st.ID].Count, "there is something to leave out")
			require.Equal(t, "0", count(page, st), "all of it is from before our time")
			require.Zero(t, page.Find(fmt.Sprintf("#stage-%d-head .stage__sum", st.ID)).Length())
			require.Equal(t, "7", period.Find("[selected]").AttrOr("value", ""))
		}
	}
	require.Equal(t, w.boardPath()+"?needs=mine", p.get(w.boardPath()+"?closed=&needs=mine").header.Get("Location"))
	require.Empty(t, kanban.ParseFilter(map[string][]string{"closed": {"8"}}).Query())
	require.Contains(t, attributes(p.get(w.boardPath()+"?closed=30&needs=mine").page().Find("form[id$=-period] input"), "name"), "needs", "what else is filtered stays")
}

// TestClosedSince holds the period against cards of both kinds of stages.
func TestClosedSince(t *testing.T) {
	t.Parallel()
	b := kanban.Board{ID: 1, Account: 1, Stages: []kanban.Stage{{ID: 1, Kind: kanban.StageOpen}, {ID: 2, Kind: kanban.StageWon}, {ID: 3, Kind: kanban.StageLost}}}
	now := time.Now()
	look := kanban.Filter{Closed: 30}.Look(b, kanban.Viewer{Account: 1, Role: kanban.RoleAdministrator}, now)
	for stage := kanban.StageID(1); stage <= 3; stage++ {
		for _, days := range []int{0, 29, 31, 400} {
			x := kanban.Facts{Stage: stage, EnteredAt: kanban.StampOf(now.AddDate(0, 0, -days))}
			require.Equal(t, stage == 1 || days < 30, look.Matches(&x), "stage %d after %d days", stage, days)
		}
	}
}
