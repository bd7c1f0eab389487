package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
)

// leftovers are the contacts that a connection test left in Chatwoot.
func (b *bubble) leftovers() int {
	b.t.Helper()
	var found struct {
		Payload []struct{ Identifier string }
	}
	b.ask("contacts/search?q=chatlane-test-", &found)
	return len(found.Payload)
}

func TestConnectingProvesThatWebhooksArrive(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		c := b.connection()
		require.Equal(t, kanban.FeedWebhooks, c.Feed)
		require.Equal(t, kanban.ConnectionLive, c.Mode)
		require.Empty(t, c.Link.Proof.Finding)
		require.False(t, c.Proving)
		require.False(t, c.Link.Proof.EndedAt.IsZero())
		time.Sleep(time.Minute)
		require.Zero(t, b.leftovers(), "the contact of the test is gone")
		before := c.Link.Proof
		time.Sleep(5 * time.Hour)
		require.Equal(t, before, b.connection().Link.Proof, "what is proven is not proven again")
	})
}

func TestWhyNothingArrives(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		version string
		sight   *chatwoot.Sight
		finding string
	}{
		"the guard of 4.14.0":             {"4.14.0", &chatwoot.Sight{Resolves: true, Private: true, Answered: true}, "proof.private_network_4_14_0"},
		"the guard of 4.14.1":             {"4.14.1", &chatwoot.Sight{Resolves: true, Private: true, Answered: true}, "proof.private_network"},
		"a private address from in there": {"4.15.0", &chatwoot.Sight{Resolves: true, Private: true}, "proof.private_network"},
		"private, before there was one":   {"4.13.0", &chatwoot.Sight{Resolves: true, Private: true, Answered: true}, "proof.nothing"},
		"a name that does not exist":      {"4.14.2", &chatwoot.Sight{}, "proof.wrong_address"},
		"somebody else's address":         {"4.14.2", &chatwoot.Sight{Resolves: true, Answered: true, Mark: "another"}, "proof.wrong_address"},
		"an address without an answer":    {"4.14.2", &chatwoot.Sight{Resolves: true}, "proof.wrong_address"},
		"nothing to be seen from here":    {"4.14.2", nil, "proof.nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			synced(t, chatwoottest.Options{Version: c.version}, seldom, nil, func(t *testing.T, b *bubble) {
				b.halt()
				b.open()
				b.start()
				b.up.Store(false) // nothing reaches us
				b.sight = c.sight
				if c.sight != nil && c.sight.Answered && c.sight.Mark == "" {
					c.sight.Mark = b.engine.Process()
				}
				b.engine.Prove(b.account.ID)
				time.Sleep(30 * time.Second)
				require.Equal(t, c.finding, b.connection().Link.Proof.Finding)
				require.Zero(t, b.leftovers())
			})
		})
	}
}

// reopened is the store of a bubble that was halted.
func (b *bubble) reopened() *store.Store {
	b.open()
	return b.store
}

// unheard is a bubble whose webhooks never arrived.
func unheard(t *testing.T, test func(*testing.T, *bubble)) {
	t.Helper()
	synced(t, chatwoottest.Options{Conversations: 5, Seed: 3}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		b.halt()
		require.NoError(t, b.reopened().SetWebhook(t.Context(), b.account.ID, kanban.AccountWebhook{}))
		b.start()
		b.up.Store(false)
		_, err := b.engine.RegisterWebhook(t.Context(), b.account.ID, b.hooks)
		require.NoError(t, err)
		time.Sleep(30 * time.Second)
		test(t, b)
	})
}

func TestUnprovenWebhooksAreTriedOnceAnHour(t *testing.T) {
	unheard(t, func(t *testing.T, b *bubble) {
		first := b.connection().Link.Proof
		require.Equal(t, "proof.nothing", first.Finding)
		require.Equal(t, kanban.FeedPolling, b.connection().Feed)
		require.Equal(t, kanban.ConnectionDelayed, b.connection().Mode)
		time.Sleep(50 * time.Minute)
		require.Equal(t, first, b.connection().Link.Proof, "not before an hour is over")
		b.up.Store(true)
		time.Sleep(20 * time.Minute)
		require.Empty(t, b.connection().Link.Proof.Finding)
		require.Equal(t, kanban.FeedWebhooks, b.connection().Feed)
	})
}

func TestAnyDeliveryProves(t *testing.T) {
	unheard(t, func(t *testing.T, b *bubble) {
		b.up.Store(true)
		b.sim.SetPriority(0, b.sim.Conversations()[0].ID, "urgent")
		time.Sleep(time.Second)
		require.Equal(t, kanban.FeedWebhooks, b.connection().Feed)
		require.Equal(t, kanban.ConnectionLive, b.connection().Mode)
	})
}

func TestTheContactOfATestIsDeletedAfterACrash(t *testing.T) {
	unheard(t, func(t *testing.T, b *bubble) {
		b.engine.Prove(b.account.ID)
		time.Sleep(5 * time.Second)
		require.Equal(t, 1, b.leftovers(), "the test waits")
		b.sim.Fault(chatwoottest.Fault{Match: "DELETE */contacts/*", Kind: chatwoottest.FaultStatus500})
		b.halt()
		require.Equal(t, 1, b.leftovers())
		b.sim.ClearFaults()
		b.open()
		b.start()
		time.Sleep(2 * time.Minute)
		require.Zero(t, b.leftovers())
	})
}

func TestTheContactOfATestIsFoundByItsMark(t *testing.T) {
	unheard(t, func(t *testing.T, b *bubble) {
		b.sim.Fault(chatwoottest.Fault{Match: "POST */contacts", Kind: chatwoottest.FaultTruncate, Times: 1})
		b.engine.Prove(b.account.ID)
		time.Sleep(2 * time.Minute)
		require.Equal(t, "proof.not_tried", b.connection().Link.Proof.Finding)
		require.Zero(t, b.leftovers(), "it was made, although its number never came")
	})
}
