package kanban_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// What people decide after a move of ours is theirs, however much it looks like a race.

// fresh is a new conversation that the board has.
func (b *bubble) fresh(labels ...string) kanban.ConversationID {
	b.t.Helper()
	id := b.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: b.sim.Inboxes()[0].ID, Labels: labels})
	time.Sleep(time.Second)
	return kanban.ConversationID(id)
}

func TestALabelTakenBackStaysOff(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.fresh("novo", "a")
		b.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1}) // the news of our own write gets lost
		b.move(id, "ganho")
		time.Sleep(time.Second)
		b.sim.WebhookFault(chatwoottest.WebhookFault{})
		b.sim.AddLabel(0, int64(id), "vip")
		time.Sleep(time.Second)
		b.sim.RemoveLabel(0, int64(id), "vip") // the labels are now those that we wrote
		time.Sleep(time.Minute)
		require.ElementsMatch(t, []string{"a", "ganho"}, b.sim.Labels(int64(id)))
	})
}

func TestARepairDoesNotReplaceANewerMove(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.fresh("novo", "a")
		b.move(id, "ganho")
		time.Sleep(time.Second)
		b.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultStatus502})
		newer := b.move(id, "proposta")
		b.sim.SetLabels(0, int64(id), []string{"novo", "a", "vip"}) // somebody's view from before the first move
		time.Sleep(2 * time.Second)
		b.sim.ClearFaults()
		time.Sleep(2 * time.Minute)
		mv, err := b.store.Move(t.Context(), newer.ID)
		require.NoError(t, err)
		require.Equal(t, kanban.MoveDone, mv.State)
		require.ElementsMatch(t, []string{"proposta", "a", "vip"}, b.sim.Labels(int64(id)))
	})
}

func TestAMoveOverwrittenAfterARepairOfLabelsIsRepeated(t *testing.T) {
	var b *bubble
	once := true
	synced(t, chatwoottest.Options{}, seldom, func(r *http.Request, answered bool) error {
		if once && !answered && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/labels") && strings.Contains(r.URL.Path, "/conversations/") {
			once = false
			b.sim.AddLabel(0, b.sim.Conversations()[0].ID, "vip") // between our reading and our writing
		}
		return nil
	}, func(t *testing.T, made *bubble) {
		b = made
		id := b.fresh("novo", "a")
		b.move(id, "ganho")
		time.Sleep(time.Second)
		require.ElementsMatch(t, []string{"ganho", "a", "vip"}, b.sim.Labels(int64(id)), "the lost label is back")
		b.sim.SetLabels(0, int64(id), []string{"novo", "a", "urgente"}) // a view from before the move
		time.Sleep(time.Second)
		require.Contains(t, b.sim.Labels(int64(id)), "ganho")
	})
}

func TestAReconciliationAskedForBeginsAtTheFirstPage(t *testing.T) {
	synced(t, chatwoottest.Options{Conversations: 80, Seed: 11}, seldom, nil, func(t *testing.T, b *bubble) {
		b.sim.Fault(chatwoottest.Fault{Match: "GET */conversations", Kind: chatwoottest.FaultLatency, Duration: time.Millisecond, Times: 3}) // the window and two pages
		b.sim.Fault(chatwoottest.Fault{Match: "GET */conversations", Kind: chatwoottest.FaultHTML})
		require.Error(t, b.engine.Reconcile(t.Context(), b.account.ID))
		a, err := b.store.Account(t.Context(), b.account.ID)
		require.NoError(t, err)
		require.Positive(t, a.Sync.SweepPage, "it was interrupted on the way")
		b.sim.ClearFaults()
		b.sim.DeleteLabel("novo") // moves no stamp, tells nobody
		require.NoError(t, b.sim.WaitIdle(t.Context()))
		require.NoError(t, b.engine.Reconcile(t.Context(), b.account.ID))
		require.Empty(t, b.differenceInFull())
	})
}
