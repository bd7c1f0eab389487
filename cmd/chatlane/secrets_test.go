package main_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// No secret is in anything that the program says, answers or keeps: canaries are planted, and every byte is searched for them.
func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 11, Conversations: 20})
	c := serving(t, sim, "CHATLANE_SECRET=canary secret of this house", "CHATLANE_PASSWORD=canary-password", "CHATLANE_LOG=debug", "CHATLANE_ALLOW_PRIVATE_NETWORK=true")
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	hook := webhooksOf(t, sim)[0]
	canaries := map[string]string{
		"the token": sim.AdminToken(), "the secret": "canary secret of this house", "the password": "canary-password",
		"the webhook's secret": hook.Secret, "the webhook's key": hook.URL[strings.LastIndex(hook.URL, "/")+1:],
		"an agent's token": sim.AgentToken(0), "a wrong token": "canary-wrong-token", "a wrong password": "canary-wrong-password",
		"another agent's token": sim.AgentToken(1), "an agent's password": sim.Agents()[0].Password, "a code": codeCanary,
	}
	cookies := func(when string) {
		at, err := url.Parse(c.address("/"))
		require.NoError(t, err)
		for _, cookie := range c.people.Jar.Cookies(at) {
			canaries["the cookie "+cookie.Name+" "+when] = cookie.Value
		}
	}
	cookies("of the operator")
	said := lookEverywhere(t, c, sim, hook)
	maps.Copy(said, signInEverywhere(t, c, sim))
	cookies("of a person")
	require.Zero(t, c.command("backup", c.data("copy.db")), c.out)
	kept := files(t, c.setting("CHATLANE_DATA"))
	require.Zero(t, c.stop(), c.out)
	for where, all := range map[string][]string{"answers": slices.Collect(maps.Values(said)), "files": slices.Collect(maps.Values(kept))} {
		require.Contains(t, strings.Join(all, "\n"), sim.URL(), "what is no secret is found in the %s", where)
	}
	require.Contains(t, c.out.String(), "/boards/:board", "the log is there to be searched")
	for name, canary := range canaries {
		require.NotEmpty(t, canary, name)
		require.NotContains(t, c.out.String(), canary, "%s is in the log", name)
		for where, body := range said {
			require.NotContains(t, body, canary, "%s is in the answer of %s", name, where)
		}
		for where, bytes := range kept {
			require.NotContains(t, bytes, canary, "%s is in %s", name, where)
		}
	}
}

// codeCanary is a backup code: six digits alone would be found by chance.
const codeCanary = "canary5backup"

// signInEverywhere signs people in by all ways, and lets it fail in all ways.
func signInEverywhere(t *testing.T, c *child, sim *chatwoottest.Server) map[string]string {
	t.Helper()
	said := map[string]string{}
	agent := sim.Agents()[0]
	sim.SetTwoFactor(agent.ID, "731946", codeCanary)
	for i, form := range []url.Values{
		{"token": {"canary-wrong-token"}},
		{"email": {agent.Email}, "password": {"canary-wrong-password"}},
		{"email": {agent.Email}, "password": {agent.Password}},
		{"code": {"000000"}},
		{"code": {codeCanary}},
		{"token": {sim.AgentToken(1)}},
	} {
		said["sign-in "+strconv.Itoa(i)] = heard(t, c.ask(http.MethodPost, "/sign-in", form))
		said["board after sign-in "+strconv.Itoa(i)] = heard(t, c.ask(http.MethodGet, "/boards/1", nil))
	}
	require.Contains(t, said["board after sign-in 4"], agent.Name, "a person is signed in")
	require.Contains(t, said["board after sign-in 5"], sim.Agents()[1].Name, "another one takes their place")
	return said
}

// heard is all that an answer says: headers and body. Cookies are not answers to look at: they are the secret's way to its owner.
func heard(t *testing.T, a answer) string {
	t.Helper()
	a.header.Del("Set-Cookie")
	var head strings.Builder
	require.NoError(t, a.header.Write(&head))
	return head.String() + a.body
}

// lookEverywhere goes through pages, mistakes and troubles, and returns what was answered.
func lookEverywhere(t *testing.T, c *child, sim *chatwoottest.Server, hook hook) map[string]string {
	t.Helper()
	said := map[string]string{}
	ask := func(method, path string, form url.Values) {
		said[method+" "+path+" "+strconv.Itoa(len(said))] = heard(t, c.ask(method, path, form))
	}
	pages := func() {
		for _, path := range []string{
			"/", "/boards/1", "/boards/1/stages/1", "/boards/1/totals", "/boards/1/colors.css", "/boards/1/cards/1", "/boards/99", "/connection",
			"/health", "/connect", "/connect?step=address", "/sign-in", "/healthz", "/readyz", "/webhooks/1/canary",
		} {
			ask(http.MethodGet, path, nil)
		}
	}
	pages()
	connect := func(address, token string) {
		ask(http.MethodPost, "/connect", url.Values{"step": {"address"}, "address": {address}, "token": {token}})
	}
	connect(sim.URL(), "canary-wrong-token")
	connect(sim.URL(), sim.AgentToken(0))
	connect("http://"+freeAddress(t), sim.AdminToken())
	connect("ftp://canary", sim.AdminToken())
	connect(sim.URL(), sim.AdminToken())
	ask(http.MethodPost, "/connect", url.Values{"step": {"account"}, "account": {"77"}})
	ask(http.MethodPost, "/sign-in", url.Values{"password": {"canary-wrong-password"}})

	require.Equal(t, http.StatusBadRequest/100, hook.deliver(t.Context(), []byte("{"))/100)
	require.Equal(t, http.StatusUnauthorized, forged(hook).deliver(t.Context(), snapshotOf(1)))
	for _, kind := range []chatwoottest.FaultKind{chatwoottest.FaultInvalidToken, chatwoottest.FaultHTML, chatwoottest.FaultStatus500, chatwoottest.FaultReset} {
		sim.Fault(chatwoottest.Fault{Kind: kind})
		ask(http.MethodPut, "/boards/1/cards/2/stage", url.Values{"stage": {"2"}})
		connect(sim.URL(), sim.AdminToken())
		pages()
		sim.ClearFaults()
	}
	return said
}

// forged is a webhook whose sender does not know the secret.
func forged(h hook) hook { h.Secret = "canary-guess"; return h }

// files are the contents of a folder's files.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = string(b)
	}
	require.Contains(t, out, "chatlane.db")
	require.Contains(t, out, "chatlane.db-wal")
	return out
}
