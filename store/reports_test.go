package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// funnelWorld is a world whose board has three open stages, one for what is won and one for what is lost.
func funnelWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.setDeal()
	w.relabel(funnelLabels...)
	w.board = w.funnel()
	return w
}

var funnelLabels = []kanban.Label{
	{ID: 1, Title: "novo"}, {ID: 2, Title: "proposta"}, {ID: 3, Title: "fechamento"}, {ID: 6, Title: "ganho"}, {ID: 7, Title: "perdido"}, {ID: 4, Title: "vip"},
}

func (w *world) setDeal() {
	w.t.Helper()
	require.NoError(w.t, w.store.SetDealKeys(w.ctx, w.account, kanban.DealKeys{Value: "deal_value", ExpectedClose: "expected_close", LostReason: "lost_reason"}))
}

func (w *world) funnel() kanban.Board {
	w.t.Helper()
	b := kanban.Board{Account: w.account, Name: "Funil", Currency: "BRL", Winner: kanban.FurthestStage}
	for i, l := range funnelLabels[:5] {
		kind := kanban.StageOpen
		switch l.Title {
		case "ganho":
			kind = kanban.StageWon
		case "perdido":
			kind = kanban.StageLost
		}
		b.Stages = append(b.Stages, kanban.Stage{Label: l.ID, Title: l.Title, Name: l.Title, Kind: kind, Probability: 20 * (i + 1), RottingDays: 3 * (i % 2)})
	}
	b, err := w.store.CreateBoard(w.ctx, b)
	require.NoError(w.t, err)
	return b
}

func (w *world) ask() report.Question {
	return report.Question{Board: w.board, Viewer: w.admin, Now: w.now()}
}

// day tells a conversation's labels some hours after the world began.
func (w *world) at(hours int, id kanban.ConversationID, titles ...string) {
	w.t.Helper()
	w.ms.Store(start.Add(time.Duration(hours) * time.Hour).UnixMilli())
	w.apply(w.conversation(id, titles...))
}

// month is the one that the world begins in.
var month = report.PeriodOf(report.AnyDates, start.AddDate(1, 0, 0), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC))

func TestAFunnelWorkedOutByHand(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	w.at(0, 1, "novo") // goes straight through
	w.at(10, 1, "proposta")
	w.at(30, 1, "fechamento")
	w.at(40, 1, "ganho")
	w.at(0, 2, "novo") // skips to the end and is lost there
	w.at(5, 2, "fechamento")
	w.at(9, 2, "perdido")
	w.at(1, 3, "proposta") // goes back, and is still open
	w.at(2, 3, "novo")
	w.at(3, 4, "novo") // is won, and opened again
	w.at(4, 4, "ganho")
	w.at(6, 4, "novo")
	w.at(7, 5, "vip") // never enters
	w.at(8, 6, "perdido")
	w.at(50, 7, "novo") // leaves the board
	w.at(51, 7, "vip")
	gone := w.conversation(7, "vip")
	gone.Status, gone.Version = kanban.StatusResolved, gone.Version+1
	w.apply(gone)
	w.ms.Store(start.Add(100 * time.Hour).UnixMilli())

	r, err := report.Of(t.Context(), w.store, w.ask(), month)
	require.NoError(t, err)
	require.Equal(t, 6, r.Funnel.Came)
	var reached, open, lost, left []int
	for _, s := range r.Funnel.Steps {
		reached, open, lost, left = append(reached, s.Reached), append(open, s.Open), append(lost, s.Lost), append(left, s.Gone)
	}
	require.Equal(t, []int{5, 4, 3}, reached, "what skipped a stage reached it, what went back stays where it had been")
	require.Equal(t, []int{0, 1, 1}, open)
	require.Equal(t, []int{0, 0, 1}, lost)
	require.Equal(t, []int{1, 0, 0}, left)
	require.Equal(t, []int{1, 2, 2, 1}, []int{r.Funnel.Won, r.Funnel.Lost, r.Funnel.Open, r.Funnel.Gone})
	require.Equal(t, report.Durations{Count: 1, Median: 40 * time.Hour, P90: 40 * time.Hour}, r.Cycle)
	rate, ok := r.Results.WinRate()
	require.True(t, ok)
	require.Equal(t, 333, rate)

	hours := func(n ...int) report.Durations {
		var all []time.Duration
		for _, h := range n {
			all = append(all, time.Duration(h)*time.Hour)
		}
		return report.DurationsOf(all)
	}
	require.Equal(t, hours(10, 5, 98, 1, 94, 1), r.Stages[0].Durations, "those still there are counted up to now")
	require.Equal(t, hours(20, 1), r.Stages[1].Durations)
	require.Equal(t, hours(10, 4), r.Stages[2].Durations)
	require.Equal(t, []int{5, 2, 0}, []int{r.Stages[0].Cards, r.Stages[0].Open, r.Stages[0].Unknown})
}

