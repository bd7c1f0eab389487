package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func TestDisconnectingKeepsWhatThereIs(t *testing.T) {
	synced(t, chatwoottest.Options{Conversations: 12, Seed: 4}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks))
		left, err := b.engine.Disconnect(t.Context(), b.account.ID, false)
		require.NoError(t, err)
		require.Equal(t, kanban.Left{}, left)
		require.Empty(t, b.registrations())
		require.Empty(t, b.apps())
		_, err = b.store.Account(t.Context(), b.account.ID)
		require.ErrorIs(t, err, kanban.ErrNotFound)
		time.Sleep(time.Hour)
		require.Empty(t, b.registrations(), "nobody looks after it any more")

		gone, err := b.store.AccountAt(t.Context(), b.address, b.sim.AccountID())
		require.NoError(t, err)
		require.Empty(t, gone.Token)
		require.Empty(t, gone.Webhook)

		id := b.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rita Moraes", Labels: []string{"novo"}})
		again, err := b.engine.Connect(t.Context(), kanban.Address{URL: b.address, Token: b.sim.AdminToken()}, b.sim.AccountID())
		require.NoError(t, err)
		require.Equal(t, b.account.ID, again.ID)
		boards, err := b.store.Boards(t.Context(), again.ID)
		require.NoError(t, err)
		require.Len(t, boards, 1, "the board is there again")
		time.Sleep(time.Minute)
		_, err = b.cached(id)
		require.NoError(t, err, "and what happened meanwhile")
	})
}

func TestDisconnectingDeletesWhatThereIsIfAsked(t *testing.T) {
	synced(t, chatwoottest.Options{Conversations: 12, Seed: 4}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		_, err := b.store.SavePerson(t.Context(), kanban.Person{BaseURL: b.address, Actor: kanban.Actor{ID: 1, Name: "Ana"}, Token: "token-of-ana"})
		require.NoError(t, err)
		_, err = b.engine.Disconnect(t.Context(), b.account.ID, true)
		require.NoError(t, err)
		_, err = b.store.AccountAt(t.Context(), b.address, b.sim.AccountID())
		require.ErrorIs(t, err, kanban.ErrNotFound)
		_, err = b.store.PersonAt(t.Context(), b.address, 1)
		require.ErrorIs(t, err, kanban.ErrNotFound, "nobody is kept of a Chatwoot that is not connected")
		n, err := b.store.CountConversations(t.Context(), b.account.ID)
		require.NoError(t, err)
		require.Zero(t, n)
		time.Sleep(time.Minute)
	})
}

func TestDisconnectingTellsWhatIsLeft(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks))
		b.sim.Fault(chatwoottest.Fault{Match: "DELETE *", Kind: chatwoottest.FaultRefuse401})
		left, err := b.engine.Disconnect(t.Context(), b.account.ID, false)
		require.NoError(t, err, "a Chatwoot that refuses keeps nobody from leaving it")
		require.Equal(t, kanban.Left{Webhook: true, App: true}, left)
	})
}
