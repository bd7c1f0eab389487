package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// hook is a webhook that is registered in Chatwoot.
type hook struct{ URL, Secret string }

// webhooksOf reads what is registered, with its secrets, as an administrator may.
func webhooksOf(t *testing.T, sim *chatwoottest.Server) []hook {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, sim.URL()+"/api/v1/accounts/1/webhooks", nil)
	require.NoError(t, err)
	req.Header.Set("Api-Access-Token", sim.AdminToken())
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	var list struct {
		Payload struct{ Webhooks []hook }
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&list))
	return list.Payload.Webhooks
}

// known waits until the program takes what Chatwoot signs: it reads the secret in the answer to its registration, when Chatwoot has it
// already.
func (h hook) known(c *child) hook {
	c.t.Helper()
	nothing := []byte(`{"event":"webwidget_triggered"}`)
	c.eventually(func() bool { return h.deliver(c.t.Context(), nothing) == http.StatusNoContent }, "the program has the webhook's secret")
	return h
}

// snapshotOf is what Chatwoot would tell of a conversation in the stage "proposta".
func snapshotOf(id int64) []byte {
	now := time.Now().Unix()
	return fmt.Appendf(nil, `{"event":"conversation_updated","id":%d,"inbox_id":1,"status":"open","labels":["proposta"],"messages":[],`+
		`"meta":{"sender":{"id":1,"name":"Rui"}},"created_at":%d,"last_activity_at":%d,"updated_at":%d.123456,"custom_attributes":{}}`, id, now, now, now)
}

// cardPath is the address of a conversation's card on the first board.
func cardPath(id int64) string { return fmt.Sprintf("/boards/1/cards/%d", id) }

// deliver sends a signed snapshot as Chatwoot would, and returns the answer's status, 0 if there was none.
func (h hook) deliver(ctx context.Context, body []byte) int {
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, strings.NewReader(string(body)))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Chatwoot-Timestamp", stamp)
	req.Header.Set("X-Chatwoot-Signature", chatwoottest.Sign(h.Secret, stamp, body))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}
