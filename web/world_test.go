package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
	"github.com/chatlane/chatlane/web"
)

const password = "correct horse battery"

// world is a Chatwoot, a database, an engine and the whole handler behind a real HTTP server.
type world struct {
	t      *testing.T
	sim    *chatwoottest.Server
	store  *store.Store
	hub    *kanban.Hub
	engine *kanban.Engine
	web    *web.Server
	http   *httptest.Server
	board  kanban.Board
	log    *output
	said   *output // every byte of every answer that a browser of this world got

	mu      sync.Mutex
	secrets []string
}

// secret is something that nothing that was said or logged may hold when the test ends.
func (w *world) secret(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets = append(w.secrets, s)
}

// output is what was written by many.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// newWorld serves a board server that knows no Chatwoot yet. Options change what it is made of.
func newWorld(t *testing.T, sim chatwoottest.Options, options ...func(*web.Config)) *world {
	t.Helper()
	w := &world{t: t, sim: chatwoottest.Start(t, sim), store: storetest.Open(t), hub: kanban.NewHub(1 << 10), log: new(output), said: new(output)}
	logger := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	now := time.Now
	w.engine = kanban.NewEngine(kanban.EngineConfig{
		Store: w.store, Hub: w.hub, Logger: logger, RetryAfter: 5 * time.Millisecond, Clock: func() time.Time { return now() },
		Server: func(address string, allowPrivate bool) (*chatwoot.Server, error) {
			return chatwoot.NewServer(chatwoot.ServerConfig{
				URL: address, AllowPrivateNetwork: allowPrivate, RequireHTTPS: !allowPrivate, RequestsPerMinute: 6_000_000, Timeout: 2 * time.Second, Logger: logger,
			})
		},
	})
	c := web.Config{
		Store: w.store, Engine: w.engine, Desk: desk.New(w.engine, w.store), Hub: w.hub, Sessions: w.store.Sessions(), Password: password, Key: storetest.Key,
		AllowPrivateNetwork: true, Logger: logger,
		Operated: func(a kanban.Account) bool { return a.BaseURL == w.sim.URL() && a.ChatwootID == w.sim.AccountID() },
	}
	for _, o := range options {
		o(&c)
	}
	if c.Clock != nil {
		now = c.Clock // both tell the same time
	}
	w.web = web.New(c)
	w.http = httptest.NewServer(w.web)
	t.Cleanup(func() {
		w.web.Close()
		w.http.Close()
		w.keepsSecrets()
	})
	return w
}

// connected is a world whose Chatwoot is connected, read and shown on a board, with the engine running.
func connected(t *testing.T, sim chatwoottest.Options, options ...func(*web.Config)) *world {
	t.Helper()
	w := newWorld(t, sim, options...)
	stages, err := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	require.NoError(t, err)
	require.NoError(t, w.engine.SetUp(t.Context(), kanban.Setup{
		Address:    kanban.Address{URL: w.sim.URL(), Token: w.sim.AdminToken(), AllowPrivateNetwork: true},
		ChatwootID: w.sim.AccountID(), Stages: stages, Currency: "BRL", PublicURL: w.http.URL,
	}))
	boards, err := w.store.Boards(t.Context(), 1)
	require.NoError(t, err)
	w.board = boards[0]
	w.run()
	w.eventually(func() bool { return w.account().Import.Finished() }, "import")
	return w
}

// business is a small sample business.
func business(conversations int) chatwoottest.Options {
	return chatwoottest.Options{Seed: 7, Conversations: conversations}
}

// run runs the engine until the test ends.
func (w *world) run() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.engine.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		require.NoError(w.t, <-done)
	})
}

// keepsSecrets looks for tokens, keys and secrets in everything that was said and logged.
func (w *world) keepsSecrets() {
	w.t.Helper()
	w.mu.Lock()
	secrets := append([]string{password}, w.secrets...)
	w.mu.Unlock()
	for _, u := range w.sim.Users() {
		secrets = append(secrets, u.Token, u.Password)
	}
	accounts, err := w.store.Accounts(context.Background())
	require.NoError(w.t, err)
	for _, a := range accounts {
		secrets = append(secrets, a.Token, a.Webhook.Key, a.Webhook.Secret)
	}
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		require.NotContains(w.t, w.log.String(), secret, "a secret is in the log")
		require.NotContains(w.t, w.said.String(), secret, "a secret is in an answer")
	}
}

