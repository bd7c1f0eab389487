package store_test

import (
	"slices"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// checkMoney reckons what is open, weighted and won by month, in cents and by halves, as one would on paper.
func checkMoney(rt *rapid.T, b kanban.Board, lives []naive, now time.Time, r report.Report) {
	type month struct{ open, won, value, wonValue, weighted int64 }
	by := map[string]*month{}
	of := func(name string) *month {
		if by[name] == nil {
			by[name] = &month{}
		}
		return by[name]
	}
	this := now.Format("2006-01")
	of(this)
	for _, n := range lives {
		if n.outcome == "open" {
			name := n.deal.ExpectedClose[:7]
			if name < this {
				name = ""
			}
			m := of(name)
			m.open, m.value = m.open+1, m.value+int64(n.deal.Value)
			if at, on := b.Place(n.conversation); on && at.Stage == n.last.ID {
				m.weighted += int64(n.deal.Value) / 100 * int64(n.last.Probability) // whole hundreds: nothing to round
			}
		}
		first := time.Date(now.Year(), now.Month()-3, 1, 0, 0, 0, 0, now.Location())
		if n.outcome == "won" && n.known && !n.entered.Before(first) {
			m := of(n.entered.In(now.Location()).Format("2006-01"))
			m.won, m.wonValue = m.won+1, m.wonValue+int64(n.deal.Value)
		}
	}
	require.Len(rt, r.Pipeline.Months, len(by))
	last := "0"
	for _, m := range r.Pipeline.Months {
		want := by[m.Month]
		require.NotNil(rt, want, m.Month)
		got := month{int64(m.Open.Count), int64(m.Won.Count), int64(m.Open.Value), int64(m.Won.Value), int64(m.Weighted)}
		require.Equal(rt, *want, got, m.Month)
		if m.Month != report.Undated {
			require.Greater(rt, m.Month, last, "in their order")
			last = m.Month
		}
	}
}

func checkAgents(rt *rapid.T, lives []naive, p report.Period, r report.Report) {
	by := map[kanban.AgentID]report.AgentResults{}
	for _, n := range lives {
		id := n.conversation.AssigneeID
		a := by[id]
		a.Agent = id
		one := report.Sum{Count: 1, Valued: 1, Value: n.deal.Value}
		add := func(s *report.Sum) {
			s.Count, s.Valued, s.Value = s.Count+one.Count, s.Valued+one.Valued, s.Value+one.Value
		}
		if p.Holds(n.came) {
			a.Came++
		}
		if n.outcome == "open" {
			add(&a.Open)
		}
		if n.outcome == "won" && n.known && p.Holds(n.entered) {
			add(&a.Won)
		}
		if n.outcome == "lost" && n.known && p.Holds(n.entered) {
			add(&a.Lost)
		}
		by[id] = a
	}
	seen := 0
	for id, want := range by {
		at := slices.IndexFunc(r.Agents, func(a report.AgentResults) bool { return a.Agent == id })
		if want.Came+want.Won.Count+want.Lost.Count+want.Open.Count == 0 {
			require.Negative(rt, at)
			continue
		}
		require.GreaterOrEqual(rt, at, 0)
		require.Equal(rt, want, r.Agents[at])
		seen++
	}
	require.Len(rt, r.Agents, seen)
}

func (w *world) checkStalled(rt *rapid.T, lives []naive, now time.Time, r report.Report) {
	count := 0
	for _, n := range lives {
		at, on := w.board.Place(n.conversation)
		days := 14
		if n.last.RottingDays > 0 {
			days = n.last.RottingDays
		}
		if on && at.Stage == n.last.ID && n.last.Kind == kanban.StageOpen && n.entered.Before(now.AddDate(0, 0, -days)) {
			count++
		}
	}
	require.Equal(rt, count, r.StalledCount)
	require.Len(rt, r.Stalled, min(count, 10))
	require.True(rt, slices.IsSortedFunc(r.Stalled, func(a, b report.Card) int { return a.Entered.Compare(b.Entered) }))
}
