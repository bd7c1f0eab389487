package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

// quick is a world whose engine waits shortly for webhooks and looks often after what it registered.
func quick(t *testing.T, sim chatwoottest.Options, options ...func(*web.Config)) *world {
	t.Helper()
	var engine *kanban.Engine
	w := newWorld(t, sim, append([]func(*web.Config){func(c *web.Config) {
		ec := c.Engine.EngineConfig
		ec.ProofWait, ec.UpkeepEvery = 500*time.Millisecond, 20*time.Millisecond
		engine = kanban.NewEngine(ec)
		c.Engine = engine
	}}, options...)...)
	w.engine = engine
	return w
}

// setUp connects the simulated Chatwoot by the wizard's own forms.
func (w *world) setUp(p *browser) answer {
	w.t.Helper()
	a := p.post("/connect", address(w.sim.URL(), w.sim.AdminToken()))
	require.Equal(w.t, http.StatusSeeOther, a.status, a.body)
	a = p.post("/connect", url.Values{"step": {"account"}, "account": {fmt.Sprint(w.sim.AccountID())}})
	require.Equal(w.t, http.StatusSeeOther, a.status, a.body)
	require.Equal(w.t, "/accounts/1/setup", a.header.Get("Location"))
	return p.get("/accounts/1/setup")
}

// tick waits until a tick of the page is in a state and returns what it says.
func (b *browser) tick(tick, state string) string {
	b.w.t.Helper()
	text := ""
	b.w.eventually(func() bool {
		s := b.get("/accounts/1/setup/" + tick).page().Find(".tick__state")
		text = strings.Join(strings.Fields(s.Text()), " ")
		return s.AttrOr("data-state", "") == state
	}, tick+" becomes "+state)
	return text
}

func TestTheThreeTicks(t *testing.T) {
	t.Parallel()
	w := quick(t, business(12))
	w.run()
	p := w.person()
	page := w.setUp(p)
	require.Equal(t, 3, page.page().Find("li.tick").Length())
	require.Contains(t, p.tick("chatwoot", "good"), w.sim.URL())
	require.Contains(t, p.tick("webhook", "good"), "at once, by webhooks")
	state := p.get("/accounts/1/setup/webhook").page().Find(".tick__state")
	again := p.get(state.AttrOr("hx-get", ""))
	require.Equal(t, http.StatusNoContent, again.status, "the page is told nothing that it says already")
	require.Equal(t, http.StatusNotFound, p.get("/accounts/1/setup/nothing").status)
	require.Equal(t, http.StatusNotFound, p.get("/accounts/9/setup").status)

	a := p.post("/accounts/1/boards", url.Values{"plan": {"support"}, "name": {"Suporte"}, "currency": {"BRL"}})
	require.Equal(t, "/accounts/1/setup", a.header.Get("Location"), a.body)
	done := p.get("/accounts/1/setup").page()
	require.Contains(t, done.Find(".made").Text(), "Suporte")
	require.Equal(t, 1, done.Find(`form[action="/accounts/1/dashboard-app"]`).Length())
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/dashboard-app", url.Values{"wish": {"yes"}}).status)
	require.Equal(t, w.http.URL+"/embed", w.account().Link.App.URL)
	require.Contains(t, p.get("/accounts/1/setup").page().Text(), "The tab is there")
}

func TestWhoseTokenItWasIsSignedIn(t *testing.T) {
	t.Parallel()
	w := quick(t, business(3), func(c *web.Config) { c.Operated = nil })
	p := w.person()
	w.setUp(p)
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/boards", url.Values{"plan": {"sales"}, "name": {"Vendas"}, "currency": {"BRL"}}).status)
	require.Equal(t, http.StatusOK, p.get("/boards/1").status, "as the administrator, whose token it was")
	require.Equal(t, http.StatusNotFound, w.person().get("/boards/1").status, "the operator alone sees nothing of it")
}

// Chatwoot's guard refuses private addresses in silence: the page finds out, and says what to set.
func TestTheWizardFindsThePrivateNetworkBlock(t *testing.T) {
	t.Parallel()
	o := business(3)
	o.BlockPrivateWebhooks = true
	w := quick(t, o)
	w.run()
	p := w.person()
	w.setUp(p)
	require.Contains(t, p.tick("webhook", "fair"), "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true")
	for language, says := range map[string]string{"pt-BR": "endereços privados", "es": "direcciones privadas"} {
		require.Contains(t, p.with("Accept-Language", language).get("/accounts/1/setup").page().Text(), says)
		require.Contains(t, p.with("Accept-Language", language).get("/health").page().Text(), says)
	}
}

func TestTheWizardFindsAWrongAddress(t *testing.T) {
	t.Parallel()
	foreign := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("ok\n")) }))
	t.Cleanup(foreign.Close)
	w := quick(t, business(3))
	w.run()
	p := w.person()
	w.setUp(p)
	p.tick("webhook", "good")
	require.Equal(t, http.StatusUnprocessableEntity, p.post("/accounts/1/webhook", url.Values{"address": {"ftp://board.example.com"}}).status)
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/webhook", url.Values{"address": {foreign.URL}}).status)
	require.Contains(t, p.tick("webhook", "fair"), foreign.URL+" does not lead to this Chatlane")
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/webhook", url.Values{"address": {w.http.URL}}).status)
	require.Contains(t, p.tick("webhook", "good"), "at once, by webhooks", "the right address mends it")
}

