package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// TestReportsAgreeWithANaiveReckoning lives through random histories and works out every figure a second time, card by card from the
// history alone.
func TestReportsAgreeWithANaiveReckoning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	account := int64(1)
	rapid.Check(t, func(rt *rapid.T) {
		account++
		w.ms.Store(start.UnixMilli())
		w.account = w.connect("https://chatwoot.example", account)
		w.admin.Account = w.account
		w.setDeal()
		w.relabel(funnelLabels...)
		w.board = w.funnel()
		for range rapid.IntRange(1, 80).Draw(rt, "events") {
			w.happen(rt)
		}
		w.pass(time.Minute)
		w.reckon(rt)
	})
}

// happen is one event in the life of a few conversations: told once, twice, late, or only found out.
func (w *world) happen(rt *rapid.T) {
	w.pass(time.Duration(rapid.IntRange(0, 72*60).Draw(rt, "minutes")) * time.Minute)
	id := kanban.ConversationID(rapid.IntRange(1, 25).Draw(rt, "card"))
	var titles []string
	if n := rapid.IntRange(0, 5).Draw(rt, "stage"); n < 5 {
		titles = append(titles, funnelLabels[n].Title)
	}
	snap := w.conversation(id, titles...)
	snap.InboxID = kanban.InboxID(id%3 + 1)
	snap.TeamID = kanban.TeamID(id % 2)
	if id%4 == 0 {
		snap.Labels = append(snap.Labels, "vip")
	}
	snap.AssigneeID = kanban.AgentID(rapid.IntRange(0, 3).Draw(rt, "agent"))
	snap.Attributes = fmt.Sprintf(`{"deal_value":%d,"expected_close":"2026-%02d-07","lost_reason":%q}`, rapid.IntRange(0, 900).Draw(rt, "value"),
		rapid.IntRange(3, 12).Draw(rt, "month"), rapid.SampledFrom([]string{"", "price", "silence"}).Draw(rt, "reason"))
	if rapid.IntRange(0, 5).Draw(rt, "resolved") == 0 {
		snap.Status = kanban.StatusResolved
	}
	switch rapid.IntRange(0, 5).Draw(rt, "how") {
	case 0:
		snap.Source, snap.Read = kanban.FromReconcile, true
	case 1:
		snap.Source, snap.Read = kanban.FromImport, true
	case 2:
		w.apply(snap, snap)
	case 3:
		_, err := w.store.Forget(w.ctx, w.account, []kanban.ConversationID{id}, kanban.FromReconcile)
		require.NoError(rt, err)
		snap.Source, snap.Read, snap.At = kanban.FromReconcile, true, w.now().Add(time.Second)
	case 4:
		w.recall(rt, id)
	}
	w.apply(snap)
}

// recall gives a card that was found somewhere a past of one or two steps.
func (w *world) recall(rt *rapid.T, id kanban.ConversationID) {
	via := rapid.SampledFrom(w.board.Stages).Draw(rt, "via").ID
	_, err := w.store.Remember(w.ctx, w.account, id, func(b kanban.Board, found kanban.Transition) []kanban.Transition {
		last := kanban.Transition{Board: b.ID, Conversation: id, To: found.To, At: found.At.Add(-time.Hour), AtKnown: true, Source: kanban.FromActivity}
		if via == found.To {
			return []kanban.Transition{last}
		}
		first := last
		first.To, first.At, last.From = via, found.At.Add(-30*time.Hour), via
		return []kanban.Transition{first, last}
	})
	require.NoError(rt, err)
}

// naive is a card's life as its history tells it.
type naive struct {
	conversation kanban.Conversation
	deal         kanban.Deal
	history      []kanban.Transition
	last         kanban.Stage // with the last stage it was in
	came         time.Time
	earlier      bool
	entered      time.Time
	known        bool
	outcome      string
	step         int // the furthest of the open stages, 3 of them; -1 for none
}

