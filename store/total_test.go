package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// Values are foreign: a few thousand absurd ones must not cost a board its heads.
func TestAbsurdValuesDoNotBreakTheTotals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var snaps []kanban.Snapshot
	for i := range 2100 {
		s := w.conversation(kanban.ConversationID(i+1), "novo")
		s.Attributes = `{"deal_value":4503599627370}`
		snaps = append(snaps, s)
	}
	w.apply(snaps...)
	totals, err := w.store.Totals(t.Context(), w.board, w.admin)
	require.NoError(t, err)
	require.Equal(t, 2100, totals[w.board.Stages[0].ID].Count)
	require.Positive(t, totals[w.board.Stages[0].ID].Value)
}
