package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// A repetition that Chatwoot refuses is not repeated: each refusal has the conversation read again, and that would go on for ever.
func TestARefusedRepetitionIsTheLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "a")
	mv := w.move(id, "ganho")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	w.sim.Fault(chatwoottest.Fault{Match: "POST */conversations/*/labels", Kind: chatwoottest.FaultRefuse401})
	w.sim.SetLabels(0, int64(id), []string{"novo", "a", "vip"})
	w.shows(id, "novo", "a", "vip")
	w.eventually(func() bool { return w.card(id).Refused != nil }, "the repetition is refused")
	for range 3 {
		require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	}
	moves, err := w.store.RecentMoves(t.Context(), w.account.ID, id, time.Now().Add(-time.Minute))
	require.NoError(t, err)
	require.Len(t, moves, 2, "the person's move and one repetition")
}
