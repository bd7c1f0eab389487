package chatwoot_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

func TestSetConversationLabelsAlwaysSendsAnArray(t *testing.T) {
	t.Parallel()
	for _, titles := range [][]string{nil, {}, {"a"}} {
		c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			want, _ := json.Marshal(append([]string{}, titles...))
			require.Equal(t, `{"labels":`+string(want)+`}`, string(body))
			answerJSON(w, 200, `{"payload":`+string(want)+`}`)
		})
		got, err := c.SetConversationLabels(t.Context(), 1, titles)
		require.NoError(t, err)
		require.Len(t, got, len(titles))
	}
}

func TestSetCustomAttributesNeverOmitsTheMap(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		require.JSONEq(t, `{"custom_attributes":{}}`, string(body))
		answerJSON(w, 200, `{"custom_attributes":{}}`)
	})
	_, err := c.SetCustomAttributes(t.Context(), 1, nil)
	require.NoError(t, err)
}

func TestSetPriorityClearsWithNull(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		require.Equal(t, `{"priority":null}`, string(body))
	})
	require.NoError(t, c.SetPriority(t.Context(), 1, ""))
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, []string{canary}, r.Header["Api-Access-Token"])
		require.Empty(t, r.Header.Get("api_access_token"))
		require.NotContains(t, r.UserAgent(), "Mozilla") // a browser would meet the session limit
		answerJSON(w, 200, `{"id":1}`)
	})
	_, err := c.Profile(t.Context())
	require.NoError(t, err)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		require.NotContains(t, r.Header, "Api-Access-Token")
		answerJSON(w, 200, `{"version":"4.14.2"}`)
	})
	_, err = s.Version(t.Context())
	require.NoError(t, err)
}

func TestUpdatedWithinIsRoundedUp(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "updated_within=31", r.URL.RawQuery)
		answerJSON(w, 200, `{"data":{"payload":[]}}`)
	})
	_, err := c.Conversations(t.Context(), chatwoot.ListOptions{UpdatedWithin: 30*time.Second + 1})
	require.NoError(t, err)
}

func TestBasePathIsKept(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/desk/api", r.URL.Path)
		answerJSON(w, 200, `{"version":"1"}`)
	}, func(c *chatwoot.ServerConfig) { c.URL = " https://Chat.Example.test/desk// " })
	require.Equal(t, "https://chat.example.test/desk", s.URL())
	_, err := s.Version(t.Context())
	require.NoError(t, err)
}

func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "chat.example.test", "ftp://x.test", "http://", "https:///x", "http://user:pw@x.test", "http://x.test?a=b", "http://x.test?",
		"http://x.test#y", "javascript:alert(1)", "http:x.test", "http://[::1", "http://x\x00.test", "file:///etc/passwd",
	} {
		_, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: address})
		require.ErrorIs(t, err, chatwoot.ErrAddress, address)
		require.NotContains(t, err.Error(), "pw")
	}
	_, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: "http://x.test", RequireHTTPS: true})
	require.ErrorIs(t, err, chatwoot.ErrInsecure)
	_, err = chatwoot.NewServer(chatwoot.ServerConfig{URL: "https://x.test", RequireHTTPS: true})
	require.NoError(t, err)
}

// pages answers filter calls on display_id from a server with its own page size.
func pages(t *testing.T, size int, exist func(int64) bool, calls *int) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		*calls++
		var body struct {
			Payload []struct {
				Key    string  `json:"attribute_key"`
				Values []int64 `json:"values"`
			} `json:"payload"`
		}
		require.NoError(t, json.NewDecoder(r.Body).Decode(&body))
		require.Len(t, body.Payload, 1)
		require.Equal(t, "display_id", body.Payload[0].Key)
		require.LessOrEqual(t, len(body.Payload[0].Values), 25)
		rows := []map[string]any{}
		for _, id := range body.Payload[0].Values {
			if exist(id) {
				rows = append(rows, map[string]any{"id": id})
			}
		}
		all := len(rows)
		page := int(r.URL.Query().Get("page")[0] - '0')
		rows = rows[min(len(rows), (page-1)*size):min(len(rows), page*size)]
		answer, _ := json.Marshal(map[string]any{"meta": map[string]any{"all_count": all}, "payload": rows})
		answerJSON(w, 200, string(answer))
	}
}

func TestConversationsByID(t *testing.T) {
	t.Parallel()
	ids := make([]int64, 60)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	odd := func(id int64) bool { return id%2 == 1 }
	all := func(int64) bool { return true }
	for _, c := range []struct {
		size, found, calls int
		exist              func(int64) bool
	}{
		{size: 25, found: 60, calls: 3, exist: all},
		{size: 10, found: 60, calls: 7, exist: all},
		{size: 25, found: 30, calls: 3, exist: odd},
		{size: 25, found: 0, calls: 3, exist: func(int64) bool { return false }},
	} {
		calls := 0
		got, err := newClient(t, pages(t, c.size, c.exist, &calls)).ConversationsByID(t.Context(), ids)
		require.NoError(t, err)
		require.Len(t, got, c.found)
		require.Equal(t, c.calls, calls)
	}
	got, err := newClient(t, nil).ConversationsByID(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, got)
}
