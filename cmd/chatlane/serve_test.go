package main_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// answer is what a person got.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request as a person's browser does; redirects are followed.
func (c *child) ask(method, path string, form url.Values) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.address(path), strings.NewReader(form.Encode()))
	require.NoError(c.t, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Language", "en")
	res, err := c.people.Do(req)
	require.NoError(c.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	return answer{res.StatusCode, res.Header, string(body)}
}

func (c *child) get(path string) answer { c.t.Helper(); return c.ask(http.MethodGet, path, nil) }

// eventually waits for a condition; what the process said is told when it never comes.
func (c *child) eventually(ok func() bool, what string) {
	c.t.Helper()
	require.Eventually(c.t, ok, 60*time.Second, 10*time.Millisecond, "%s: %s", what, c.out)
}

// says waits until the process has said something.
func (c *child) says(text string) {
	c.t.Helper()
	c.eventually(func() bool { return strings.Contains(c.out.String(), text) }, "it says "+text)
}

const password = "open sesame"

// connected is the environment of a server that connects itself to a simulated Chatwoot.
func connected(address, token string) []string {
	return []string{
		"CHATWOOT_URL=" + address, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_TOKEN=" + token, "CHATLANE_PASSWORD=" + password,
		"CHATLANE_STAGES=novo,proposta,ganho=won,perdido=lost",
	}
}

// serving is a server with the board of a simulated Chatwoot, signed in.
func serving(t *testing.T, sim *chatwoottest.Server, env ...string) *child {
	t.Helper()
	c := newChild(t, append(connected(sim.URL(), sim.AdminToken()), env...)...)
	if c.setting("CHATLANE_URL") == "" {
		c.env = append(c.env, "CHATLANE_URL="+c.address(""))
	}
	c.start("serve")
	c.ready()
	c.signIn(c.setting("CHATLANE_PASSWORD"))
	c.eventually(func() bool { return c.get("/boards/1").status == http.StatusOK }, "there is a board")
	return c
}

// columns are the labels of a board's columns.
func columns(page string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`data-label="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestStagesMakeTheLabelsThatAreMissing(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Blank: true, Seed: 3}) // an account without labels, inboxes and conversations
	require.Empty(t, sim.AccountLabels())
	c := serving(t, sim)
	var titles []string
	for _, l := range sim.AccountLabels() {
		titles = append(titles, l.Name)
	}
	require.ElementsMatch(t, []string{"novo", "proposta", "ganho", "perdido"}, titles)
	require.Subset(t, columns(c.get("/boards/1").body), []string{"", "novo", "proposta", "ganho", "perdido"})
}

func TestRestartKeepsTheBoardAndTheWebhook(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 4, Conversations: 5})
	c := serving(t, sim)
	before := c.get("/boards/1").body
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	for range 2 {
		require.Zero(t, c.stop(), c.out)
		c.env = append(c.env, "CHATLANE_STAGES=outra,coisa") // only for an account without boards
		c.start("serve")
		c.ready()
		require.Equal(t, http.StatusOK, c.get("/boards/1").status, "the session lives on")
	}
	require.Equal(t, columns(before), columns(c.get("/boards/1").body))
	require.Equal(t, http.StatusNotFound, c.get("/boards/2").status)
	sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rui Sá", Text: "Oi", Labels: []string{"proposta"}})
	c.eventually(func() bool { return strings.Contains(c.get("/boards/1").body, "Rui Sá") }, "news arrive")
	require.Len(t, webhooksOf(t, sim), 1)
}

func TestServerLivesWithoutChatwoot(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.New(chatwoottest.Options{Seed: 5, Conversations: 5})
	t.Cleanup(sim.Close)
	dead := freeAddress(t)
	c := newChild(t, connected("http://"+dead, sim.AdminToken())...)
	c.start("serve")
	c.ready()
	require.Equal(t, http.StatusOK, c.get("/healthz").status)
	c.says("Chatwoot cannot be connected yet")
	require.NotContains(t, c.out.String(), sim.AdminToken())
	c.signIn(password)
	connect := c.get("/connect").body
	require.Contains(t, connect, "the connection was refused")
	require.Contains(t, connect, `value="http://`+dead+`"`)

	require.NoError(t, sim.Listen(dead)) // it comes back, and nobody has to do anything
	go func() { _ = sim.Run(t.Context()) }()
	c.eventually(func() bool { return strings.Contains(c.get("/boards/1").body, "data-label=\"proposta\"") }, "the board is made")
	require.Zero(t, c.stop(), c.out)
}

func TestAgentTokenIsSaid(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 6, Conversations: 5})
	c := newChild(t, connected(sim.URL(), sim.AgentToken(0))...)
	c.start("serve")
	c.ready()
	c.says("An administrator’s token is needed")
	require.NotContains(t, c.out.String(), sim.AgentToken(0))
	c.signIn(password)
	require.Contains(t, c.get("/connect").body, "An administrator’s token is needed")
	require.Equal(t, http.StatusOK, c.get("/healthz").status)
}

func TestSignInLinkIsPrintedAndWorksOnce(t *testing.T) {
	t.Parallel()
	c := started(t)
	c.says("Sign in once")
	link := regexp.MustCompile(`http://[^/]+(/sign-in/\S+)`).FindStringSubmatch(c.out.String())
	require.Len(t, link, 2, c.out)
	require.Equal(t, http.StatusOK, c.get(link[1]).status, "looking does not use it up")
	require.Contains(t, c.get("/connect").body, "password", "nobody is signed in yet")
	require.Equal(t, http.StatusOK, c.ask(http.MethodPost, link[1], url.Values{}).status)
	require.Contains(t, c.get("/connect").body, `name="token"`)
	c.people.Jar = nil
	require.Equal(t, http.StatusGone, c.ask(http.MethodPost, link[1], url.Values{}).status)
	require.Equal(t, http.StatusGone, c.get(link[1]).status)
}

func TestHealthcheckCommand(t *testing.T) {
	t.Parallel()
	c := newChild(t)
	require.Contains(t, (&child{t: t, env: c.env, out: new(safeBuffer)}).refuses("healthcheck"), "connection refused")
	c.start("serve")
	c.ready()
	for _, listen := range []string{c.listen, "0.0.0.0:" + c.port(), ":" + c.port()} {
		probe := &child{t: t, env: append(c.env, "CHATLANE_LISTEN="+listen), out: new(safeBuffer)}
		probe.start("healthcheck")
		require.Zero(t, probe.wait(), probe.out)
	}
}

func (c *child) port() string { _, port, _ := strings.Cut(c.listen, ":"); return port }
