package chatwoot_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

func FuzzConversation(f *testing.F) {
	for _, session := range []string{"everyday", "unusual"} {
		for _, e := range recorded()[session] {
			if len(e.Response.Body) < 1<<14 {
				f.Add([]byte(e.Response.Body))
			}
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var c chatwoot.Conversation
		if json.Valid(body) && nestedLess(body, 1000) {
			require.NoError(t, json.Unmarshal(body, &c))
		}
		k := newClient(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, string(body)) }).Once()
		c, err := k.Conversation(t.Context(), 1)
		require.Equal(t, err == nil, c.ID > 0)
		if err == nil {
			require.True(t, json.Valid([]byte(c.CustomAttributes.String())))
			require.NotNil(t, c.CustomAttributes.Map())
			require.GreaterOrEqual(t, c.UpdatedAt, chatwoot.Micros(0))
		}
		p, err := k.Conversations(t.Context(), chatwoot.ListOptions{})
		for _, one := range p.Conversations {
			require.NoError(t, err)
			require.Positive(t, one.ID)
		}
	})
}

// nestedLess keeps away from the decoder's own limit of depth, where broken and sound input part.
func nestedLess(body []byte, limit int) bool {
	depth := 0
	for _, b := range body {
		if b == '{' || b == '[' {
			depth++
		}
	}
	return depth < limit
}

func FuzzEvent(f *testing.F) {
	for _, session := range []string{"everyday", "unusual"} {
		for _, d := range deliveries(session) {
			f.Add([]byte(d.Body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := chatwoot.ParseEvent(body)
		require.Equal(t, err == nil, e.Name != "")
		if e.Conversation != nil {
			require.Positive(t, e.Conversation.ID)
		}
		if e.Message != nil {
			require.Positive(t, e.Message.ID)
		}
		if e.Contact != nil {
			require.Positive(t, e.Contact.ID)
		}
		_, _, _ = e.LabelChange()

		// What was scrubbed says the same.
		scrubbed, scrubErr := chatwoot.Scrub(body)
		if err == nil && scrubErr == nil {
			again, err := chatwoot.ParseEvent(scrubbed)
			require.NoError(t, err)
			require.Equal(t, e.Conversation != nil, again.Conversation != nil)
		}
	})
}

func FuzzScrub(f *testing.F) {
	for _, session := range []string{"everyday", "unusual"} {
		for i, d := range deliveries(session) {
			if i%5 == 0 {
				f.Add([]byte(d.Body))
			}
		}
	}
	for _, seed := range []string{`{"pubsub_token":"S"}`, `{"\u0070ubsub_token":{"a":[1,"]"]}}`, `{"secret":S}`, `{"a":"\\\"","token":"x"}`, `{"key":"SECRET"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		out, err := chatwoot.Scrub(body)
		var before map[string]any
		valid := json.Unmarshal(body, &before) == nil && before != nil
		if err != nil {
			require.True(t, !valid || !nestedLess(body, 250), "sound JSON is scrubbed")
			return
		}
		require.Equal(t, json.Valid(body), json.Valid(out), "%s -> %s", body, out)
		if !valid {
			return
		}
		var after map[string]any
		require.NoError(t, json.Unmarshal(out, &after))
		requireNoSecret(t, after)
		again, err := chatwoot.Scrub(out)
		require.NoError(t, err)
		require.Equal(t, out, again, "scrubbing twice changes nothing")
	})
}

func requireNoSecret(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if namesSecret(key) {
				require.True(t, inner == nil || inner == "", "%s is %v", key, inner)
			}
			requireNoSecret(t, inner)
		}
	case []any:
		for _, inner := range v {
			requireNoSecret(t, inner)
		}
	}
}

func FuzzTime(f *testing.F) {
	for _, seed := range []string{"1795398031.4795792", "0", "null", `"2026-11-23T01:40:31.479Z"`, "1e9", "-1", `""`, "253402300799.9999999"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		var at chatwoot.Time
		var stamp chatwoot.Micros
		require.Equal(t, json.Valid(value), json.Unmarshal(value, &at) == nil)
		require.Equal(t, json.Valid(value), json.Unmarshal(value, &stamp) == nil)
		require.GreaterOrEqual(t, stamp, chatwoot.Micros(0))
		if at.IsZero() {
			require.Zero(t, stamp)
			return
		}
		require.Equal(t, time.UnixMicro(int64(stamp)).UTC(), at.Time)
		b, err := json.Marshal(at)
		require.NoError(t, err)
		var again chatwoot.Time
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, at, again)
	})
}