func (w *world) reckon(rt *rapid.T) {
	viewer := rapid.SampledFrom([]kanban.Viewer{
		w.admin,
		{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1, 3}},
		{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{2, 3}, Narrow: true, Only: []kanban.ConversationID{1, 2, 4, 5, 8, 11, 14}},
	}).Draw(rt, "viewer")
	filter := rapid.SampledFrom([]report.Filter{{}, {Agent: 2}, {Unassigned: true}, {Inbox: 3}, {Team: 1}, {Label: "VIP"}}).Draw(rt, "filter")
	zone := report.Zone(rapid.SampledFrom([]string{"UTC", "America/Sao_Paulo", "Europe/Madrid"}).Draw(rt, "zone"))
	now := w.now().In(zone)
	p := report.PeriodOf(rapid.SampledFrom(report.PeriodNames()[:6]).Draw(rt, "period"), now, now, now)
	q := report.Question{Board: w.board, Viewer: viewer, Filter: filter, Now: now}
	r, err := report.Of(w.ctx, w.store, q, p)
	require.NoError(rt, err)
	lives := w.lives(rt, viewer, filter)
	checkFunnel(rt, lives, p.Span, r.Funnel)
	checkFunnel(rt, lives, p.Before, r.FunnelBefore)
	checkResults(rt, lives, p, r)
	checkMoney(rt, w.board, lives, now, r)
	checkAgents(rt, lives, p, r)
	w.checkStalled(rt, lives, now, r)
	checkStays(rt, w.board, lives, p, now, r)
	w.checkCards(rt, q, p, r)
}

func (w *world) lives(rt *rapid.T, v kanban.Viewer, f report.Filter) []naive {
	var all []naive
	for id := kanban.ConversationID(1); id <= 25; id++ {
		c, err := w.store.Conversation(w.ctx, w.account, id)
		if err != nil || !v.Sees(c) || f.Agent != 0 && c.AssigneeID != f.Agent || f.Unassigned && c.AssigneeID != 0 || f.Inbox != 0 && c.InboxID != f.Inbox ||
			f.Team != 0 && c.TeamID != f.Team || f.Label != "" && !slices.Contains(c.Labels, strings.ToLower(f.Label)) {
			continue
		}
		history, err := w.store.Transitions(w.ctx, w.board, id)
		require.NoError(rt, err)
		if n, ok := w.life(c, history); ok {
			all = append(all, n)
		}
	}
	return all
}

func (w *world) life(c kanban.Conversation, history []kanban.Transition) (naive, bool) {
	n := naive{conversation: c, history: history, step: -1, deal: kanban.DealOf(c.Attributes, kanban.DealKeys{Value: "deal_value", ExpectedClose: "expected_close", LostReason: "lost_reason"})}
	began := false
	for _, t := range history {
		unknown := t.Source == kanban.FromImport && !t.AtKnown
		if t.To == 0 || unknown && began && t.To == n.last.ID {
			continue
		}
		if !began {
			began, n.came, n.earlier = true, t.At, unknown
			if unknown && c.CreatedAt.Before(n.came) {
				n.came = c.CreatedAt
			}
		}
		n.last, _ = w.board.Stage(t.To)
		n.entered, n.known = t.At, !unknown
		switch n.last.Kind {
		case kanban.StageWon:
			n.step = 2
		case kanban.StageOpen:
			n.step = max(n.step, slices.IndexFunc(w.board.Stages, func(s kanban.Stage) bool { return s.ID == t.To }))
		case kanban.StageLost:
		}
	}
	n.outcome = w.fate(c, n.last)
	return n, began
}

// fate is what became of a conversation, by what it carries now.
func (w *world) fate(c kanban.Conversation, last kanban.Stage) string {
	at, on := w.board.Place(c)
	switch {
	case on && at.Stage == kanban.NoStage:
		return "open"
	case last.Kind == kanban.StageWon:
		return "won"
	case last.Kind == kanban.StageLost:
		return "lost"
	case on:
		return "open"
	}
	return "gone"
}

