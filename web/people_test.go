package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

// signedInAs is a browser of somebody who signed in with their own Chatwoot, by access token.
func (w *world) signedInAs(token string) *browser {
	w.t.Helper()
	b := w.browser()
	a := b.post("/sign-in", url.Values{"token": {token}})
	require.Equal(w.t, http.StatusSeeOther, a.status, a.problem())
	return b
}

// isIn reports whether a browser is signed in.
func (b *browser) isIn() bool {
	b.w.t.Helper()
	return b.get("/").status == http.StatusFound
}

// watch is a clock that a test sets. One that runs goes on by itself, as what waits for its time needs.
type watch struct {
	ms   atomic.Int64
	runs time.Time
}

func newWatch() *watch {
	w := new(watch)
	w.ms.Store(time.Now().UnixMilli())
	return w
}

func newRunningWatch() *watch {
	w := newWatch()
	w.runs = time.Now()
	return w
}

func (w *watch) now() time.Time {
	at := time.UnixMilli(w.ms.Load())
	if !w.runs.IsZero() {
		at = at.Add(time.Since(w.runs))
	}
	return at
}

func (w *watch) advance(d time.Duration) { w.ms.Add(d.Milliseconds()) }

// timed sets the handler's clock.
func timed(w *watch) func(*web.Config) { return func(c *web.Config) { c.Clock = w.now } }

// gate stands in front of a simulated Chatwoot and may answer a request itself.
type gate struct {
	*httptest.Server
	answer atomic.Pointer[canned]
	asked  atomic.Int64 // how often somebody wanted to sign in
}

type canned struct {
	path, body string
	status     int
}

var mfaToken = regexp.MustCompile(`"mfa_token":"([^"]+)"`)

// gated is a world whose Chatwoot is connected through a gate. Tokens of second factors that pass are secrets of this world.
func gated(t *testing.T, options ...func(*web.Config)) (*world, *gate) {
	t.Helper()
	w := newWorld(t, business(5), options...)
	g := w.gate(w.sim)
	_, err := w.engine.Connect(t.Context(), kanban.Address{URL: g.URL, Token: w.sim.AdminToken(), AllowPrivateNetwork: true}, w.sim.AccountID())
	require.NoError(t, err)
	return w, g
}

func (w *world) gate(sim *chatwoottest.Server) *gate {
	w.t.Helper()
	at, err := url.Parse(sim.URL())
	require.NoError(w.t, err)
	g := new(gate)
	proxy := httputil.NewSingleHostReverseProxy(at)
	g.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/auth/sign_in" {
			g.asked.Add(1)
		}
		if c := g.answer.Load(); c != nil && c.path == r.URL.Path {
			out.Header().Set("Content-Type", "application/json")
			out.WriteHeader(c.status)
			_, _ = out.Write([]byte(c.body))
			return
		}
		rec := httptest.NewRecorder()
		proxy.ServeHTTP(rec, r)
		for _, found := range mfaToken.FindAllStringSubmatch(rec.Body.String(), -1) {
			w.secret(found[1])
		}
		maps.Copy(out.Header(), rec.Header())
		out.WriteHeader(rec.Code)
		_, _ = out.Write(rec.Body.Bytes())
	}))
	w.t.Cleanup(g.Close)
	return g
}

// addressOfGate connects through a gate.
func addressOfGate(g *gate, token string) kanban.Address {
	return kanban.Address{URL: g.URL, Token: token, AllowPrivateNetwork: true}
}

// slowMove is a database that finds no move before it is told to.
type slowMove struct {
	web.Store
	held, release chan struct{}
}

func (s slowMove) Move(context.Context, kanban.MoveID) (kanban.Move, error) {
	close(s.held)
	<-s.release
	return kanban.Move{}, kanban.ErrNotFound
}
