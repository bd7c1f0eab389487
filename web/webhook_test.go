package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// deliver sends a webhook to a path, as Chatwoot does.
func (w *world) deliver(path, body string, headers map[string]string) int {
	w.t.Helper()
	b := w.browser()
	b.header = http.Header{"Content-Type": {"application/json"}}
	for name, value := range headers {
		b.header.Set(name, value)
	}
	r := b.request(w.t.Context(), http.MethodPost, path, nil)
	r.Body, r.ContentLength = http.NoBody, 0
	if body != "" {
		r.Body, r.ContentLength = readCloser(body), int64(len(body))
	}
	res, err := b.client.Do(r)
	require.NoError(w.t, err)
	require.NoError(w.t, res.Body.Close())
	return res.StatusCode
}

type closer struct{ *strings.Reader }

func (closer) Close() error { return nil }

func readCloser(s string) closer { return closer{strings.NewReader(s)} }

func signed(secret, body string, at time.Time) map[string]string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return map[string]string{"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": chatwoottest.Sign(secret, stamp, []byte(body))}
}

func hookPath(a kanban.Account) string { return fmt.Sprintf("/webhooks/%d/%s", a.ID, a.Webhook.Key) }

// quiet is a connected world whose engine does not run, so that deliveries stay where they were put.
func quiet(t *testing.T, o chatwoottest.Options) *world {
	t.Helper()
	w := newWorld(t, o)
	require.NoError(t, w.engine.SetUp(t.Context(), kanban.Setup{
		Address:    kanban.Address{URL: w.sim.URL(), Token: w.sim.AdminToken(), AllowPrivateNetwork: true},
		ChatwootID: w.sim.AccountID(), PublicURL: w.http.URL,
	}))
	return w
}

func (w *world) waiting(id kanban.AccountID) int {
	w.t.Helper()
	n, err := w.store.DeliveriesWaiting(w.t.Context(), id)
	require.NoError(w.t, err)
	return n
}

func TestWebhookIsKeptOnce(t *testing.T) {
	t.Parallel()
	w := quiet(t, business(3))
	a := w.account()
	body := `{"event":"conversation_updated","id":1,"contact_inbox":{"pubsub_token":"live-credential"}}`
	headers := signed(a.Webhook.Secret, body, time.Now())
	require.Equal(t, 204, w.deliver(hookPath(a), body, headers))
	require.Equal(t, 204, w.deliver(hookPath(a), body, headers), "a replay is answered")
	headers["X-Chatwoot-Signature"] = "sha256=" + strings.ToUpper(strings.TrimPrefix(headers["X-Chatwoot-Signature"], "sha256="))
	require.Equal(t, 204, w.deliver(hookPath(a), body, headers), "one written otherwise, too")
	require.Equal(t, 1, w.waiting(a.ID), "and not taken again")
	kept, err := w.store.Deliveries(t.Context(), a.ID, 10)
	require.NoError(t, err)
	require.NotContains(t, string(kept[0].Body), "live-credential")
	require.False(t, w.account().Webhook.LastAt.IsZero())
}

func TestForgedWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	w := quiet(t, business(3))
	a := w.account()
	body := `{"event":"conversation_updated","id":1}`
	good := signed(a.Webhook.Secret, body, time.Now())
	tests := map[string]struct {
		path, body string
		headers    map[string]string
		status     int
	}{
		"unsigned where a signature is due": {hookPath(a), body, nil, 401},
		"another body":                      {hookPath(a), body + " ", good, 401},
		"the same JSON, encoded anew":       {hookPath(a), `{"id":1,"event":"conversation_updated"}`, good, 401},
		"another way of writing a letter":   {hookPath(a), strings.Replace(body, "v", `\u0076`, 1), good, 401},
		"a line's end added by a proxy":     {hookPath(a), body + "\n", good, 401},
		"the wrong case of the name":        {hookPath(a), body, changed(good, func(s string) string { return strings.Replace(s, "sha256", "SHA256", 1) }), 401},
		"no name of a digest":               {hookPath(a), body, changed(good, func(s string) string { return strings.TrimPrefix(s, "sha256=") }), 401},
		"half a signature":                  {hookPath(a), body, changed(good, func(s string) string { return s[:39] }), 401},
		"no time":                           {hookPath(a), body, map[string]string{"X-Chatwoot-Signature": good["X-Chatwoot-Signature"]}, 401},
		"another secret":                    {hookPath(a), body, signed("guess", body, time.Now()), 401},
		"an empty secret":                   {hookPath(a), body, signed("", body, time.Now()), 401},
		"six minutes old":                   {hookPath(a), body, signed(a.Webhook.Secret, body, time.Now().Add(-6*time.Minute)), 401},
		"six minutes ahead":                 {hookPath(a), body, signed(a.Webhook.Secret, body, time.Now().Add(6*time.Minute)), 401},
		"a time of another delivery": {hookPath(a), body, map[string]string{
			"X-Chatwoot-Timestamp": strconv.FormatInt(time.Now().Unix()+1, 10), "X-Chatwoot-Signature": good["X-Chatwoot-Signature"],
		}, 401},
		"wrong key":          {"/webhooks/1/guess", body, good, 404},
		"unknown account":    {"/webhooks/99/" + a.Webhook.Key, body, good, 404},
		"no number":          {"/webhooks/x/" + a.Webhook.Key, body, good, 404},
		"no JSON":            {hookPath(a), "hello", signed(a.Webhook.Secret, "hello", time.Now()), 400},
		"an empty body":      {hookPath(a), "", signed(a.Webhook.Secret, "", time.Now()), 400},
		"more than is taken": {hookPath(a), strings.Repeat("x", 1<<20+1), good, 413},
	}
	for name, tt := range tests {
		require.Equal(t, tt.status, w.deliver(tt.path, tt.body, tt.headers), name)
	}
	require.Zero(t, w.waiting(a.ID))
	require.Equal(t, 204, w.deliver(hookPath(a), body, good))
	require.Equal(t, 204, w.deliver(hookPath(a), body, changed(good, func(s string) string { return "sha256=" + strings.ToUpper(s[7:]) })), "the same digest, written in capitals, is a replay")
	require.Equal(t, 1, w.waiting(a.ID))
}

