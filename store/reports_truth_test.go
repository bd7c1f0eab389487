package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// told is one move of a history: when, who, and where to.
type told struct {
	hours int
	id    kanban.ConversationID
	stage string
}

var sevenMoves = []told{
	{1, 1, "novo"}, {2, 2, "novo"}, {5, 1, "proposta"}, {7, 3, "fechamento"}, {9, 2, "perdido"}, {12, 1, "ganho"}, {15, 3, "novo"},
}

// reportOf lives through the moves, each told in a way, and reports the month at its end.
func reportOf(t *testing.T, tell func(w *world, n int, snap kanban.Snapshot)) (*world, report.Report) {
	t.Helper()
	w := funnelWorld(t)
	for n, m := range sevenMoves {
		w.ms.Store(start.Add(time.Duration(m.hours) * time.Hour).UnixMilli())
		tell(w, n, w.conversation(m.id, m.stage))
	}
	w.ms.Store(start.Add(48 * time.Hour).UnixMilli())
	r, err := report.Of(t.Context(), w.store, w.ask(), month)
	require.NoError(t, err)
	for i := range r.Stalled {
		r.Stalled[i].Conversation = kanban.Conversation{}
	}
	return w, r
}

func TestDoubledNewsChangeNoFigure(t *testing.T) {
	t.Parallel()
	_, want := reportOf(t, func(w *world, _ int, snap kanban.Snapshot) { w.apply(snap) })
	require.Equal(t, []int{3, 1, 1, 1}, []int{want.Funnel.Came, want.Funnel.Won, want.Funnel.Lost, want.Funnel.Open})
	var all []kanban.Snapshot
	_, got := reportOf(t, func(w *world, _ int, snap kanban.Snapshot) {
		all = append(all, snap)
		w.apply(snap, snap)
		w.pass(time.Minute)
		w.apply(all...) // the old ones come once more, late
	})
	require.Equal(t, want, got)
}

func TestLostNewsThatAreRepairedChangeTimesOnly(t *testing.T) {
	t.Parallel()
	_, want := reportOf(t, func(w *world, _ int, snap kanban.Snapshot) { w.apply(snap) })
	w, got := reportOf(t, func(w *world, n int, snap kanban.Snapshot) {
		if n%2 == 0 {
			w.apply(snap)
			return
		}
		w.pass(time.Minute) // nobody told: a reconciliation finds it
		snap.Source, snap.Read, snap.At = kanban.FromReconcile, true, w.now()
		w.apply(snap)
	})
	require.Equal(t, want.Funnel, got.Funnel)
	require.Equal(t, want.Results, got.Results)
	require.Equal(t, want.Trend, got.Trend)
	require.Equal(t, want.Pipeline, got.Pipeline)
	require.Equal(t, want.Agents, got.Agents)
	for i, s := range got.Stages {
		require.Equal(t, []int{want.Stages[i].Cards, want.Stages[i].Open, want.Stages[i].Count}, []int{s.Cards, s.Open, s.Count})
		require.InDelta(t, want.Stages[i].Median, s.Median, float64(time.Minute))
	}
	marked := 0
	for id := range kanban.ConversationID(3) {
		for _, tr := range w.transitions(id + 1) {
			if !tr.AtKnown {
				marked++
			}
		}
	}
	require.Equal(t, 3, marked, "what was found out later is marked")
}

