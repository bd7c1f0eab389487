package chatwoottest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestDeliveriesAreSigned(t *testing.T) {
	t.Parallel()
	for version, signed := range map[string]bool{"4.14.2": true, "4.11.0": false} {
		s := chatwoottest.Start(t, chatwoottest.Options{Version: version})
		c := admin(t, s)
		r := newReceiver(t)
		secret := r.subscribe(c, conversationEvents...)
		require.Equal(t, signed, secret != "")
		s.CreateConversation(0, chatwoottest.NewConversation{})
		for _, h := range r.drain(c) {
			if !signed {
				require.Empty(t, h.header.Get("X-Chatwoot-Signature"))
				require.NotContains(t, h.body, map[bool]string{true: "-", false: "account"}[h.event() == "contact_created"])
				continue
			}
			require.Equal(t, chatwoottest.Sign(secret, h.header.Get("X-Chatwoot-Timestamp"), h.raw), h.header.Get("X-Chatwoot-Signature"))
			require.Len(t, h.header.Get("X-Chatwoot-Delivery"), 36)
		}
	}
}

func TestAFailedDeliveryIsNotRepeated(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	r := newReceiver(t)
	r.status = http.StatusInternalServerError
	r.subscribe(c, "conversation_created")
	s.CreateConversation(0, chatwoottest.NewConversation{})
	require.Len(t, r.drain(c), 1)
	latest, count := s.Deliveries()
	require.Equal(t, 1, count)
	require.Equal(t, http.StatusInternalServerError, latest[0].Status)
}

// transport hands deliveries to a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// ask speaks to a handler without a connection, as an administrator.
func ask(s *chatwoottest.Server, method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Api-Access-Token", s.AdminToken())
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	s.Handler().ServeHTTP(recorder, request)
	return recorder
}

const hookBody = `{"url":"https://board.example.com/hook","subscriptions":["conversation_updated"]}`

func TestASlowReceiverIsLeftAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := chatwoottest.New(chatwoottest.Options{WebhookDelay: 300 * time.Millisecond, WebhookTransport: transport(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})
		defer s.Close()
		ask(s, "POST", "/api/v1/accounts/1/webhooks", hookBody)
		id := s.CreateConversation(0, chatwoottest.NewConversation{})
		start := time.Now()
		s.SetLabels(1, id, []string{"vip"})
		require.NoError(t, s.WaitIdle(t.Context()))
		require.Equal(t, 5300*time.Millisecond, time.Since(start))
		latest, _ := s.Deliveries()
		require.Contains(t, latest[0].Error, "deadline")
	})
}

// TestPayloadIsBuiltWhenTheJobRuns: two changes in a row may both carry the
// newest state, each with its own list of changes.
func TestPayloadIsBuiltWhenTheJobRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var bodies []any
		s := chatwoottest.New(chatwoottest.Options{WebhookDelay: time.Second, WebhookTransport: transport(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			raw, _ := io.ReadAll(r.Body)
			bodies = append(bodies, parse(raw))
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})})
		defer s.Close()
		ask(s, "POST", "/api/v1/accounts/1/webhooks", hookBody)
		id := s.CreateConversation(0, chatwoottest.NewConversation{})
		s.SetLabels(1, id, []string{"novo"})
		s.SetLabels(1, id, []string{"ganho"})
		require.NoError(t, s.WaitIdle(t.Context()))
		require.Len(t, bodies, 2)
		for _, body := range bodies {
			require.Equal(t, []any{"ganho"}, dig(t, body, "labels"))
		}
	})
}

func TestTenWorkersDeliver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		s := chatwoottest.New(chatwoottest.Options{WebhookTransport: transport(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second) //nolint:forbidigo // in the bubble, where it moves the clock
			mu.Lock()
			now--
			mu.Unlock()
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})})
		defer s.Close()
		ask(s, "POST", "/api/v1/accounts/1/webhooks", hookBody)
		id := s.CreateConversation(0, chatwoottest.NewConversation{})
		for i := range 25 {
			s.SetLabels(1, id, []string{"x" + itoa(int64(i))})
		}
		require.NoError(t, s.WaitIdle(t.Context()))
		require.Equal(t, 10, most)
	})
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	r := newReceiver(t)
	r.subscribe(c, "conversation_updated")
	id := s.CreateConversation(0, chatwoottest.NewConversation{})
	deliveries := func(f chatwoottest.WebhookFault) int {
		s.WebhookFault(f)
		s.AddLabel(0, id, "x")
		s.RemoveLabel(0, id, "x")
		return len(r.drain(c))
	}
	require.Equal(t, 2, deliveries(chatwoottest.WebhookFault{}))
	require.Equal(t, 0, deliveries(chatwoottest.WebhookFault{Drop: 1}))
	require.Equal(t, 4, deliveries(chatwoottest.WebhookFault{Duplicate: 1}))
	require.Equal(t, 2, deliveries(chatwoottest.WebhookFault{Shuffle: 1, Delay: time.Millisecond}))
	require.Equal(t, 2, deliveries(chatwoottest.WebhookFault{}))
}

func TestPrivateTargetsMayBeBlockedSilently(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{BlockPrivateWebhooks: true})
	c := admin(t, s)
	r := newReceiver(t)
	r.subscribe(c, "conversation_created")
	s.CreateConversation(0, chatwoottest.NewConversation{})
	require.Empty(t, r.drain(c))
	latest, _ := s.Deliveries()
	require.Equal(t, "host has no public ip addresses", latest[0].Error)
	s.BlockPrivateWebhooks(false)
	s.CreateConversation(0, chatwoottest.NewConversation{})
	require.Len(t, r.drain(c), 1)
}

func TestWebhookManagement(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	made := dig(t, c.api("POST", "webhooks", map[string]any{"url": "https://a.example/h"}), "payload", "webhook").(map[string]any)
	require.Len(t, made["subscriptions"], 8, "the default of the database")
	require.Len(t, made["secret"], 24)
	for _, body := range []map[string]any{
		{"url": "https://a.example/h"},
		{"url": "nonsense"},
		{"url": "https://b.example", "subscriptions": []string{}},
		{"url": "https://b.example", "subscriptions": []string{"label_created"}},
	} {
		status, _ := c.do("POST", "/api/v1/accounts/1/webhooks", body)
		require.Equal(t, http.StatusUnprocessableEntity, status, "%v", body)
	}
	changed := c.api("PATCH", "webhooks/1", map[string]any{"subscriptions": []string{"message_created"}})
	require.Equal(t, []any{"message_created"}, dig(t, changed, "payload", "webhook", "subscriptions"))
	require.Equal(t, made["secret"], dig(t, changed, "payload", "webhook", "secret"))
	require.Nil(t, c.api("DELETE", "webhooks/1", nil))
	require.Empty(t, dig(t, c.api("GET", "webhooks", nil), "payload", "webhooks"))
}
