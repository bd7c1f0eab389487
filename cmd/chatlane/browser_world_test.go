package main_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
	"github.com/chatlane/chatlane/web"
)

// foreign are labels that are no stage. Whatever happens to a card, its conversation keeps them.
var foreign = []string{"cliente-vip", "indicação", "instagram", "retorno", "urgente"}

// world is a Chatwoot and the whole program beside it, connected as in life: by HTTP and by webhooks.
type world struct {
	t       *testing.T
	sim     *chatwoottest.Server
	path    string
	address string // of the program, the same after it was closed and opened again
	options []func(*web.Config)

	store   *store.Store
	hub     *kanban.Hub
	engine  *kanban.Engine
	desk    *desk.Desk
	close   func()
	streams atomic.Int32                                    // event streams that are open
	around  atomic.Pointer[func(http.Handler) http.Handler] // what a test puts between browsers and the program
	account kanban.Account
	board   kanban.Board

	onceDirect sync.Once
	besides    *chatwoot.Client // past the program
}

// newWorld starts a Chatwoot with a small business and the program, which serves a board of its stage labels.
func newWorld(t *testing.T, sim chatwoottest.Options, options ...func(*web.Config)) *world {
	t.Helper()
	w := newBareWorld(t, sim, options...)
	ctx := t.Context()
	var err error
	w.account, err = w.engine.Connect(ctx, kanban.Address{URL: w.sim.URL(), Token: w.sim.AdminToken(), AllowPrivateNetwork: true}, w.sim.AccountID())
	require.NoError(t, err)
	specs, err := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	require.NoError(t, err)
	w.board, err = w.engine.MakeBoard(ctx, w.account.ID, "Vendas", "BRL", specs)
	require.NoError(t, err)
	w.account, err = w.engine.RegisterWebhook(ctx, w.account.ID, w.url(""))
	require.NoError(t, err)
	w.eventually(func() bool {
		a, err := w.store.Account(ctx, w.account.ID)
		return err == nil && a.Import.Finished()
	}, "the import ends")
	return w
}

// newBareWorld is a world in which no account is connected yet.
func newBareWorld(t *testing.T, sim chatwoottest.Options, options ...func(*web.Config)) *world {
	t.Helper()
	startBrowser(t)
	w := &world{t: t, sim: chatwoottest.Start(t, sim), path: filepath.Join(t.TempDir(), "chatlane.db"), address: "127.0.0.1:0"}
	w.options = append([]func(*web.Config){func(c *web.Config) { c.Open = true }}, options...)
	w.open()
	t.Cleanup(func() { w.close() })
	return w
}

// open starts the program on its database and its address.
func (w *world) open() {
	w.t.Helper()
	log := slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := store.Open(context.Background(), store.Options{Path: w.path, Key: storetest.Key})
	require.NoError(w.t, err)
	w.store, w.hub = s, kanban.NewHub(1<<14)
	w.engine = kanban.NewEngine(kanban.EngineConfig{
		Store: w.store, Hub: w.hub, Logger: log, RetryAfter: 50 * time.Millisecond,
		Server: func(address string, allowPrivate bool) (*chatwoot.Server, error) {
			return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: allowPrivate, RequestsPerMinute: 6_000_000})
		},
	})
	w.desk = desk.New(w.engine, w.store)
	c := web.Config{
		Store: w.store, Engine: w.engine, Desk: w.desk, Hub: w.hub, Sessions: w.store.Sessions(), Key: storetest.Key, AllowPrivateNetwork: true, Logger: log,
	}
	for _, o := range w.options {
		o(&c)
	}
	w.serve(web.New(c))
}

// serve runs the engine and the handler until close is called.
func (w *world) serve(handler *web.Server) {
	w.t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", w.address)
	require.NoError(w.t, err)
	w.address = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{Handler: w.counted(handler), ReadHeaderTimeout: 10 * time.Second}
	served, ran, desked := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	go func() { ran <- w.engine.Run(ctx) }()
	go func() { desked <- w.desk.Run(ctx) }()
	w.close = func() {
		w.close = func() {}
		handler.Close()
		_ = server.Close()
		cancel()
		require.ErrorIs(w.t, <-served, http.ErrServerClosed)
		require.NoError(w.t, <-ran)
		require.NoError(w.t, <-desked)
		require.NoError(w.t, w.store.Close())
	}
}

// counted counts the streams that are open, and lets a test get between.
func (w *world) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			rw = held{rw, &w.streams}
		}
		handler := next
		if around := w.around.Load(); around != nil {
			handler = (*around)(next)
		}
		handler.ServeHTTP(rw, r)
	})
}

func (w *world) url(path string) string { return "http://" + w.address + path }

func (w *world) boardURL() string { return w.url(fmt.Sprintf("/boards/%d", w.board.ID)) }

// eventually waits for a condition; it fails loudly after a time that only a hang can reach.
func (w *world) eventually(ok func() bool, what string, args ...any) {
	w.t.Helper()
	require.Eventually(w.t, ok, limit, 5*time.Millisecond, append([]any{what}, args...)...)
}

// stage is the number of the column with this label; "" is No stage.
func (w *world) stage(label string) kanban.StageID {
	w.t.Helper()
	i := slices.IndexFunc(w.board.Stages, func(s kanban.Stage) bool { return s.Title == label })
	if label == "" {
		return 0
	}
	require.GreaterOrEqual(w.t, i, 0, "no stage %q", label)
	return w.board.Stages[i].ID
}

// conversation makes one in Chatwoot and waits until the program has it.
func (w *world) conversation(name string, labels ...string) int64 {
	w.t.Helper()
	id := w.sim.CreateConversation(0, chatwoottest.NewConversation{
		Contact: name, InboxID: w.sim.Inboxes()[0].ID, Text: "Oi, quanto custa a mesa?", Labels: labels,
	})
	w.cached(id, labels...)
	return id
}

// cached waits until the program knows these labels of a conversation.
func (w *world) cached(id int64, labels ...string) {
	w.t.Helper()
	w.eventually(func() bool {
		c, err := w.store.Conversation(w.t.Context(), w.account.ID, kanban.ConversationID(id))
		return err == nil && sameLabels(c.Labels, labels)
	}, "the program knows the labels %v of %d", labels, id)
}

// labelled waits until the conversation in Chatwoot has exactly these labels, and the program knows it.
func (w *world) labelled(id int64, labels ...string) {
	w.t.Helper()
	w.eventually(func() bool { return sameLabels(w.sim.Labels(id), labels) }, "conversation %d has the labels %v", id, labels)
	w.cached(id, labels...)
}

// with are the foreign labels and these.
func with(labels ...string) []string { return append(slices.Clone(foreign), labels...) }

func sameLabels(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// late has requests that match wait before they reach the program, or their answers before they reach the browser.
func (w *world) late(match func(*http.Request) bool, before, after func()) {
	around := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if !match(r) {
				next.ServeHTTP(rw, r)
				return
			}
			before()
			next.ServeHTTP(rw, r)
			after() // the answer ends when this handler does
		})
	}
	w.around.Store(&around)
}
