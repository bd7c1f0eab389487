package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// deaf is a world that no webhook reaches and that asks so seldom that whatever it learns came by the event stream.
func deaf(t *testing.T, o chatwoottest.Options) *world {
	t.Helper()
	w := newWorld(t, o)
	w.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1})
	require.NoError(t, w.store.Close())
	w.poll, w.proof = time.Hour, 100*time.Millisecond
	w.open()
	return w.run().imported()
}

func (w *world) feed() kanban.Feed {
	w.t.Helper()
	c, err := w.engine.Connection(w.t.Context(), w.account.ID)
	require.NoError(w.t, err)
	return c.Feed
}

func (w *world) hears(feed kanban.Feed) {
	w.t.Helper()
	w.eventually(func() bool { return w.feed() == feed }, "news by %s", feed)
}

func (w *world) knows(id int64, what string, is func(kanban.Conversation) bool) {
	w.t.Helper()
	w.eventually(func() bool {
		c, err := w.store.Conversation(w.t.Context(), w.account.ID, kanban.ConversationID(id))
		return err == nil && is(c)
	}, what)
}

func prioritised(p kanban.Priority) func(kanban.Conversation) bool {
	return func(c kanban.Conversation) bool { return c.Priority == p }
}

func TestWithoutWebhooksTheEventStreamBringsTheNews(t *testing.T) {
	t.Parallel()
	w := deaf(t, chatwoottest.Options{Conversations: 6, Seed: 5})
	w.hears(kanban.FeedStream)
	c, err := w.engine.Connection(t.Context(), w.account.ID)
	require.NoError(t, err)
	require.Equal(t, kanban.ConnectionLive, c.Mode)

	id := w.sim.Conversations()[0].ID
	w.sim.SetPriority(0, id, "urgent")
	w.knows(id, "a change of a conversation", prioritised(kanban.PriorityUrgent))
	fresh := w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rita Moraes", Labels: []string{"novo"}})
	w.knows(fresh, "a new conversation", func(c kanban.Conversation) bool { return c.Contact.Name == "Rita Moraes" })

	w.sim.WebhookFault(chatwoottest.WebhookFault{})
	w.sim.SetPriority(0, id, "low")
	w.hears(kanban.FeedWebhooks)
	w.eventually(func() bool { return w.sim.Cables() == 0 }, "the stream is given up: webhooks do its work again")
}

func TestAStreamThatWasCutCatchesUp(t *testing.T) {
	t.Parallel()
	w := deaf(t, chatwoottest.Options{Conversations: 6, Seed: 5})
	w.hears(kanban.FeedStream)
	w.sim.CloseCable(true)
	w.sim.DropCables()
	w.hears(kanban.FeedPolling)
	id := w.sim.Conversations()[0].ID
	w.sim.SetPriority(0, id, "urgent")
	w.sim.CloseCable(false)
	w.hears(kanban.FeedStream)
	w.knows(id, "what happened while nobody listened", prioritised(kanban.PriorityUrgent))
}

func TestNobodyListensWhileWebhooksArrive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Conversations: 6, Seed: 5}).run().imported()
	w.hears(kanban.FeedWebhooks)
	require.Zero(t, w.sim.Cables())
}