func TestWhatSomebodyDeletesIsThereAgain(t *testing.T) {
	t.Parallel()
	w := quick(t, business(3))
	w.run()
	p := w.person()
	w.setUp(p)
	p.tick("webhook", "good")
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/dashboard-app", url.Values{"wish": {"yes"}, "return": {"health"}}).status)
	was := w.account()
	w.eventually(func() bool { return w.account().Link.App.ID != 0 }, "the tab")
	require.NoError(t, w.chatwoot().DeleteWebhook(t.Context(), was.Webhook.ID))
	require.NoError(t, w.chatwoot().DeleteDashboardApp(t.Context(), w.account().Link.App.ID))
	w.eventually(func() bool {
		a := w.account()
		return a.Webhook.ID != was.Webhook.ID && !a.Link.WebhookRepairedAt.IsZero() && !a.Link.App.RepairedAt.IsZero()
	}, "both are registered anew")
	require.Equal(t, 2, strings.Count(p.get("/health").body, "Somebody had deleted or changed it"))
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/webhook", url.Values{"return": {"health"}}).status)
	p.tick("webhook", "good")
}

// chatwoot speaks to the simulated Chatwoot as its administrator.
func (w *world) chatwoot() *chatwoot.Client {
	w.t.Helper()
	s, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: w.sim.URL(), AllowPrivateNetwork: true})
	require.NoError(w.t, err)
	return s.Client(w.sim.AdminToken(), w.sim.AccountID())
}

// Below 4.12 webhooks bear no signature: they are taken only when an administrator says that they know.
func TestUnsignedWebhooksNeedConsent(t *testing.T) {
	t.Parallel()
	o := business(3)
	o.Version = "4.8.0"
	w := quick(t, o)
	w.run()
	p := w.person()
	page := w.setUp(p).page()
	require.Contains(t, page.Text(), "signs no webhooks")
	require.Zero(t, w.account().Webhook.ID)
	require.Equal(t, http.StatusUnprocessableEntity, p.post("/accounts/1/webhook", url.Values{"address": {w.http.URL}}).status)
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/webhook", url.Values{"address": {w.http.URL}, "unsigned": {"yes"}}).status)
	w.eventually(func() bool { return strings.Contains(p.get("/accounts/1/setup/webhook").body, "Unsigned") }, "they arrive, with a warning")
	require.Contains(t, p.get("/health").page().Text(), "Unsigned")
}

func TestBoardsTravelAsFiles(t *testing.T) {
	t.Parallel()
	w := connected(t, business(12))
	other := newWorld(t, chatwoottest.Options{Blank: true, Seed: 9})
	p, q := w.person(), other.person()
	other.setUp(q)
	file := p.get("/boards/1/template")
	require.Equal(t, http.StatusOK, file.status)
	require.Contains(t, file.header.Get("Content-Disposition"), "attachment")
	for _, name := range w.sim.Users() {
		require.NotContains(t, file.body, name.Name)
	}
	require.Equal(t, http.StatusSeeOther, q.upload("/accounts/1/boards", file.body).status)
	boards, err := other.store.Boards(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, boards, 1)
	require.Equal(t, kanban.TemplateOf(w.board), kanban.TemplateOf(boards[0]))

	require.Contains(t, q.upload("/accounts/1/boards", `{"boards":[]}`).problem(), "no template of Chatlane")
	require.Contains(t, q.upload("/accounts/1/boards", strings.Replace(file.body, `"novo"`, `"no vo"`, 1)).problem(), "cannot be a label")
	require.Contains(t, q.upload("/accounts/1/boards", file.body+strings.Repeat(" ", 40<<10)).problem(), "too large")
	require.Contains(t, q.upload("/accounts/1/boards", file.body+strings.Repeat(" ", 80<<10)).problem(), "too large")
}

// upload sends a file as a browser's form does.
func (b *browser) upload(path, text string) answer {
	b.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("template", "board.json")
	require.NoError(b.w.t, err)
	_, err = part.Write([]byte(text))
	require.NoError(b.w.t, err)
	require.NoError(b.w.t, form.Close())
	other := b.with("Content-Type", form.FormDataContentType())
	r := other.request(b.w.t.Context(), http.MethodPost, path, nil)
	r.Body, r.ContentLength = readCloser(body.String()), int64(body.Len())
	return other.send(r)
}

func TestDisconnecting(t *testing.T) {
	t.Parallel()
	w := quick(t, business(5))
	w.run()
	p := w.person()
	w.setUp(p)
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/boards", url.Values{"plan": {"sales"}, "name": {"Vendas"}, "currency": {"BRL"}}).status)
	a := w.account()
	require.Equal(t, http.StatusUnprocessableEntity, p.post("/accounts/1/disconnection", url.Values{}).status, "not without a confirmation")
	require.Equal(t, http.StatusOK, p.get("/boards/1").status)
	require.Equal(t, http.StatusSeeOther, p.post("/accounts/1/disconnection", url.Values{"confirm": {"yes"}}).status)
	hooks, err := w.chatwoot().Webhooks(t.Context())
	require.NoError(t, err)
	require.Empty(t, hooks)
	for _, path := range []string{"/boards/1", "/boards/1/totals", "/accounts/1/setup", "/boards/1/template"} {
		require.Equal(t, http.StatusNotFound, p.get(path).status, path)
	}
	body := `{"event":"conversation_updated","id":1}`
	require.Equal(t, http.StatusNotFound, w.deliver(hookPath(a), body, signed(a.Webhook.Secret, body, time.Now())))

	w.setUp(p)
	require.Equal(t, http.StatusOK, p.get("/boards/1").status, "what was kept is there again")
	w.sim.Fault(chatwoottest.Fault{Match: "DELETE */webhooks/*", Kind: chatwoottest.FaultRefuse401})
	left := p.post("/accounts/1/disconnection", url.Values{"confirm": {"yes"}, "data": {"delete"}})
	require.Equal(t, http.StatusOK, left.status)
	require.Contains(t, left.problem(), "did not let Chatlane remove its webhook")
}