// Days and months are those of the viewer's calendar, to the second, where clocks change, too.
func TestFiguresKeepToTheCalendarOfTheViewer(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		zone, from, until string
		moments           []string
		want              int
	}{
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04", []string{ // clocks went forward at midnight: this day begins at one
			"2018-11-03T23:59:59-03:00", "2018-11-04T01:00:00-02:00", "2018-11-04T23:59:59-02:00", "2018-11-05T00:00:00-02:00",
		}, 2},
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17", []string{ // and back: its last hour came twice
			"2018-02-17T00:00:00-02:00", "2018-02-17T23:30:00-02:00", "2018-02-17T23:30:00-03:00", "2018-02-18T00:00:00-03:00",
		}, 3},
		{"America/Sao_Paulo", "2026-03-01", "2026-03-31", []string{
			"2026-02-28T23:59:59-03:00", "2026-03-01T00:00:00-03:00", "2026-03-31T23:59:59-03:00", "2026-04-01T00:00:00-03:00",
		}, 2},
		{"Europe/Madrid", "2026-03-29", "2026-03-29", []string{
			"2026-03-28T23:59:59+01:00", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T23:59:59+02:00", "2026-03-30T00:00:00+02:00",
		}, 3},
		{"Europe/Madrid", "2026-10-25", "2026-10-25", []string{
			"2026-10-24T23:59:59+02:00", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T23:59:59+01:00", "2026-10-26T00:00:00+01:00",
		}, 4},
		{"Europe/Madrid", "2026-03-01", "2026-03-31", []string{"2026-02-28T23:59:59+01:00", "2026-03-01T00:00:00+01:00", "2026-03-31T23:59:59+02:00", "2026-04-01T00:00:00+02:00"}, 2},
	} {
		w := funnelWorld(t)
		zone := report.Zone(one.zone)
		day := func(text string) time.Time {
			d, err := time.ParseInLocation(time.DateOnly, text, zone)
			require.NoError(t, err)
			return d.Add(12 * time.Hour)
		}
		for i, text := range one.moments {
			at, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			w.ms.Store(at.UnixMilli())
			w.apply(w.conversation(kanban.ConversationID(i+1), "ganho"))
		}
		w.pass(24 * time.Hour)
		q := w.ask()
		q.Now = w.now().In(zone)
		r, err := report.Of(t.Context(), w.store, q, report.PeriodOf(report.AnyDates, q.Now, day(one.from), day(one.until)))
		require.NoError(t, err)
		require.Equal(t, []int{one.want, one.want, one.want}, []int{r.Funnel.Came, r.Results.Came, r.Results.Won.Count}, "%s %s", one.zone, one.from)
	}
}

// A stay is as long as it was, whatever the clocks on the wall showed.
func TestAStayOverAChangeOfClocks(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	for _, m := range []struct{ at, stage string }{{"2018-11-03T22:00:00-03:00", "novo"}, {"2018-11-04T03:00:00-02:00", "ganho"}} {
		at, err := time.Parse(time.RFC3339, m.at)
		require.NoError(t, err)
		w.ms.Store(at.UnixMilli())
		w.apply(w.conversation(1, m.stage))
	}
	q := w.ask()
	q.Now = w.now().Add(time.Hour).In(report.Zone("America/Sao_Paulo"))
	r, err := report.Of(t.Context(), w.store, q, report.PeriodOf(report.ThisMonth, q.Now, q.Now, q.Now))
	require.NoError(t, err)
	four := report.Durations{Count: 1, Median: 4 * time.Hour, P90: 4 * time.Hour}
	require.Equal(t, []report.Durations{four, four}, []report.Durations{r.Stages[0].Durations, r.Cycle})
}

// What was forecast and wanted in one currency says nothing in another.
func TestAnotherCurrencyBeginsAnew(t *testing.T) {
	t.Parallel()
	w := funnelWorld(t)
	deal := w.conversation(1, "novo")
	deal.Attributes = `{"deal_value":100,"expected_close":"2026-04-10"}`
	w.apply(deal)
	require.NoError(t, w.store.RecordForecasts(t.Context(), w.account, w.now()))
	require.NoError(t, w.store.SetGoal(t.Context(), w.board.ID, "2026-03", 5_000))
	there := func() []bool {
		_, forecast, err := w.store.Forecast(t.Context(), w.ask(), "2026-04", start)
		require.NoError(t, err)
		_, goal, err := w.store.Goal(t.Context(), w.board.ID, "2026-03")
		require.NoError(t, err)
		return []bool{forecast, goal}
	}
	b := w.board
	b.Name = "Outro nome"
	var err error
	w.board, err = w.store.UpdateBoard(t.Context(), b)
	require.NoError(t, err)
	require.Equal(t, []bool{true, true}, there())
	w.board.Currency = "EUR"
	w.board, err = w.store.UpdateBoard(t.Context(), w.board)
	require.NoError(t, err)
	require.Equal(t, []bool{false, false}, there())
}
