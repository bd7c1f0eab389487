package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// BenchmarkFind is what the database's part of QUALITY P11 costs: the first cards of each column under a filter, 50 000 conversations.
func BenchmarkFind(b *testing.B) {
	s, board := benched(b)
	fill(b, s, board.Account, 50_000)
	admin := kanban.Viewer{Actor: kanban.Actor{ID: 3}, Account: board.Account, Role: kanban.RoleAdministrator}
	agent := kanban.Viewer{Actor: kanban.Actor{ID: 3}, Account: board.Account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1, 2}}
	filters := map[string]kanban.Filter{
		"everything by value": {Sort: kanban.SortValue},
		"mine":                {Needs: []kanban.Need{kanban.NeedMine}},
		"waiting":             {Needs: []kanban.Need{kanban.NeedWaiting}},
		"a name":              {Text: "bruno"},
		"nobody":              {Text: "nobody has this name"},
		"a phone":             {Text: "(11) 99999-0000"},
		"label and value":     {Labels: []string{"vip"}, ValueMin: new(kanban.Amount(100_000))},
	}
	for who, v := range map[string]kanban.Viewer{"administrator": admin, "agent": agent} {
		for name, f := range filters {
			b.Run(name+", "+who, func(b *testing.B) {
				find := func() {
					_, err := s.Found(b.Context(), board, v, f.Look(board, v, time.Now()), 25)
					require.NoError(b, err)
				}
				find()
				defer cpu(b)()
				for b.Loop() {
					find()
				}
			})
		}
	}
	b.Run("fill the shelf", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			board.ID = 1
			s.Forsake()
			b.StartTimer()
			_, err := s.Counts(b.Context(), board, admin, kanban.Filter{}.Look(board, admin, time.Now()))
			require.NoError(b, err)
		}
		b.ReportMetric(0, "cards")
	})
}
