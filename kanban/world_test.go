package kanban_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// world is a Chatwoot, a store and an engine, connected as in life: by HTTP and by webhooks.
type world struct {
	t       *testing.T
	sim     *chatwoottest.Server
	store   *store.Store
	engine  *kanban.Engine
	hub     *kanban.Hub
	account kanban.Account
	board   kanban.Board
	viewer  kanban.Viewer
	path    string
	hooks   string            // where webhooks are sent
	wire    http.RoundTripper // to Chatwoot; nil is the network
	public  string            // where the operator says that we are
	sight   *chatwoot.Sight   // what is found at our own address; nil: this process
	address string            // of Chatwoot
	log     *slog.Logger
	poll    time.Duration
	proof   time.Duration // how long a connection test waits; 0 is the product's
	recall  time.Duration // how often cards of an unknown past are looked for; 0 is the product's
	stop    func()
}

// newWorld connects an account of a small business and makes a board of its stage labels. The engine is not running yet.
func newWorld(t *testing.T, o chatwoottest.Options) *world {
	t.Helper()
	w := &world{t: t, sim: chatwoottest.Start(t, o), path: filepath.Join(t.TempDir(), "chatlane.db"), log: testLog(t), poll: 200 * time.Millisecond}
	hooks := httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(hooks.Close)
	w.address, w.hooks = w.sim.URL(), hooks.URL
	w.open()
	w.connect()
	return w
}

// connect connects the account, makes the board and registers the webhook.
func (w *world) connect() {
	w.t.Helper()
	ctx := w.t.Context()
	var err error
	w.account, err = w.engine.Connect(ctx, kanban.Address{URL: w.address, Token: w.sim.AdminToken(), AllowPrivateNetwork: true}, w.sim.AccountID())
	require.NoError(w.t, err)
	specs, err := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	require.NoError(w.t, err)
	w.board, err = w.engine.MakeBoard(ctx, w.account.ID, "Vendas", "BRL", specs)
	require.NoError(w.t, err)
	w.account, err = w.engine.RegisterWebhook(ctx, w.account.ID, w.hooks)
	require.NoError(w.t, err)
	w.viewer = kanban.Viewer{Actor: kanban.Actor{ID: 1, Name: "Ana"}, Account: w.account.ID, Role: kanban.RoleAdministrator}
}

// open opens the store and makes an engine on it; again after a crash.
func (w *world) open() {
	w.store = storetest.At(w.t, w.path, nil)
	w.hub = kanban.NewHub(1 << 12)
	w.engine = kanban.NewEngine(kanban.EngineConfig{
		Store: w.store, Hub: w.hub, Logger: w.log, PollEvery: w.poll, RetryAfter: 5 * time.Millisecond, Look: w.look, PublicURL: w.public, ProofWait: w.proof, RecallEvery: w.recall, RecallPause: w.recall,
		Server: func(address string, allowPrivate bool) (*chatwoot.Server, error) {
			return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: allowPrivate, RequestsPerMinute: 6_000_000, Transport: w.wire})
		},
	})
}

func (w *world) look(context.Context, string, string, bool) chatwoot.Sight {
	if w.sight != nil {
		return *w.sight
	}
	return chatwoot.Sight{Resolves: true, Answered: true, Mark: w.engine.Process()}
}

// run starts the engine; it stops with the test or with w.stop.
func (w *world) run() *world {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.engine.Run(ctx) }()
	w.stop = func() {
		if w.stop != nil {
			w.stop = nil
			cancel()
			require.NoError(w.t, <-done)
		}
	}
	w.t.Cleanup(func() {
		if w.stop != nil {
			w.stop()
		}
	})
	return w
}

// imported waits for the end of the first read.
func (w *world) imported() *world {
	w.eventually(func() bool {
		a, err := w.store.Account(w.t.Context(), w.account.ID)
		return err == nil && a.Import.Finished()
	}, "import")
	return w
}

// receive is what the web server's webhook endpoint does.
func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		_, err = w.deliver(r.Header, body)
	}
	if err != nil {
		rw.WriteHeader(http.StatusInternalServerError)
	}
}

func (w *world) deliver(h http.Header, body []byte) (bool, error) {
	a, err := w.store.Account(context.Background(), 1)
	if err != nil {
		return false, err
	}
	if err := chatwoot.VerifySignature(a.Webhook.Secret, h.Get("X-Chatwoot-Timestamp"), h.Get("X-Chatwoot-Signature"), body, time.Now(), 5*time.Minute); err != nil {
		return false, err
	}
	clean, err := chatwoot.Scrub(body)
	if err != nil {
		return false, err
	}
	key := sha256.Sum256([]byte(h.Get("X-Chatwoot-Signature")))
	fresh, err := w.store.SaveDelivery(context.Background(), a.ID, key[:], clean, time.Now())
	w.engine.Deliver(a.ID)
	return fresh, err
}

// eventually waits for a condition; it fails loudly after a time that only a hang can reach.
func (w *world) eventually(ok func() bool, what string, args ...any) {
	w.t.Helper()
	require.Eventually(w.t, ok, 30*time.Second, 2*time.Millisecond, what, args)
}

func (w *world) stage(title string) kanban.StageID {
	w.t.Helper()
	for _, s := range w.board.Stages {
		if s.Title == title {
			return s.ID
		}
	}
	require.Fail(w.t, "no stage", title)
	return 0
}

// conversation makes one in Chatwoot with labels and waits until the board has it.
func (w *world) conversation(labels ...string) kanban.ConversationID {
	w.t.Helper()
	id := w.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: w.sim.Inboxes()[0].ID})
	if len(labels) > 0 {
		w.sim.SetLabels(0, id, labels)
	}
	w.shows(kanban.ConversationID(id), labels...)
	return kanban.ConversationID(id)
}

// shows waits until the cache has these labels for a conversation.
func (w *world) shows(id kanban.ConversationID, labels ...string) {
	w.t.Helper()
	w.eventually(func() bool {
		c, err := w.store.Conversation(w.t.Context(), w.account.ID, id)
		return err == nil && fmt.Sprint(sorted(c.Labels)) == fmt.Sprint(sorted(labels))
	}, "conversation %d shows %v", id, labels)
}

func (w *world) card(id kanban.ConversationID) kanban.Card {
	w.t.Helper()
	c, err := w.store.Card(w.t.Context(), w.board, w.viewer, id)
	require.NoError(w.t, err)
	return c
}

func (w *world) move(id kanban.ConversationID, title string) kanban.Move {
	w.t.Helper()
	mv, _, err := w.engine.Accept(w.t.Context(), w.viewer, kanban.Move{Board: w.board.ID, Conversation: id, To: w.stage(title)})
	require.NoError(w.t, err)
	return mv
}

// settled waits until a move is no longer pending and returns it.
func (w *world) settled(id kanban.MoveID) (mv kanban.Move) {
	w.t.Helper()
	w.eventually(func() bool {
		var err error
		mv, err = w.store.Move(w.t.Context(), id)
		return err == nil && mv.State != kanban.MovePending
	}, "move %d settles", id)
	return mv
}

func sorted(labels []string) []string { return slices.Sorted(slices.Values(labels)) }

func testLog(t *testing.T) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}
