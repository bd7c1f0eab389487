package kanban_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// To hear that a board changed makes every browser fetch it anew: a list that says what is known already is no reason.
func TestBoardsAreQuietWhileNothingChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 1, Conversations: 5})
	require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	before := w.hub.Seq()
	require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	events, ok := w.hub.Since(before)
	require.True(t, ok)
	for _, e := range events {
		require.NotEqual(t, kanban.BoardChanged, e.Kind)
	}
}
