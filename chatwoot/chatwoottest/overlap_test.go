package chatwoottest_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// As recorded ("race 2"): both writers read the same, and each is told to have replaced that.
func TestOverlappingLabelWritesBothTellWhatTheyRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		changes := map[string]any{}
		s := chatwoottest.New(chatwoottest.Options{SaveTime: 50 * time.Millisecond, WebhookTransport: transport(func(r *http.Request) (*http.Response, error) {
			var body struct {
				Changes []map[string]struct {
					Previous any `json:"previous_value"`
					Current  any `json:"current_value"`
				} `json:"changed_attributes"`
			}
			_ = json.NewDecoder(r.Body).Decode(&body)
			mu.Lock()
			defer mu.Unlock()
			for _, c := range body.Changes {
				if v, ok := c["label_list"]; ok {
					text, _ := json.Marshal(v.Current)
					changes[string(text)] = v.Previous
				}
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
		})})
		defer s.Close()
		id := s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo"}})
		require.NoError(t, s.WaitIdle(t.Context()))
		ask(s, http.MethodPost, "/api/v1/accounts/1/webhooks", `{"url":"http://receiver.example/","subscriptions":["conversation_updated"]}`)
		path := "/api/v1/accounts/1/conversations/" + itoa(id) + "/labels"
		var both sync.WaitGroup
		both.Go(func() { ask(s, http.MethodPost, path, `{"labels":["novo","vip"]}`) })
		both.Go(func() {
			time.Sleep(10 * time.Millisecond) //nolint:forbidigo // in a bubble
			ask(s, http.MethodPost, path, `{"labels":["novo","ganho"]}`)
		})
		both.Wait()
		require.NoError(t, s.WaitIdle(t.Context()))
		require.Equal(t, []string{"novo", "ganho"}, s.Labels(id), "one label is lost")
		require.Equal(t, map[string]any{`["novo","vip"]`: []any{"novo"}, `["novo","ganho"]`: []any{"novo"}}, changes)
	})
}