func checkFunnel(rt *rapid.T, lives []naive, p report.Span, f report.Funnel) {
	var came, earlier, told int
	outcomes := map[string]int{}
	var reached, lost, open, gone [4]int // the first are those that were in no step
	var why [4]map[string]int
	reasons := map[string]int{}
	for _, n := range lives {
		if !p.Holds(n.came) {
			continue
		}
		came++
		if n.earlier {
			earlier++
		}
		if slices.ContainsFunc(n.history, func(t kanban.Transition) bool { return t.Source == kanban.FromActivity }) {
			told++
		}
		outcomes[n.outcome]++
		at := n.step + 1
		for i := range at + 1 {
			reached[i]++
		}
		switch n.outcome {
		case "lost":
			lost[at]++
			reasons[n.deal.LostReason]++
			if why[at] == nil {
				why[at] = map[string]int{}
			}
			why[at][n.deal.LostReason]++
		case "open":
			open[at]++
		case "gone":
			gone[at]++
		}
	}
	require.Equal(rt, []int{came, earlier, told, outcomes["won"], outcomes["lost"], outcomes["open"], outcomes["gone"]}, []int{f.Came, f.Earlier, f.Told, f.Won, f.Lost, f.Open, f.Gone})
	above := f.Came
	for i, s := range append([]report.Step{f.Stepless}, f.Steps...) {
		require.Equal(rt, []int{lost[i], open[i], gone[i]}, []int{s.Lost, s.Open, s.Gone}, "step %d", i)
		require.Len(rt, s.Reasons, len(why[i]))
		for _, one := range s.Reasons {
			require.Equal(rt, why[i][one.Text], one.Count, "step %d: %s", i, one.Text)
		}
		if i == 0 {
			continue
		}
		require.Equal(rt, reached[i], s.Reached, "step %d", i)
		require.LessOrEqual(rt, s.Reached, above, "no conversion is above 100 %%")
		above = s.Reached
	}
	require.LessOrEqual(rt, f.Won, above)
	for _, one := range f.Reasons {
		require.Equal(rt, reasons[one.Text], one.Count, one.Text)
	}
	require.Len(rt, f.Reasons, len(reasons))
}

func checkResults(rt *rapid.T, lives []naive, p report.Period, r report.Report) {
	var won, lost, open report.Sum
	var cycles []time.Duration
	var weighted kanban.Amount
	trend := make([][3]int, len(r.Steps))
	add := func(s *report.Sum, n naive) {
		s.Count, s.Value = s.Count+1, s.Value+n.deal.Value
		s.Valued++
	}
	came := 0
	for _, n := range lives {
		for i, s := range r.Steps {
			if s.Holds(n.came) {
				trend[i][0]++
			}
			if n.known && s.Holds(n.entered) && n.outcome == "won" {
				trend[i][1]++
			}
			if n.known && s.Holds(n.entered) && n.outcome == "lost" {
				trend[i][2]++
			}
		}
		if p.Holds(n.came) {
			came++
		}
		if n.outcome == "open" {
			add(&open, n)
		}
		if !n.known || !p.Holds(n.entered) {
			continue
		}
		switch n.outcome {
		case "won":
			add(&won, n)
			if !n.earlier {
				cycles = append(cycles, n.entered.Sub(n.came))
			}
		case "lost":
			add(&lost, n)
		}
	}
	for _, m := range r.Pipeline.Months {
		weighted += m.Weighted
	}
	require.Equal(rt, report.Results{Came: came, Won: won, Lost: lost}, r.Results)
	require.Equal(rt, open, r.Pipeline.Open)
	require.Equal(rt, weighted, r.Pipeline.Weighted)
	require.Equal(rt, quantiles(cycles), r.Cycle)
	for i, s := range r.Trend {
		counted := [3]int{s.Came, s.Won.Count, s.Lost.Count}
		require.Equal(rt, trend[i], counted, "step %d", i)
	}
	var byAgent report.Results
	for _, a := range r.Agents {
		byAgent.Came, byAgent.Won.Count, byAgent.Lost.Count = byAgent.Came+a.Came, byAgent.Won.Count+a.Won.Count, byAgent.Lost.Count+a.Lost.Count
	}
	require.Equal(rt, []int{came, won.Count, lost.Count}, []int{byAgent.Came, byAgent.Won.Count, byAgent.Lost.Count})
}

// quantiles finds them by counting.
func quantiles(all []time.Duration) report.Durations {
	d := report.Durations{Count: len(all)}
	covers := func(tenths int) time.Duration {
		for _, candidate := range slices.Sorted(slices.Values(all)) {
			n := 0
			for _, one := range all {
				if one <= candidate {
					n++
				}
			}
			if n*10 >= tenths*len(all) {
				return candidate
			}
		}
		return 0
	}
	d.Median, d.P90 = covers(5), covers(9)
	return d
}