func TestWhatWasThereBeforeUsIsMarked(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	old := func(id kanban.ConversationID, label string) {
		snap := w.conversation(id, label)
		snap.Source, snap.Read, snap.CreatedAt = kanban.FromImport, true, start.Add(-24*time.Hour)
		w.apply(snap)
	}
	old(1, "ganho")
	old(2, "proposta")
	w.at(5, 2, "ganho")
	r, err := report.Of(t.Context(), w.store, w.ask(), month)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, []int{r.Funnel.Came, r.Funnel.Earlier}, "they came when the conversation began")
	require.Equal(t, 1, r.Results.Won.Count, "only the one that was seen")
	require.Equal(t, 1, r.Undated.Won.Count)
	require.Zero(t, r.Cycle.Count)
	require.Equal(t, []int{0, 1}, []int{r.Stages[1].Count, r.Stages[1].Unknown})
}

func TestAStageThatIsGoneKeepsWhatWasWonInIt(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	w.at(1, 1, "novo")
	w.at(2, 1, "ganho")
	w.at(3, 2, "proposta")
	b := w.board
	b.Stages = append(b.Stages[:1:1], b.Stages[2], b.Stages[4])
	var err error
	w.board, err = w.store.UpdateBoard(t.Context(), b)
	require.NoError(t, err)
	r, err := report.Of(t.Context(), w.store, w.ask(), month)
	require.NoError(t, err)
	require.Equal(t, []int{2, 1, 1}, []int{r.Funnel.Came, r.Funnel.Won, r.Funnel.Open})
	require.Equal(t, 1, r.Results.Won.Count)
	require.Equal(t, []int{1, 1}, []int{r.Funnel.Steps[0].Reached, r.Funnel.Steps[1].Reached}, "what was only in a stage that is gone has come in")
}

func TestBoardsThatShareALabelCountOnTheirOwn(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	w.at(1, 1, "novo")
	second := w.newBoard(w.account, funnelLabels[:2])
	w.at(2, 2, "novo")
	first, err := report.Of(t.Context(), w.store, w.ask(), month)
	require.NoError(t, err)
	q := w.ask()
	q.Board = second
	other, err := report.Of(t.Context(), w.store, q, month)
	require.NoError(t, err)
	require.Equal(t, []int{2, 0}, []int{first.Funnel.Came, first.Funnel.Earlier})
	require.Equal(t, []int{2, 1}, []int{other.Funnel.Came, other.Funnel.Earlier}, "that board was made later")
}

func TestReportsCountWhatTheViewerSees(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	w.at(1, 1, "novo")
	hidden := w.conversation(2, "novo")
	hidden.InboxID = 2
	w.apply(hidden)
	w.pass(time.Hour)
	q := w.ask()
	for _, one := range []struct {
		viewer kanban.Viewer
		want   int
	}{
		{kanban.Viewer{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1}}, 1},
		{kanban.Viewer{Account: w.account, Role: kanban.RoleAgent}, 0},
		{kanban.Viewer{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1, 2}, Narrow: true, Only: []kanban.ConversationID{2}}, 1},
		{w.admin, 2},
	} {
		q.Viewer = one.viewer
		r, err := report.Of(t.Context(), w.store, q, month)
		require.NoError(t, err)
		require.Equal(t, []int{one.want, one.want, one.want, one.want}, []int{r.Funnel.Came, r.Results.Came, r.Pipeline.Open.Count, r.Stages[0].Cards})
	}
	for _, stranger := range []kanban.Viewer{{Account: w.account + 1, Role: kanban.RoleAdministrator}, {Account: w.account}} {
		q.Viewer = stranger
		_, err := report.Of(t.Context(), w.store, q, month)
		require.ErrorIs(t, err, kanban.ErrNotFound)
	}
}

func TestForecastsAreRememberedByDay(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	deal := w.conversation(1, "novo")
	deal.Attributes = `{"deal_value":100,"expected_close":"2026-04-10"}`
	w.apply(deal)
	require.NoError(t, w.store.RecordForecasts(t.Context(), w.account, w.now()))
	w.pass(time.Hour)
	deal.Attributes, deal.Version = `{"deal_value":900,"expected_close":"2026-04-10"}`, w.version()
	w.apply(deal)
	require.NoError(t, w.store.RecordForecasts(t.Context(), w.account, w.now()), "the day's first word stands")
	q := w.ask()
	amount, ok, err := w.store.Forecast(t.Context(), q, "2026-04", start.AddDate(0, 0, -3))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, kanban.Amount(20_000), amount, "a fifth of it")
	q.Filter.Agent = 3
	_, ok, err = w.store.Forecast(t.Context(), q, "2026-04", start)
	require.NoError(t, err)
	require.False(t, ok, "it is not kept by agent")
	r, err := report.Of(t.Context(), w.store, w.ask(), month)
	require.NoError(t, err)
	require.Equal(t, kanban.Amount(180_000), r.Pipeline.Weighted)
}