// changed is the headers of a delivery with another signature.
func changed(headers map[string]string, change func(string) string) map[string]string {
	return map[string]string{"X-Chatwoot-Timestamp": headers["X-Chatwoot-Timestamp"], "X-Chatwoot-Signature": change(headers["X-Chatwoot-Signature"])}
}

func TestWebhookOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	w := quiet(t, business(3))
	a := w.account()
	other, err := w.store.SaveAccount(t.Context(), kanban.Account{BaseURL: w.sim.URL(), ChatwootID: 2, Name: "Other", Token: "token-of-the-other-account"})
	require.NoError(t, err)
	require.NoError(t, w.store.SetWebhook(t.Context(), other.ID, kanban.AccountWebhook{ID: 9, Key: "its-own-key", Secret: "its-own-secret"}))
	other, err = w.store.Account(t.Context(), other.ID)
	require.NoError(t, err)
	body := `{"event":"conversation_updated","id":1}`
	require.Equal(t, 401, w.deliver(hookPath(other), body, signed(a.Webhook.Secret, body, time.Now())))
	require.Equal(t, 404, w.deliver(fmt.Sprintf("/webhooks/%d/%s", other.ID, a.Webhook.Key), body, signed(a.Webhook.Secret, body, time.Now())))
	require.Zero(t, w.waiting(other.ID))
}

// Below 4.12 Chatwoot signs nothing: the key in the address is all the proof there is.
func TestUnsignedWebhooksOfOldChatwoot(t *testing.T) {
	t.Parallel()
	o := business(3)
	o.Version = "4.8.0"
	w := quiet(t, o)
	require.Zero(t, w.account().Webhook.ID, "nothing is registered before somebody agreed")
	require.NoError(t, w.engine.AllowUnsigned(t.Context(), 1, true))
	a, err := w.engine.RegisterWebhook(t.Context(), 1, w.http.URL)
	require.NoError(t, err)
	require.Empty(t, a.Webhook.Secret)
	body := `{"event":"conversation_updated","id":1}`
	require.Equal(t, 204, w.deliver(hookPath(a), body, nil))
	require.Equal(t, 204, w.deliver(hookPath(a), body, nil))
	require.Equal(t, 1, w.waiting(a.ID))
	require.Equal(t, 404, w.deliver("/webhooks/1/", body, nil))

	require.NoError(t, w.engine.AllowUnsigned(t.Context(), 1, false))
	require.Equal(t, 401, w.deliver(hookPath(a), `{"event":"conversation_updated","id":2}`, nil), "not without consent")
}

func TestWebhookNeedsTheDatabase(t *testing.T) {
	t.Parallel()
	w := quiet(t, business(3))
	a := w.account()
	require.NoError(t, w.store.Close())
	body := `{"event":"conversation_updated","id":1}`
	require.Equal(t, 503, w.deliver(hookPath(a), body, signed(a.Webhook.Secret, body, time.Now())), "not acknowledged, since not kept")
	require.Equal(t, 503, w.browser().get("/readyz").status)
	require.Equal(t, 200, w.browser().get("/healthz").status)
}
