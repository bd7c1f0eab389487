package chatwoot_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// canary is the token of all tests; no error and no log may hold it.
const canary = "CANARYcanaryCANARY123456"

// transport answers requests without a network, so that time may stand still around it.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func inMemory(h http.HandlerFunc) transport {
	return func(r *http.Request) (*http.Response, error) {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		w := httptest.NewRecorder()
		h(w, r)
		return w.Result(), nil
	}
}

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func newServer(tb testing.TB, h http.HandlerFunc, change ...func(*chatwoot.ServerConfig)) *chatwoot.Server {
	tb.Helper()
	cfg := chatwoot.ServerConfig{URL: "http://chatwoot.test", Transport: inMemory(h)}
	for _, f := range change {
		f(&cfg)
	}
	s, err := chatwoot.NewServer(cfg)
	require.NoError(tb, err)
	return s
}

func newClient(tb testing.TB, h http.HandlerFunc, change ...func(*chatwoot.ServerConfig)) *chatwoot.Client {
	tb.Helper()
	return newServer(tb, h, change...).Client(canary, 1)
}

// exchange is one recorded call.
type exchange struct {
	Name    string `json:"name"`
	Request struct {
		Method string          `json:"method"`
		Path   string          `json:"path"`
		Body   json.RawMessage `json:"body"`
	} `json:"request"`
	Response struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"response"`
}

// delivery is one recorded webhook.
type delivery struct {
	Step    string            `json:"step"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// readLines reads test data; without it no test of this package means anything, so it panics.
func readLines[T any](file string) []T {
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		panic(err)
	}
	var all []T
	for line := range bytes.Lines(raw) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			panic(err)
		}
		all = append(all, v)
	}
	return all
}

var recorded = sync.OnceValue(func() map[string][]exchange {
	return map[string][]exchange{
		"everyday": readLines[exchange]("everyday/api.jsonl"),
		"unusual":  readLines[exchange]("unusual/api.jsonl"),
	}
})

func recording(tb testing.TB, session, name string) exchange {
	tb.Helper()
	for _, e := range recorded()[session] {
		if e.Name == name {
			return e
		}
	}
	tb.Fatalf("nothing is recorded as %q", name)
	return exchange{}
}

// reply writes what the server answered then: JSON as JSON, text as text.
func (e exchange) reply(w http.ResponseWriter) {
	body := []byte(e.Response.Body)
	var text string
	if body[0] == '"' && json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	for key, value := range e.Response.Headers {
		if key != "content-length" {
			w.Header().Set(key, value)
		}
	}
	w.WriteHeader(e.Response.Status)
	_, _ = w.Write(body)
}

// playback answers exactly the recorded request, and fails the test on any other.
func (e exchange) playback(tb testing.TB) http.HandlerFunc {
	tb.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		want, err := url.Parse(e.Request.Path)
		require.NoError(tb, err)
		require.Equal(tb, e.Request.Method, r.Method)
		require.Equal(tb, want.Path, r.URL.Path)
		require.Equal(tb, want.Query(), r.URL.Query())
		require.Equal(tb, "application/json", r.Header.Get("Accept"))
		body, err := io.ReadAll(r.Body)
		require.NoError(tb, err)
		if len(bytes.TrimSpace(e.Request.Body)) == 0 {
			require.Empty(tb, body)
		} else {
			require.Equal(tb, "application/json", r.Header.Get("Content-Type"))
			require.JSONEq(tb, string(e.Request.Body), string(body))
		}
		e.reply(w)
	}
}

// played returns a client to whom the recorded exchange is played.
func played(tb testing.TB, session, name string) *chatwoot.Client {
	tb.Helper()
	return newClient(tb, recording(tb, session, name).playback(tb))
}

func deliveries(session string) []delivery { return readLines[delivery](session + "/webhooks.jsonl") }

func webhookSecret(tb testing.TB, session string) string {
	tb.Helper()
	w, err := newClient(tb, func(w http.ResponseWriter, _ *http.Request) {
		recording(tb, session, "webhook create").reply(w)
	}).CreateWebhook(tb.Context(), chatwoot.Webhook{})
	require.NoError(tb, err)
	require.NotEmpty(tb, string(w.Secret))
	return string(w.Secret)
}

// logged collects what is written to it.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
