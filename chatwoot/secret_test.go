package chatwoot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// spelled is everything a careless caller may print of a value.
func spelled(v any) string {
	b, _ := json.Marshal(v)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
	return fmt.Sprintf("%v %+v %#v %s %q %x", v, v, v, v, v, v) + string(b) + log.String()
}

func TestTokensAreNeverPrinted(t *testing.T) {
	t.Parallel()
	hex := fmt.Sprintf("%x", canary)
	c := newClient(t, nil)
	profile := chatwoot.Profile{ID: 1, AccessToken: canary, PubsubToken: canary}
	for _, v := range []any{
		c, *c,
		struct{ c *chatwoot.Client }{c},
		struct{ C *chatwoot.Client }{c},
		struct{ c chatwoot.Client }{*c},
		c.In(chatwoot.LaneMove), c.Once(), c.Server(), chatwoot.Secret(canary), profile, &profile,
		[]chatwoot.Profile{profile},
		chatwoot.Webhook{Secret: canary},
		chatwoot.SignInResult{MFAToken: canary, Profile: profile},
	} {
		text := spelled(v)
		require.NotContains(t, text, canary, "%T", v)
		require.NotContains(t, text, hex, "%T", v)
	}
	require.Equal(t, canary, string(profile.AccessToken))
}

// echo answers with everything it was sent, as debug pages and some proxies do.
func echo(code int) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		token := r.Header.Get("Api-Access-Token")
		var body strings.Builder
		body.WriteString("<html>" + strings.Repeat("x", 490) + token + " " + token)
		if r.GetBody != nil {
			b, _ := r.GetBody()
			sent := make([]byte, 1<<12)
			n, _ := b.Read(sent)
			body.Write(sent[:n])
		}
		return response(code, "text/html", body.String()), nil
	}
}

func TestTokensAreInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	for _, fail := range []func(*http.Request) (*http.Response, error){
		echo(200), echo(302), echo(401), echo(404), echo(422), echo(500), reset, cutOff,
		status(200, `{"access_token":"`+canary+`"}`), status(200, `["`+canary+`"]`), status(422, `{"message":"`+canary+`","attributes":["`+"x"+`"]}`),
		func(*http.Request) (*http.Response, error) { return nil, errors.New("dial: network down") },
	} {
		synctest.Test(t, func(t *testing.T) {
			log := &logged{}
			s := newServer(t, nil, func(c *chatwoot.ServerConfig) {
				c.Transport = transport(fail)
				c.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			c := s.Client(canary, 1).Once()
			_, profile := c.Profile(t.Context())
			_, search := c.SearchContacts(t.Context(), canary, 1)
			_, signIn := s.SignIn(t.Context(), chatwoot.SignIn{Email: "ana@example.com", Password: canary})
			_, code := s.SignIn(t.Context(), chatwoot.SignIn{MFAToken: canary, Code: "987654"})
			_, backup := s.SignIn(t.Context(), chatwoot.SignIn{MFAToken: canary, BackupCode: "back-up-code"})
			for _, err := range []error{profile, search, signIn, code, backup} {
				require.Error(t, err)
				for e := err; e != nil; e = errors.Unwrap(e) {
					text := spelled(e)
					for _, word := range []string{canary, canary[:12], "987654", "back-up-code"} {
						require.NotContains(t, text, word)
					}
				}
			}
			require.NotContains(t, log.String(), canary)
			require.Contains(t, log.String(), "msg=request")
		})
	}
}
