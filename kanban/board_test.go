package kanban_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/chatlane/chatlane/kanban"
)

func sales() kanban.Board {
	return kanban.Board{ID: 1, Account: 1, Winner: kanban.FurthestStage, Stages: []kanban.Stage{
		{ID: 10, Board: 1, Position: 0, Label: 1, Title: "novo", Kind: kanban.StageOpen},
		{ID: 11, Board: 1, Position: 1, Label: 2, Title: "qualificado", Former: []string{"quente"}, Kind: kanban.StageOpen},
		{ID: 12, Board: 1, Position: 2, Label: 3, Title: "ganho", Kind: kanban.StageWon},
		{ID: 13, Board: 1, Position: 3, Label: 4, Title: "perdido", Kind: kanban.StageLost, LabelGone: true},
	}}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		labels   []string
		status   kanban.Status
		winner   kanban.Winner
		scope    kanban.Scope
		stage    kanban.StageID
		conflict bool
		off      bool
	}{
		"no labels":                        {},
		"foreign labels only":              {labels: []string{"vip"}},
		"one stage":                        {labels: []string{"vip", "novo"}, stage: 10},
		"case does not matter":             {labels: []string{"NOVO"}, stage: 10},
		"a former title still counts":      {labels: []string{"quente"}, stage: 11},
		"a label that is gone counts not":  {labels: []string{"perdido"}},
		"two stages: the furthest":         {labels: []string{"ganho", "novo"}, stage: 12, conflict: true},
		"two stages: the earliest":         {labels: []string{"ganho", "novo"}, winner: kanban.EarliestStage, stage: 10, conflict: true},
		"both titles of one label":         {labels: []string{"quente", "qualificado"}, stage: 11},
		"resolved without stage is hidden": {status: kanban.StatusResolved, off: true},
		"resolved with stage stays":        {labels: []string{"ganho"}, status: kanban.StatusResolved, stage: 12},
		"other inbox":                      {labels: []string{"novo"}, scope: kanban.Scope{Inboxes: []kanban.InboxID{9}}, off: true},
		"other team":                       {labels: []string{"novo"}, scope: kanban.Scope{Teams: []kanban.TeamID{9}}, off: true},
		"other status":                     {labels: []string{"novo"}, scope: kanban.Scope{Statuses: []kanban.Status{kanban.StatusPending}}, off: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := sales()
			b.Scope = c.scope
			if c.winner != "" {
				b.Winner = c.winner
			}
			status := c.status
			if status == "" {
				status = kanban.StatusOpen
			}
			p, ok := b.Place(kanban.Conversation{Account: 1, ID: 7, InboxID: 3, Status: status, Labels: c.labels})
			require.Equal(t, !c.off, ok)
			require.Equal(t, c.stage, p.Stage)
			require.Equal(t, c.conflict, p.Conflict)
		})
	}
}

func TestAFormerTitleBelongsToWhoeverBearsItNow(t *testing.T) {
	t.Parallel()
	b := sales()
	b.Stages[0].Title = "quente" // somebody made a new label with the title the other one had
	p, ok := b.Place(kanban.Conversation{Account: 1, Status: kanban.StatusOpen, Labels: []string{"quente"}})
	require.True(t, ok)
	require.Equal(t, kanban.Place{Stage: 10}, p)
}

func TestLabelsAfter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		current []string
		to      kanban.StageID
		want    []string
	}{
		"first stage":                {nil, 10, []string{"novo"}},
		"foreign labels stay":        {[]string{"vip", "novo", "a", "b", "c", "d"}, 12, []string{"vip", "a", "b", "c", "d", "ganho"}},
		"two stages become one":      {[]string{"novo", "ganho", "vip"}, 12, []string{"ganho", "vip"}},
		"a former title goes":        {[]string{"quente", "vip"}, 10, []string{"vip", "novo"}},
		"a former title is replaced": {[]string{"quente", "vip"}, 11, []string{"vip", "qualificado"}},
		"to no stage":                {[]string{"novo", "vip"}, kanban.NoStage, []string{"vip"}},
		"to no stage, nothing left":  {[]string{"novo"}, kanban.NoStage, []string{}},
		"spelling is mended":         {[]string{"NOVO", "vip"}, 10, []string{"novo", "vip"}},
		"already there":              {[]string{"novo"}, 10, []string{"novo"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := sales().LabelsAfter(c.current, c.to)
			require.NotNil(t, got, "Chatwoot takes null as an order to clear")
			require.Equal(t, c.want, got)
		})
	}
}

func TestAMoveNeverCostsALabel(t *testing.T) {
	t.Parallel()
	titles := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"novo", "quente", "qualificado", "ganho", "perdido", "vip", "Vip2", "x", "é-é", "urgente"}), rapid.ID)
	rapid.Check(t, func(t *rapid.T) {
		b, current := sales(), titles.Draw(t, "labels")
		to := rapid.SampledFrom([]kanban.StageID{kanban.NoStage, 10, 11, 12}).Draw(t, "to")
		after := b.LabelsAfter(current, to)
		for _, title := range current {
			if len(b.StagesIn([]string{title})) == 0 {
				require.Contains(t, after, title)
			}
		}
		in := b.StagesIn(after)
		if to == kanban.NoStage {
			require.Empty(t, in)
		} else {
			require.Len(t, in, 1)
			require.Equal(t, to, in[0].ID)
		}
		require.Equal(t, after, b.LabelsAfter(after, to), "a move repeated changes nothing")
	})
}

func TestAdmits(t *testing.T) {
	t.Parallel()
	b, c := sales(), kanban.Conversation{Account: 1, Status: kanban.StatusOpen}
	require.NoError(t, b.Admits(c, kanban.NoStage))
	require.NoError(t, b.Admits(c, 12))
	require.Error(t, b.Admits(c, 99))
	c.Status = kanban.StatusResolved
	require.ErrorIs(t, b.Admits(c, 12), kanban.ErrNotFound, "what the board does not show cannot be moved on it")
}
