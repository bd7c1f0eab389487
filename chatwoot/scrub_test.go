package chatwoot_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

func TestScrub(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{}`:                             `{}`,
		" { } \n":                        " { } \n",
		`{"a":"pubsub_token"}`:           `{"a":"pubsub_token"}`,
		`{"pubsub_token":"S"}`:           `{"pubsub_token":""}`,
		`{"pubsub_token" : "S" , "a":1}`: `{"pubsub_token" : "" , "a":1}`,
		`{"a":[{"b":{"secret":"S"}}]}`:   `{"a":[{"b":{"secret":""}}]}`,
		`{"provider_config":{"api_key":"S","x":["}"]},"b":2}`: `{"provider_config":null,"b":2}`,
		`{"secret":["S",{"a":"]"}],"b":2}`:                    `{"secret":null,"b":2}`,
		`{"password":12345}`:                                  `{"password":null}`,
		`{"password":null,"hmac_token":true}`:                 `{"password":null,"hmac_token":null}`,
		`{"hmac_mandatory":true,"hmac_verified":false}`:       `{"hmac_mandatory":true,"hmac_verified":false}`,
		`{"\u0070ubsub\u005ftoken":"S"}`:                      `{"\u0070ubsub\u005ftoken":""}`,
		`{"Access_Token":"S","API_KEY":"S"}`:                  `{"Access_Token":"","API_KEY":""}`,
		`{"token":"S\"S\\","x":"\\"}`:                         `{"token":"","x":"\\"}`,
		`{"x":"\"secret\":\"S\"","secret":"S"}`:               `{"x":"\"secret\":\"S\"","secret":""}`,
		`{"x":"\\\"","secret":"S"}`:                           `{"x":"\\\"","secret":""}`,
		`{"imap_password":"S","smtp_password":"S","webhook_verify_token":"S","identity_token":"S","auth_token":"S","api_access_token":"S"}`: `{"imap_password":"","smtp_password":"","webhook_verify_token":"","identity_token":"","auth_token":"","api_access_token":""}`,
		`{"monkey":"k","keynote":"k","tokens":"k","secretary":"k","token_count":1,"key":"k"}`:                                               `{"monkey":"k","keynote":"k","tokens":"k","secretary":"k","token_count":1,"key":"k"}`,
	} {
		got, err := chatwoot.Scrub([]byte(in))
		require.NoError(t, err, in)
		require.Equal(t, want, string(got))
	}
}

func TestScrubRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", " ", "null", "[]", `"{}"`, "7", "{", `{"a"`, `{"a":"`, `{"secret":`, `{"secret":"S`, `{"secret":{`, `{"secret":[1}`, `{"secret":S}`,
		`{"secret":"\x"}`, `{} {}`, `{}x`, `{"secret":}`, `{"secret":,"a":1}`,
	} {
		_, err := chatwoot.Scrub([]byte(in))
		require.ErrorIs(t, err, chatwoot.ErrNotObject, in)
	}
	deep := strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300)
	_, err := chatwoot.Scrub([]byte(deep))
	require.ErrorIs(t, err, chatwoot.ErrTooDeep)
	_, err = chatwoot.Scrub([]byte(`{"secret":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}"))
	require.ErrorIs(t, err, chatwoot.ErrTooDeep)
}

func TestScrubLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	in := []byte(`{"secret":"S","a":"b"}`)
	before := bytes.Clone(in)
	out, err := chatwoot.Scrub(in)
	require.NoError(t, err)
	out[0] = 'x'
	require.Equal(t, before, in)
	plain := []byte(`{"a":"b"}`)
	out, err = chatwoot.Scrub(plain)
	require.NoError(t, err)
	out[0] = 'x'
	require.Equal(t, byte('{'), plain[0])
}

func TestScrubRecordedDeliveries(t *testing.T) {
	t.Parallel()
	scrubbed := 0
	for _, session := range []string{"everyday", "unusual"} {
		for _, d := range deliveries(session) {
			out, err := chatwoot.Scrub([]byte(d.Body))
			require.NoError(t, err)
			var before, after any
			require.NoError(t, json.Unmarshal([]byte(d.Body), &before))
			require.NoError(t, json.Unmarshal(out, &after))
			token := pubsubToken(before)
			if token != "" {
				scrubbed++
				require.NotContains(t, string(out), token)
			}
			blankSecrets(before)
			require.Equal(t, before, after, "nothing else changes")
		}
	}
	require.Greater(t, scrubbed, 50)
}

func pubsubToken(v any) string {
	switch v := v.(type) {
	case map[string]any:
		if token, ok := v["pubsub_token"].(string); ok {
			return token
		}
		for _, inner := range v {
			if token := pubsubToken(inner); token != "" {
				return token
			}
		}
	case []any:
		for _, inner := range v {
			if token := pubsubToken(inner); token != "" {
				return token
			}
		}
	}
	return ""
}

// blankSecrets is what Scrub does, slowly and by other means.
func blankSecrets(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			switch {
			case !namesSecret(key):
				blankSecrets(inner)
			case isText(inner):
				v[key] = ""
			default:
				v[key] = nil
			}
		}
	case []any:
		for _, inner := range v {
			blankSecrets(inner)
		}
	}
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

func namesSecret(key string) bool {
	key = strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, key)
	if slices.Contains([]string{"passwd", "apikey", "authorization", "provider_config", "identifier_hash"}, key) {
		return true
	}
	for _, end := range []string{"token", "secret", "password", "api_key", "private_key"} {
		if key == end || strings.HasSuffix(key, "_"+end) {
			return true
		}
	}
	return strings.HasSuffix(key, "_secret_key") || key == "secret_key"
}

func BenchmarkScrub(b *testing.B) {
	body := []byte(deliveries("everyday")[30].Body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := chatwoot.Scrub(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseEvent(b *testing.B) {
	body := []byte(deliveries("everyday")[30].Body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := chatwoot.ParseEvent(body); err != nil {
			b.Fatal(err)
		}
	}
}
