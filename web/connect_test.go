package web_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

func address(at, token string) url.Values {
	return url.Values{"step": {"address"}, "address": {at}, "token": {token}}
}

func TestConnectByForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(30), func(c *web.Config) { c.PublicURL = "http://127.0.0.1:1" })
	w.run()
	p := w.person()
	require.Equal(t, "/connect", p.get("/").header.Get("Location"))
	require.Equal(t, "address", p.get("/connect").page().Find(`input[name="step"]`).AttrOr("value", ""))

	a := p.post("/connect", address(w.sim.URL(), w.sim.AdminToken()))
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	accounts := p.get("/connect").page()
	require.Equal(t, "account", accounts.Find(`input[name="step"]`).AttrOr("value", ""))
	chosen := accounts.Find(`input[name="account"][checked]`)
	require.Equal(t, fmt.Sprint(w.sim.AccountID()), chosen.AttrOr("value", ""))

	a = p.post("/connect", url.Values{"step": {"account"}, "account": {chosen.AttrOr("value", "")}})
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	require.NotZero(t, w.account().Webhook.ID, "the webhook is registered at once")
	require.True(t, strings.HasPrefix(w.account().Webhook.URL, "http://127.0.0.1:1/webhooks/1/"))

	require.Equal(t, "/accounts/1/setup", a.header.Get("Location"))
	require.Equal(t, "/accounts/1/setup", p.get("/connect").header.Get("Location"))
	form := url.Values{"plan": {"labels"}, "name": {"Vendas"}, "currency": {"brl"}}
	for _, l := range w.labels("novo", "proposta", "ganho") {
		form.Add("stage", l)
	}
	form.Set("kind_"+w.labels("ganho")[0], "won")
	a = p.post("/accounts/1/boards", form)
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	require.Equal(t, "/accounts/1/setup", a.header.Get("Location"))
	board := p.get("/boards/1")
	require.Equal(t, http.StatusOK, board.status)
	var shown []string
	for _, s := range board.page().Find("section.stage").EachIter() {
		shown = append(shown, s.AttrOr("data-label", "-"))
	}
	require.Equal(t, []string{"", "novo", "proposta", "ganho"}, shown)
	boards, err := w.store.Boards(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, kanban.StageWon, boards[0].Stages[2].Kind)
	require.Equal(t, "BRL", boards[0].Currency)
	require.Equal(t, "/boards/1", p.get("/").header.Get("Location"), "whose token it was is signed in")
}

// labels are the numbers of labels, in the order of their titles given.
func (w *world) labels(titles ...string) []string {
	w.t.Helper()
	cat, err := w.store.Catalog(w.t.Context(), 1)
	require.NoError(w.t, err)
	var ids []string
	for _, title := range titles {
		for _, l := range cat.Labels {
			if l.Title == title {
				ids = append(ids, fmt.Sprint(l.ID))
			}
		}
	}
	require.Len(w.t, ids, len(titles))
	return ids
}

func TestConnectSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(5))
	html := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte("<html><title>My blog</title></html>"))
	}))
	t.Cleanup(html.Close)
	p := w.person()
	tests := map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"no address":           {address("", w.sim.AdminToken()), 422, "no web address"},
		"no web address":       {address("ftp://chat.example.com", w.sim.AdminToken()), 422, "no web address"},
		"a password within":    {address("https://ana:geheim@chat.example.com", w.sim.AdminToken()), 422, "no web address"},
		"no token":             {address(w.sim.URL(), " "), 422, "Enter the access token"},
		"wrong token":          {address(w.sim.URL(), "nonsense-token"), 422, "does not know this access token"},
		"an agent's token":     {address(w.sim.URL(), w.sim.AgentToken(0)), 422, "administrator’s token is needed"},
		"HTML instead of JSON": {address(html.URL, w.sim.AdminToken()), 502, "else than Chatwoot"},
		"nobody there":         {address("http://"+closedPort(t), w.sim.AdminToken()), 502, "refused"},
		"no such host":         {address("https://chatwoot.invalid", w.sim.AdminToken()), 502, "no such address"},
		"a step that is none":  {url.Values{"step": {"finish"}}, 422, "not complete"},
		"an account too early": {url.Values{"step": {"account"}, "account": {"1"}}, 422, "took too long"},
	}
	for name, tt := range tests {
		a := p.post("/connect", tt.form)
		require.Equal(t, tt.status, a.status, name)
		require.Contains(t, a.page().Text(), tt.says, name)
		if typed := tt.form.Get("address"); typed != "" {
			require.Equal(t, typed, a.page().Find(`input[name="address"]`).AttrOr("value", ""), "%s: what was typed stays", name)
		}
		require.Empty(t, a.page().Find(`input[name="token"]`).AttrOr("value", ""), "%s: but not the token", name)
	}
	accounts, err := w.store.Accounts(t.Context())
	require.NoError(t, err)
	require.Empty(t, accounts)
}

