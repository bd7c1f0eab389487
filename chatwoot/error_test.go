package chatwoot_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

func TestKindsOfRecordedRefusals(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]chatwoot.Kind{
		"profile without token":                 chatwoot.KindHeaderDropped,
		"profile bearer is refused":             chatwoot.KindHeaderDropped,
		"profile wrong token":                   chatwoot.KindBadToken,
		"profile bot token":                     chatwoot.KindBotToken,
		"profile platform token":                chatwoot.KindBotToken,
		"account of others":                     chatwoot.KindNotMember,
		"account that does not exist":           chatwoot.KindNotFound,
		"conversation missing":                  chatwoot.KindNotFound,
		"label create as agent":                 chatwoot.KindNotAllowed,
		"labels set agent outside inbox":        chatwoot.KindNotAllowed,
		"label create duplicate":                chatwoot.KindInvalid,
		"labels broken json":                    chatwoot.KindInvalid,
		"filter unknown key":                    chatwoot.KindInvalid,
		"priority invalid":                      chatwoot.KindUnavailable,
		"meta throttled":                        chatwoot.KindThrottled,
		"conversation show agent outside inbox": chatwoot.KindNotAllowed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := recording(t, "everyday", name)
			_, err := newClient(t, func(w http.ResponseWriter, _ *http.Request) { e.reply(w) }).Once().Profile(t.Context())
			require.ErrorIs(t, err, kind)
			require.Equal(t, kind, chatwoot.KindOf(err))
			for _, other := range []chatwoot.Kind{chatwoot.KindBadToken, chatwoot.KindNotFound, chatwoot.KindNotAllowed} {
				require.Equal(t, other == kind, errors.Is(err, other))
			}
		})
	}
}

func TestKindsOfRefusedSignIn(t *testing.T) {
	t.Parallel()
	type answer struct {
		status int
		body   string
	}
	for kind, a := range map[chatwoot.Kind]answer{
		chatwoot.KindUnconfirmed:    {401, `{"success":false,"errors":["confirme"],"error_code":"user_not_confirmed"}`},
		chatwoot.KindSAML:           {401, `{"success":false,"message":"sso","errors":["sso"]}`},
		chatwoot.KindSessionLimit:   {409, `{"sessions_limit_reached":true,"sessions":[]}`},
		chatwoot.KindNotChatwoot:    {404, `<html>`},
		chatwoot.KindUnavailable:    {502, `<html>`},
		chatwoot.KindPrivateAddress: {},
	} {
		if a.status == 0 {
			continue
		}
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, a.status, a.body) })
		_, err := s.SignIn(t.Context(), chatwoot.SignIn{Email: "a@example.com", Password: "pass-word"})
		require.ErrorIs(t, err, kind)
	}
	for name, kind := range map[string]chatwoot.Kind{
		"sign in wrong password": chatwoot.KindBadCredentials, "sign in throttled try 6": chatwoot.KindThrottled,
	} {
		e := recording(t, "everyday", name)
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { e.reply(w) })
		_, err := s.SignIn(t.Context(), chatwoot.SignIn{Email: "a@example.com", Password: "pass-word"})
		require.ErrorIs(t, err, kind)
	}
	for name, kind := range map[string]chatwoot.Kind{
		"sign in wrong code": chatwoot.KindBadCode, "sign in bad mfa token": chatwoot.KindMFAExpired,
	} {
		e := recording(t, "unusual", name)
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { e.reply(w) })
		_, err := s.SignIn(t.Context(), chatwoot.SignIn{MFAToken: "the-mfa-token", Code: "000000"})
		require.ErrorIs(t, err, kind)
	}
}

func TestKindsByStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		kind   chatwoot.Kind
	}{
		{401, `{"error":"Account is suspended"}`, chatwoot.KindSuspended},
		{401, `{"error":"Bot is not authorized to access this account"}`, chatwoot.KindBotToken},
		{401, `{"error":"Você não tem permissão"}`, chatwoot.KindNotAllowed},
		{401, `{}`, chatwoot.KindNotAllowed},
		{401, `<html>Authorization Required</html>`, chatwoot.KindNotChatwoot},
		{402, `{"error":"upgrade"}`, chatwoot.KindPlanLimit},
		{403, `{"error":"no"}`, chatwoot.KindForbidden},
		{403, `<html>challenge</html>`, chatwoot.KindNotChatwoot},
		{404, `<html>The page you were looking for</html>`, chatwoot.KindNotChatwoot},
		{404, ``, chatwoot.KindNotChatwoot},
		{404, `[]`, chatwoot.KindNotChatwoot},
		{422, `{"error":"x"}`, chatwoot.KindInvalid},
		{429, "Retry later\n", chatwoot.KindThrottled},
		{500, `<html>`, chatwoot.KindUnavailable},
		{502, ``, chatwoot.KindUnavailable},
		{301, ``, chatwoot.KindNotChatwoot},
		{304, ``, chatwoot.KindNotChatwoot},
		{200, `<!doctype html><title>Login</title>`, chatwoot.KindNotChatwoot},
		{204, ``, chatwoot.KindNotChatwoot},
	} {
		k := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}).Once()
		_, err := k.Conversation(t.Context(), 1)
		require.ErrorIs(t, err, c.kind, "%d %s", c.status, c.body)
		var e *chatwoot.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, c.status, e.Status)
		require.Equal(t, "GET", e.Method)
		require.Equal(t, "/api/v1/accounts/1/conversations/1", e.Path)
	}
}

func TestErrorTellsTheRefusedFields(t *testing.T) {
	t.Parallel()
	e := recording(t, "everyday", "webhook create unknown event")
	_, err := newClient(t, func(w http.ResponseWriter, _ *http.Request) { e.reply(w) }).CreateWebhook(t.Context(), chatwoot.Webhook{})
	var refused *chatwoot.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []string{"subscriptions"}, refused.Attributes)
	require.Equal(t, "Subscriptions Eventos inválidos", refused.Message())
	require.False(t, refused.MayHaveHappened())
}

func TestErrorBodiesAreBounded(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("é", 100_000)
	_, err := newClient(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 502, "x"+page) }).Once().Profile(t.Context())
	var e *chatwoot.Error
	require.ErrorAs(t, err, &e)
	require.LessOrEqual(t, len(e.Body), 512)
	require.True(t, strings.HasPrefix(e.Body, "xéé"))
	require.True(t, e.MayHaveHappened())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	calls := 0
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, "https://elsewhere.test/login?next=secret#x", http.StatusFound)
	})
	_, err := c.Profile(t.Context())
	var e *chatwoot.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, chatwoot.KindNotChatwoot, e.Kind)
	require.Equal(t, "https://elsewhere.test/login", e.Location)
	require.Equal(t, 1, calls)
}

func TestKindOfForeignErrors(t *testing.T) {
	t.Parallel()
	require.Empty(t, chatwoot.KindOf(nil))
	require.Empty(t, chatwoot.KindOf(errors.New("x")))
}
