package chatwoottest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{Conversations: 30})
	with := func(token string) client { return client{t, s, token} }
	for _, one := range []struct {
		name         string
		c            client
		method, path string
		status       int
		body         any
	}{
		{"no token", with(""), "GET", "/api/v1/profile", 401, map[string]any{"errors": []any{"You need to sign in or sign up before continuing."}}},
		{"wrong token", with("x"), "GET", "/api/v1/profile", 401, errorBody("Invalid Access Token")},
		{"bot", with(s.BotToken()), "GET", "/api/v1/accounts/1/conversations", 401, errorBody("Access to this endpoint is not authorized for bots")},
		{"platform app", with(s.PlatformToken()), "GET", "/api/v1/profile", 401, errorBody("Access to this endpoint is not authorized for bots")},
		{"another's account", with(s.OutsiderToken()), "GET", "/api/v1/accounts/1/labels", 401, errorBody("You are not authorized to access this account")},
		{"no such account", admin(t, s), "GET", "/api/v1/accounts/99/labels", 404, errorBody("Resource could not be found")},
		{"agent where an administrator is needed", admin(t, s).agent(0), "GET", "/api/v1/accounts/1/webhooks", 401, errorBody("You are not authorized to do this action")},
		{"no such conversation", admin(t, s), "GET", "/api/v1/accounts/1/conversations/999", 404, errorBody("Resource could not be found")},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			status, body := one.c.do(one.method, one.path, nil)
			require.Equal(t, one.status, status)
			require.Equal(t, one.body, body)
		})
	}
}

func errorBody(message string) map[string]any { return map[string]any{"error": message} }

func TestUnknownAddressIsAPage(t *testing.T) {
	t.Parallel()
	status, body := admin(t, chatwoottest.Start(t, chatwoottest.Options{})).do("GET", "/api/v1/accounts/1/nothing", nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "<!DOCTYPE html>")
}

func TestRevokedTokenIsInvalid(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	fresh := s.RevokeToken(s.Users()[0].ID)
	status, body := c.do("GET", "/api/v1/profile", nil)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, errorBody("Invalid Access Token"), body)
	status, _ = client{t, s, fresh}.do("GET", "/api/v1/profile", nil)
	require.Equal(t, http.StatusOK, status)
}

func TestAgentsSeeTheirInboxesAndTheirTeamsConversations(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	agent := admin(t, s).agent(2) // in the inboxes Site and Marketplace
	hidden := s.CreateConversation(0, chatwoottest.NewConversation{InboxID: s.Inboxes()[0].ID})
	seen := s.CreateConversation(0, chatwoottest.NewConversation{InboxID: s.Inboxes()[1].ID})
	list := func() any { return dig(t, agent.api("GET", "conversations", nil), "data", "payload") }
	require.Equal(t, []int{int(seen)}, ids(t, list()))
	path := "/api/v1/accounts/1/conversations/" + itoa(hidden)
	status, body := agent.do("GET", path, nil)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, errorBody("You are not authorized to do this action"), body)
	status, _ = agent.do("POST", path+"/labels", map[string]any{"labels": []string{"vip"}})
	require.Equal(t, http.StatusUnauthorized, status)
	require.Empty(t, s.Labels(hidden))

	s.AssignTeam(1, hidden, s.Teams()[1].ID)
	status, _ = agent.do("GET", path, nil)
	require.Equal(t, http.StatusOK, status, "the team may read it")
	require.Equal(t, []int{int(seen)}, ids(t, list()), "no list shows it")

	s.AddInboxMember(s.Inboxes()[0].ID, s.Agents()[2].ID)
	require.Len(t, ids(t, list()), 2)
	s.RemoveInboxMember(s.Inboxes()[0].ID, s.Agents()[2].ID)
	require.Equal(t, []int{int(seen)}, ids(t, list()))
}

func TestSecretsOfInboxesAreForAdministrators(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	secrets := []string{"provider_config", "hmac_token", "secret"}
	found := map[string]bool{}
	for _, box := range dig(t, c.api("GET", "inboxes", nil), "payload").([]any) {
		for _, key := range secrets {
			found[key] = found[key] || box.(map[string]any)[key] != nil
		}
	}
	require.Len(t, found, 3)
	require.NotContains(t, found, false)
	mine := dig(t, c.agent(0).api("GET", "inboxes", nil), "payload").([]any)
	require.Len(t, mine, 2)
	for _, box := range mine {
		for _, key := range secrets {
			require.NotContains(t, box, key)
		}
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	nobody := client{t, s, ""}
	ana := s.Users()[0]
	credentials := map[string]any{"email": ana.Email, "password": ana.Password}
	status, body := nobody.do("POST", "/auth/sign_in", credentials)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, ana.Token, dig(t, body, "data", "access_token"))

	s.SetTwoFactor(ana.ID, "123456")
	status, body = nobody.do("POST", "/auth/sign_in", credentials)
	require.Equal(t, http.StatusPartialContent, status)
	token := dig(t, body, "mfa_token")
	status, _ = nobody.do("POST", "/auth/sign_in", map[string]any{"mfa_token": token, "otp_code": "000000"})
	require.Equal(t, http.StatusBadRequest, status)
	status, body = nobody.do("POST", "/auth/sign_in", map[string]any{"mfa_token": token, "otp_code": "123456"})
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, ana.Token, dig(t, body, "data", "access_token"))
	status, _ = nobody.do("POST", "/auth/sign_in", map[string]any{"mfa_token": token, "otp_code": "123456"})
	require.Equal(t, http.StatusUnauthorized, status, "a step is used once")
}

func TestBotsMayReadAndLabelSince4142(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]int{"4.14.2": http.StatusOK, "4.14.1": http.StatusUnauthorized} {
		s := chatwoottest.Start(t, chatwoottest.Options{Version: version})
		id := s.CreateConversation(0, chatwoottest.NewConversation{})
		bot := client{t, s, s.BotToken()}
		path := "/api/v1/accounts/1/conversations/" + itoa(id)
		status, _ := bot.do("POST", path+"/labels", map[string]any{"labels": []string{"vip"}})
		require.Equal(t, want, status, version)
		s.AssignTeam(1, id, 1)
		status, _ = bot.do("GET", path, nil)
		require.Equal(t, map[bool]int{true: http.StatusInternalServerError, false: want}[want == http.StatusOK], status)
	}
}
