package kanban_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func (b *bubble) connection() kanban.Connection {
	b.t.Helper()
	c, err := b.engine.Connection(b.t.Context(), b.account.ID)
	require.NoError(b.t, err)
	return c
}

func TestTheConnectionTellsOfTheImport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, chatwoottest.Options{Conversations: 40, Seed: 7}, nil)
		require.Equal(t, kanban.ConnectionImporting, b.connection().Mode)
		b.start()
		time.Sleep(time.Second)
		synctest.Wait()
		c := b.connection()
		require.Equal(t, kanban.ConnectionLive, c.Mode)
		require.Equal(t, 40, c.Import.Done)
		require.True(t, c.WebhookRegistered)
		require.WithinDuration(t, time.Now(), c.LastSync, 2*time.Second)
	})
}

func TestTheConnectionTellsThatWebhooksAreMissing(t *testing.T) {
	synced(t, chatwoottest.Options{Conversations: 10, Seed: 8}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		id := b.sim.Conversations()[0].ID
		b.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1})
		b.sim.SetPriority(0, id, "urgent")
		b.sim.SetLabels(0, id, []string{"perdido", "vip"})
		time.Sleep(2 * time.Minute)
		require.Equal(t, kanban.ConnectionDelayed, b.connection().Mode, "something happened that nobody told")
		c, err := b.cached(id)
		require.NoError(t, err)
		require.Equal(t, kanban.PriorityUrgent, c.Priority)
		b.sim.WebhookFault(chatwoottest.WebhookFault{})
		b.sim.SetPriority(0, id, "low")
		time.Sleep(time.Second)
		require.Equal(t, kanban.ConnectionLive, b.connection().Mode, "they are back")
	})
}

func TestWithoutARegistrationChangesAreDelayed(t *testing.T) {
	synced(t, chatwoottest.Options{}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		require.NoError(t, b.store.SetWebhook(t.Context(), b.account.ID, kanban.AccountWebhook{}))
		require.Equal(t, kanban.ConnectionDelayed, b.connection().Mode)
	})
}

func TestTheConnectionTellsOfTrouble(t *testing.T) {
	t.Parallel()
	for trouble, begin := range map[string]func(*bubble){
		"trouble.unavailable": func(b *bubble) { b.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502}) },
		"trouble.not_chatwoot": func(b *bubble) {
			b.sim.Fault(chatwoottest.Fault{Match: "GET */conversations", Kind: chatwoottest.FaultHTML})
		},
		"trouble.token": func(b *bubble) { b.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultInvalidToken}) },
	} {
		t.Run(trouble, func(t *testing.T) {
			synced(t, chatwoottest.Options{Conversations: 10, Seed: 9}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
				begin(b)
				time.Sleep(2 * time.Minute)
				c := b.connection()
				require.Equal(t, kanban.ConnectionDown, c.Mode)
				require.Equal(t, trouble, c.Trouble)
				mv := b.move(kanban.ConversationID(b.sim.Conversations()[0].ID), "ganho")
				time.Sleep(10 * time.Second)
				if trouble != "trouble.not_chatwoot" { // that one concerns lists only
					require.Equal(t, 1, b.connection().MovesWaiting)
				}
				b.sim.ClearFaults()
				time.Sleep(2 * time.Minute)
				require.Equal(t, kanban.ConnectionLive, b.connection().Mode)
				done, err := b.store.Move(t.Context(), mv.ID)
				require.NoError(t, err)
				require.Equal(t, kanban.MoveDone, done.State, "what waited is done when Chatwoot is back")
			})
		})
	}
}