func checkStays(rt *rapid.T, b kanban.Board, lives []naive, p report.Period, now time.Time, r report.Report) {
	end := p.To
	if now.Before(end) {
		end = now
	}
	for i, st := range r.Stages {
		var all []time.Duration
		cards, unknown, open := map[kanban.ConversationID]bool{}, map[kanban.ConversationID]bool{}, 0
		for _, n := range lives {
			for k, t := range n.history {
				left := now.AddDate(9, 0, 0)
				if k+1 < len(n.history) {
					left = n.history[k+1].At
				}
				if t.To != b.Stages[i].ID || !t.At.Before(end) || left.Before(p.From) {
					continue
				}
				if t.Source == kanban.FromImport {
					unknown[n.conversation.ID] = true
					continue
				}
				cards[n.conversation.ID] = true
				if left.After(end) {
					open, left = open+1, end
				}
				all = append(all, left.Sub(t.At))
			}
		}
		require.Equal(rt, report.StageTime{Stage: b.Stages[i], Durations: quantiles(all), Cards: len(cards), Open: open, Unknown: len(unknown)}, st)
	}
}

// checkCards opens each figure: there are as many cards behind it as it says.
func (w *world) checkCards(rt *rapid.T, q report.Question, p report.Period, r report.Report) {
	check := func(want int, fig report.Figure) {
		sel, ok, err := report.Select(w.ctx, w.store, q, p, fig)
		require.NoError(rt, err)
		require.True(rt, ok)
		cards, total, err := w.store.ReportCards(w.ctx, q, sel, 0, 100)
		require.NoError(rt, err)
		require.Equal(rt, want, total, "%+v", fig)
		require.Len(rt, cards, want, "%+v", fig)
		for _, c := range cards {
			require.True(rt, q.Viewer.Sees(c.Conversation))
		}
	}
	for name, want := range map[string]int{
		report.FigCame: r.Funnel.Came, report.FigCohort: r.Funnel.Won, report.FigFailed: r.Funnel.Lost, report.FigWon: r.Results.Won.Count,
		report.FigLost: r.Results.Lost.Count, report.FigUndated: r.Undated.Won.Count + r.Undated.Lost.Count, report.FigOpen: r.Pipeline.Open.Count,
		report.FigCycle: r.Cycle.Count, report.FigDecided: r.Results.Won.Count + r.Results.Lost.Count, report.FigStalled: r.StalledCount,
	} {
		check(want, report.Figure{Name: name})
	}
	for i, s := range r.Funnel.Steps {
		check(s.Reached, report.Figure{Name: report.FigReached, Stage: s.Stage.ID})
		check(s.Lost, report.Figure{Name: report.FigLostAt, Stage: s.Stage.ID})
		check(s.Open, report.Figure{Name: report.FigOpenAt, Stage: s.Stage.ID})
		check(s.Gone, report.Figure{Name: report.FigGoneAt, Stage: s.Stage.ID})
		check(r.Stages[i].Cards, report.Figure{Name: report.FigStage, Stage: s.Stage.ID})
		check(r.Stages[i].Open, report.Figure{Name: report.FigStaying, Stage: s.Stage.ID})
		check(r.Stages[i].Unknown, report.Figure{Name: report.FigUnknown, Stage: s.Stage.ID})
	}
	check(r.Funnel.Stepless.Lost, report.Figure{Name: report.FigLostAt})
	check(r.Funnel.Stepless.Open, report.Figure{Name: report.FigOpenAt})
	check(r.Funnel.Stepless.Gone, report.Figure{Name: report.FigGoneAt})
	for _, a := range r.Agents {
		check(a.Won.Count, report.Figure{Name: report.FigWon, Agent: &a.Agent})
		check(a.Open.Count, report.Figure{Name: report.FigOpen, Agent: &a.Agent})
		check(a.Came, report.Figure{Name: report.FigCame, Agent: &a.Agent})
		check(a.Won.Count+a.Lost.Count, report.Figure{Name: report.FigDecided, Agent: &a.Agent})
	}
	for _, m := range r.Pipeline.Months {
		if m.Over(q.Now) {
			require.Zero(rt, m.Open)
			continue
		}
		check(m.Open.Count, report.Figure{Name: report.FigOpen, Month: &m.Month})
	}
	for _, reason := range r.Funnel.Reasons {
		check(reason.Count, report.Figure{Name: report.FigFailed, Reason: &reason.Text})
	}
}