func TestConnectThroughTroubleOfChatwoot(t *testing.T) {
	t.Parallel()
	for kind, status := range map[chatwoottest.FaultKind]int{
		chatwoottest.FaultStatus500: 502, chatwoottest.FaultStatus502: 502, chatwoottest.FaultHTML: 502,
		chatwoottest.FaultTruncate: 502, chatwoottest.FaultReset: 502,
	} {
		w := newWorld(t, business(0))
		w.sim.Fault(chatwoottest.Fault{Kind: kind})
		a := w.person().post("/connect", address(w.sim.URL(), w.sim.AdminToken()))
		require.Equal(t, status, a.status, kind)
		require.NotEmpty(t, a.problem(), kind)
	}
}

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

func TestPrivateAddressNeedsLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0), func(c *web.Config) { c.AllowPrivateNetwork = false })
	p := w.person()
	a := p.post("/connect", address(strings.Replace(w.sim.URL(), "http://", "https://", 1), w.sim.AdminToken()))
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.problem(), "CHATLANE_ALLOW_PRIVATE_NETWORK")
	a = p.post("/connect", address(w.sim.URL(), w.sim.AdminToken()))
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.problem(), "https://", "the token does not travel in the clear")
	requests := 0
	for _, n := range w.sim.Requests() {
		requests += n.Count
	}
	require.Zero(t, requests, "nothing was sent")
}

// An address as people paste it.
func TestAddressAsPasted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0))
	a := w.person().post("/connect", address(" "+w.sim.URL()+"/app/accounts/1/dashboard ", w.sim.AdminToken()))
	require.Equal(t, http.StatusSeeOther, a.status)
}

func TestEmptyAccountAndNoLabels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Blank: true, Seed: 7})
	w.run()
	p := w.person()
	require.Equal(t, http.StatusSeeOther, p.post("/connect", address(w.sim.URL(), w.sim.AdminToken())).status)
	require.Equal(t, http.StatusSeeOther, p.post("/connect", url.Values{"step": {"account"}, "account": {fmt.Sprint(w.sim.AccountID())}}).status)
	a := p.get("/accounts/1/setup")
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.page().Text(), "no labels yet")
	require.Zero(t, a.page().Find(`input[value="labels"]`).Length(), "there are none to choose from")
	a = p.post("/accounts/1/boards", url.Values{"plan": {"labels"}, "name": {"Vendas"}, "currency": {"BRL"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.page().Text(), "at least one label")
	a = p.with("Accept-Language", "pt-BR").post("/accounts/1/boards", url.Values{"plan": {"sales"}, "name": {"Vendas"}, "currency": {"BRL"}})
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	w.labels("novo", "qualificado", "proposta", "negociação", "ganho", "perdido")
	require.Equal(t, http.StatusOK, p.get("/health").status)
}

func TestBoardFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := quiet(t, business(3))
	p := w.person()
	label := w.labels("novo")[0]
	tests := map[string]struct {
		form url.Values
		says string
	}{
		"no name":       {url.Values{"name": {" "}, "currency": {"BRL"}, "stage": {label}}, "a name"},
		"no currency":   {url.Values{"name": {"Vendas"}, "currency": {"R$"}, "stage": {label}}, "three letters"},
		"no stage":      {url.Values{"name": {"Vendas"}, "currency": {"BRL"}}, "at least one"},
		"a stage twice": {url.Values{"name": {"Vendas"}, "currency": {"BRL"}, "stage": {label, label}}, "twice"},
		"a foreign one": {url.Values{"name": {"Vendas"}, "currency": {"BRL"}, "stage": {"99999"}}, "no longer in Chatwoot"},
		"not a number":  {url.Values{"name": {"Vendas"}, "currency": {"BRL"}, "stage": {"novo"}}, "no longer in Chatwoot"},
	}
	for name, tt := range tests {
		tt.form.Set("plan", "labels")
		a := p.post("/accounts/1/boards", tt.form)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, name)
		require.Contains(t, a.problem(), tt.says, name)
		require.Equal(t, tt.form.Get("name"), a.page().Find(`input[name="name"]`).AttrOr("value", ""), name)
	}
	boards, err := w.store.Boards(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, boards)
}
