package chatwoot_test

import (
	"bufio"
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

func newServer(t testing.TB, h http.HandlerFunc, change ...func(*chatwoot.ServerConfig)) *chatwoot.Server {
	t.Helper()
	cfg := chatwoot.ServerConfig{URL: "http://chatwoot.test", Transport: inMemory(h)}
	for _, f := range change {
		f(&cfg)
	}
	s, err := chatwoot.NewServer(cfg)
	require.NoError(t, err)
	return s
}

func newClient(t testing.TB, h http.HandlerFunc, change ...func(*chatwoot.ServerConfig)) *chatwoot.Client {
	t.Helper()
	return newServer(t, h, change...).Client(canary, 1)
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

func readLines[T any](t testing.TB, file string) []T {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	require.NoError(t, err)
	defer f.Close()
	var all []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var v T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		all = append(all, v)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, all)
	return all
}

var recorded = sync.OnceValue(func() map[string][]exchange {
	t := &testing.T{}
	return map[string][]exchange{
		"everyday": readLines[exchange](t, "everyday/api.jsonl"),
		"unusual":  readLines[exchange](t, "unusual/api.jsonl"),
	}
})

func recording(t testing.TB, session, name string) exchange {
	t.Helper()
	for _, e := range recorded()[session] {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("nothing is recorded as %q", name)
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
func (e exchange) playback(t testing.TB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		want, err := url.Parse(e.Request.Path)
		require.NoError(t, err)
		require.Equal(t, e.Request.Method, r.Method)
		require.Equal(t, want.Path, r.URL.Path)
		require.Equal(t, want.Query(), r.URL.Query())
		require.Equal(t, "application/json", r.Header.Get("Accept"))
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		if len(bytes.TrimSpace(e.Request.Body)) == 0 {
			require.Empty(t, body)
		} else {
			require.Equal(t, "application/json", r.Header.Get("Content-Type"))
			require.JSONEq(t, string(e.Request.Body), string(body))
		}
		e.reply(w)
	}
}

// played returns a client to whom the recorded exchange is played.
func played(t testing.TB, session, name string) *chatwoot.Client {
	t.Helper()
	return newClient(t, recording(t, session, name).playback(t))
}

func deliveries(t testing.TB, session string) []delivery {
	return readLines[delivery](t, session+"/webhooks.jsonl")
}

func webhookSecret(t testing.TB, session string) string {
	t.Helper()
	w, err := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		recording(t, session, "webhook create").reply(w)
	}).CreateWebhook(t.Context(), chatwoot.Webhook{})
	require.NoError(t, err)
	require.NotEmpty(t, string(w.Secret))
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
