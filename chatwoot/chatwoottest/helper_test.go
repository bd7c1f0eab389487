package chatwoottest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// client speaks to a simulated Chatwoot with somebody's token.
type client struct {
	tb    testing.TB
	s     *chatwoottest.Server
	token string
}

func admin(tb testing.TB, s *chatwoottest.Server) client {
	tb.Helper()
	return client{tb, s, s.AdminToken()}
}

func (c client) agent(i int) client { return client{c.tb, c.s, c.s.AgentToken(i)} }

// do sends JSON and returns the status and the parsed body (nil when empty,
// the text when it is no JSON).
func (c client) do(method, path string, body any, header ...string) (int, any) {
	c.tb.Helper()
	var reader io.Reader
	if raw, isRaw := body.(string); isRaw {
		reader = strings.NewReader(raw)
	} else if body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(c.tb, err)
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, c.s.URL()+path, reader)
	require.NoError(c.tb, err)
	if c.token != "" {
		request.Header.Set("Api-Access-Token", c.token)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(c.tb, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(c.tb, err)
	return response.StatusCode, parse(raw)
}

func parse(raw []byte) any {
	if len(raw) == 0 {
		return nil
	}
	var parsed any
	if json.Unmarshal(raw, &parsed) != nil {
		return string(raw)
	}
	return parsed
}

// api is do below the account, for calls that must succeed.
func (c client) api(method, path string, body any) any {
	c.tb.Helper()
	status, parsed := c.do(method, "/api/v1/accounts/1/"+path, body)
	require.Equal(c.tb, http.StatusOK, status, "%s %s: %v", method, path, parsed)
	return parsed
}

// dig follows keys and indexes into parsed JSON.
func dig(tb testing.TB, v any, keys ...any) any {
	tb.Helper()
	for _, key := range keys {
		switch key := key.(type) {
		case string:
			object, isObject := v.(map[string]any)
			require.True(tb, isObject, "%v is no object for %q", v, key)
			v = object[key]
		case int:
			list, isList := v.([]any)
			require.True(tb, isList, "%v is no list for %d", v, key)
			require.Greater(tb, len(list), key)
			v = list[key]
		}
	}
	return v
}

// ids of a list of conversations.
func ids(tb testing.TB, list any) []int {
	tb.Helper()
	numbers := []int{}
	for _, one := range list.([]any) {
		numbers = append(numbers, int(dig(tb, one, "id").(float64)))
	}
	return numbers
}

// hook is one delivery as the receiver saw it.
type hook struct {
	header http.Header
	raw    []byte
	body   map[string]any
}

func (h hook) event() string { return h.body["event"].(string) }

// receiver collects deliveries.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	hooks  []hook
	status int
}

func newReceiver(tb testing.TB) *receiver {
	tb.Helper()
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		raw, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		body, _ := parse(raw).(map[string]any)
		r.hooks = append(r.hooks, hook{request.Header, raw, body})
		w.WriteHeader(r.status)
	}))
	tb.Cleanup(r.Close)
	return r
}

// subscribe registers the receiver for the events and returns the secret.
func (r *receiver) subscribe(c client, events ...string) string {
	c.tb.Helper()
	created := c.api("POST", "webhooks", map[string]any{"url": r.URL + "/webhooks/1/key", "subscriptions": events})
	secret, _ := dig(c.tb, created, "payload", "webhook", "secret").(string)
	return secret
}

// drain waits for all deliveries and returns those not yet seen.
func (r *receiver) drain(c client) []hook {
	c.tb.Helper()
	require.NoError(c.tb, c.s.WaitIdle(context.Background()))
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.hooks
	r.hooks = nil
	return seen
}

func events(hooks []hook) []string {
	names := []string{}
	for _, h := range hooks {
		names = append(names, h.event())
	}
	return names
}

var conversationEvents = []string{"conversation_created", "conversation_updated", "conversation_status_changed", "message_created", "message_updated", "contact_created", "contact_updated"}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// get asks the handler without a connection.
func get(tb testing.TB, s *chatwoottest.Server, path string) *httptest.ResponseRecorder {
	tb.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Api-Access-Token", s.AdminToken())
	recorder := httptest.NewRecorder()
	s.Handler().ServeHTTP(recorder, request)
	require.Equal(tb, http.StatusOK, recorder.Code)
	return recorder
}

// got is an answer read to its end.
type got struct {
	status int
	header http.Header
	body   string
}

// request sends a form, or nothing, to an address and follows redirects.
func request(tb testing.TB, method, address string, form url.Values, header ...string) got {
	tb.Helper()
	asked, err := http.NewRequestWithContext(tb.Context(), method, address, strings.NewReader(form.Encode()))
	require.NoError(tb, err)
	if form != nil {
		asked.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		asked.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(asked)
	require.NoError(tb, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(tb, err)
	return got{response.StatusCode, response.Header, string(body)}
}
