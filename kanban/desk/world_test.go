package desk_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// world is a Chatwoot, an account that is connected to it, and a desk. Time passes when a test says so.
type world struct {
	t      *testing.T
	sim    *chatwoottest.Server
	store  *store.Store
	engine *kanban.Engine
	desk   *desk.Desk
	viewer kanban.Viewer
	direct *chatwoot.Client // past the desk

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, sim: chatwoottest.Start(t, chatwoottest.Options{}), now: time.Now()}
	w.store = storetest.Open(t)
	servers := func(address string, allowPrivate bool) (*chatwoot.Server, error) {
		return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: allowPrivate, RequestsPerMinute: 6_000_000, Timeout: 2 * time.Second})
	}
	w.engine = kanban.NewEngine(kanban.EngineConfig{Store: w.store, Hub: kanban.NewHub(1 << 8), Server: servers, Clock: w.clock})
	a, err := w.engine.Connect(t.Context(), kanban.Address{URL: w.sim.URL(), Token: w.sim.AdminToken(), AllowPrivateNetwork: true}, w.sim.AccountID())
	require.NoError(t, err)
	w.desk = desk.New(w.engine, w.store)
	w.viewer = kanban.Viewer{Actor: a.TokenOwner, Account: a.ID, Role: kanban.RoleAdministrator}
	direct, err := servers(w.sim.URL(), true)
	require.NoError(t, err)
	w.direct = direct.Client(w.sim.AdminToken(), w.sim.AccountID())
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// conversation is a new one in Chatwoot.
func (w *world) conversation() kanban.ConversationID {
	return kanban.ConversationID(w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Ana Lima", InboxID: w.sim.Inboxes()[0].ID, Text: "Oi"}))
}

// said are the texts of our side in Chatwoot.
func (w *world) said(id kanban.ConversationID) []string {
	w.t.Helper()
	page, err := w.direct.Messages(w.t.Context(), int64(id), chatwoot.MessagesOptions{})
	require.NoError(w.t, err)
	var all []string
	for _, m := range page.Messages {
		if m.MessageType == chatwoot.Outgoing {
			all = append(all, m.Content)
		}
	}
	return all
}

func (w *world) send(id kanban.ConversationID, key, text string) kanban.Send {
	w.t.Helper()
	m, err := w.desk.Send(w.t.Context(), w.viewer, kanban.Send{Conversation: id, Key: key, Parcel: kanban.Parcel{Text: text}})
	require.NoError(w.t, err)
	return m
}

// run has the desk go on with messages until the test ends.
func (w *world) run() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.desk.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		require.NoError(w.t, <-done)
	})
}

// becomes waits until a message is in a state. Time passes meanwhile.
func (w *world) becomes(id kanban.SendID, state kanban.SendState) kanban.Send {
	w.t.Helper()
	var m kanban.Send
	require.Eventually(w.t, func() bool {
		w.pass(time.Second)
		var err error
		m, err = w.store.Send(context.Background(), id)
		return err == nil && m.State == state
	}, time.Minute, 20*time.Millisecond, "message %d becomes %s", id, state)
	return m
}
