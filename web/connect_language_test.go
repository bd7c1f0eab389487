package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/web"
)

// notChatwoot is a web server that answers everything with the same page.
func notChatwoot(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><title>My blog</title></html>"))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// What is wrong with a connection is said in the person's language: never a key, never another language's words, never the token.
func TestConnectSaysWhatIsWrongInEveryLanguage(t *testing.T) {
	t.Parallel()
	open := newWorld(t, business(3))
	guarded := newWorld(t, business(3), func(c *web.Config) { c.AllowPrivateNetwork = false })
	admin := open.sim.AdminToken()
	private := strings.Replace(guarded.sim.URL(), "http://", "https://", 1)
	for name, tt := range map[string]struct {
		w      *world
		form   url.Values
		status int
		words  []string // in English, Portuguese and Spanish
	}{
		"no web address":       {open, address("ftp://chat.example.com", admin), 422, []string{"address", "endereço", "dirección"}},
		"nobody there":         {open, address("http://"+closedPort(t), admin), 502, []string{"refused", "recusad", "rechaz"}},
		"no such host":         {open, address("https://chatwoot.invalid", admin), 502, []string{"no such address", "endereço", "dirección"}},
		"HTML instead of JSON": {open, address(notChatwoot(t), admin), 502, []string{"Chatwoot", "Chatwoot", "Chatwoot"}},
		"no token":             {open, address(open.sim.URL(), ""), 422, []string{"token", "token", "token"}},
		"wrong token":          {open, address(open.sim.URL(), "nonsense-token"), 422, []string{"does not know", "não conhece", "no conoce"}},
		"an agent's token":     {open, address(open.sim.URL(), open.sim.AgentToken(0)), 422, []string{"agent", "agente", "agente"}},
		"a private address":    {guarded, address(private, admin), 422, []string{"private", "privada", "privada"}},
		"in the clear":         {guarded, address("http://chat.example.com", admin), 422, []string{"https://", "https://", "https://"}},
	} {
		sentences := map[string]bool{}
		for i, language := range []string{"en-GB,en;q=0.9", "pt-BR,pt;q=0.9,en;q=0.8", "es-MX,es;q=0.9"} {
			a := tt.w.person().with("Accept-Language", language).post("/connect", tt.form)
			require.Equal(t, tt.status, a.status, "%s: %s", name, language)
			require.Contains(t, a.problem(), tt.words[i], "%s: %s", name, language)
			require.NotContains(t, a.problem(), "connect.", "%s: %s: a key is no sentence", name, language)
			require.NotContains(t, a.problem(), "{{", "%s: %s", name, language)
			require.True(t, strings.HasSuffix(a.problem(), ".") || strings.HasSuffix(a.problem(), "true."), "%s: %q", name, a.problem())
			require.Equal(t, language[:2], a.page().Find("html").AttrOr("lang", "")[:2], name)
			sentences[a.problem()] = true
		}
		require.Len(t, sentences, 3, name)
	}
}

func TestAccountWithoutLabelsIsToldInEveryLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Blank: true, Seed: 7})
	w.run()
	p := w.person()
	require.Equal(t, http.StatusSeeOther, p.post("/connect", address(w.sim.URL(), w.sim.AdminToken())).status)
	require.Equal(t, http.StatusSeeOther, p.post("/connect", url.Values{"step": {"account"}, "account": {"1"}}).status)
	for language, says := range map[string]string{"en": "no labels yet", "pt-BR": "etiquetas", "es": "etiquetas"} {
		require.Contains(t, p.with("Accept-Language", language).get("/accounts/1/setup").page().Find(".tick__note").Text(), says, language)
	}
}