func (w *world) account() kanban.Account {
	w.t.Helper()
	a, err := w.store.Account(context.Background(), 1)
	require.NoError(w.t, err)
	return a
}

func (w *world) eventually(ok func() bool, what string) {
	w.t.Helper()
	require.Eventually(w.t, ok, 20*time.Second, 2*time.Millisecond, what)
}

// stage finds a stage of the board by its label.
func (w *world) stage(title string) kanban.Stage {
	w.t.Helper()
	for _, s := range w.board.Stages {
		if s.Title == title {
			return s
		}
	}
	require.Fail(w.t, "no such stage", title)
	return kanban.Stage{}
}

// card is one that is in the first stage.
func (w *world) card() kanban.Card {
	w.t.Helper()
	cards, _, err := w.store.Cards(w.t.Context(), w.board, w.viewer(), w.stage("novo").ID, nil, 1)
	require.NoError(w.t, err)
	require.NotEmpty(w.t, cards)
	return cards[0]
}

func (w *world) viewer() kanban.Viewer {
	return kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAdministrator}
}

func (w *world) boardPath(parts ...any) string {
	path := fmt.Sprintf("/boards/%d", w.board.ID)
	for _, p := range parts {
		path += fmt.Sprintf("/%v", p)
	}
	return path
}

// browser is a person's browser: it keeps cookies and says, as browsers do, where its requests come from.
type browser struct {
	w      *world
	client *http.Client
	header http.Header
}

func (w *world) browser() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(w.t, err)
	return &browser{w: w, header: http.Header{"Sec-Fetch-Site": {"same-origin"}}, client: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// person is a browser that is signed in.
func (w *world) person() *browser {
	w.t.Helper()
	b := w.browser()
	require.Equal(w.t, http.StatusSeeOther, b.post(w.web.SignInLink(), url.Values{}).status)
	return b
}

// with is the browser sending a header.
func (b *browser) with(name, value string) *browser {
	other := *b
	other.header = b.header.Clone()
	other.header.Set(name, value)
	return &other
}

// answer is what came back, wholly read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) answer {
	b.w.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

func (b *browser) post(path string, form url.Values) answer {
	b.w.t.Helper()
	return b.do(http.MethodPost, path, form)
}

func (b *browser) put(path string, form url.Values) answer {
	b.w.t.Helper()
	return b.do(http.MethodPut, path, form)
}

func (b *browser) do(method, path string, form url.Values) answer {
	b.w.t.Helper()
	return b.send(b.request(b.w.t.Context(), method, path, form))
}

func (b *browser) send(r *http.Request) answer {
	b.w.t.Helper()
	res, err := b.client.Do(r)
	require.NoError(b.w.t, err)
	defer func() { require.NoError(b.w.t, res.Body.Close()) }()
	body, err := io.ReadAll(res.Body)
	require.NoError(b.w.t, err)
	head := res.Header.Clone()
	for _, cookie := range res.Cookies() {
		if strings.HasSuffix(cookie.Name, "chatlane") {
			b.w.secret(cookie.Value) // its owner's alone
		}
	}
	head.Del("Set-Cookie")
	require.NoError(b.w.t, head.Write(b.w.said))
	_, _ = b.w.said.Write(body)
	return answer{t: b.w.t, status: res.StatusCode, header: res.Header, body: string(body)}
}

func (b *browser) request(ctx context.Context, method, path string, form url.Values) *http.Request {
	b.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, b.w.http.URL+path, body)
	require.NoError(b.w.t, err)
	maps.Copy(r.Header, b.header)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// page is the answer's HTML.
func (a answer) page() *goquery.Document {
	a.t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	require.NoError(a.t, err)
	return d
}

// problem is the sentence that an answer says went wrong.
func (a answer) problem() string {
	a.t.Helper()
	return strings.TrimSpace(a.page().Find(`[role="alert"] p`).Text())
}
