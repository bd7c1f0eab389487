package main_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/web"
)

// newFramedWorld is a world with people instead of an open door, whose Chatwoot shows the board in a tab. For a browser that is another
// site: localhost instead of 127.0.0.1.
func newFramedWorld(t *testing.T, sim chatwoottest.Options) *world {
	t.Helper()
	w := newWorld(t, sim, func(c *web.Config) { c.Open = false })
	w.sim.AddDashboardApp("Funil", w.framedURL("/embed"))
	return w
}

// framedURL is an address of the program by the name under which Chatwoot frames it.
func (w *world) framedURL(path string) string {
	_, port, _ := strings.Cut(w.address, ":")
	return "http://localhost:" + port + path
}

// opensTab opens a conversation in Chatwoot and the board's tab beside its messages, in a browser that keeps third-party cookies away.
func (p *tab) opensTab(w *world, id int64) *tab {
	p.t.Helper()
	p.expects("favicon.ico") // the stand-in of Chatwoot has none
	command(p, network.SetCookieControls, network.SetCookieControlsParams{EnableThirdPartyCookieRestriction: true})
	p.opens(w.sim.URL() + "/app/accounts/1/conversations/" + itoa(id))
	p.until("the tabs are there", `document.querySelector("#tab-0")`)
	value[bool](p, `(document.querySelector("#tab-0").click(), true)`)
	return p.window("frame", "iframe", w.framedURL("/embed"))
}

// window is another target of the same browser: a frame of another site, or a window that was opened. Its address begins so.
func (p *tab) window(name, kind, address string) *tab {
	p.t.Helper()
	f := &tab{t: p.t, name: name, requests: map[network.RequestID]string{}}
	f.expects("ERR_CACHE_MISS") // what Chromium says of looking at a page that is there already
	var found target.ID
	require.Eventually(p.t, func() bool {
		all, err := chromedp.Targets(p.ctx)
		for _, x := range all {
			if err == nil && x.Type == kind && strings.HasPrefix(x.URL, address) {
				found = x.TargetID
			}
		}
		return found != ""
	}, limit, 10*time.Millisecond, "a %s at %s", kind, address)
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(found), chromedp.WithListener(f.hear))
	f.ctx = ctx
	p.t.Cleanup(cancel)
	p.t.Cleanup(f.judge)
	require.NoError(p.t, chromedp.Do(ctx))
	return f
}

// signsIn fills in the sign-in's form.
func (p *tab) signsIn(u chatwoottest.User) {
	p.t.Helper()
	p.until("the form is there", `document.querySelector("[name=email]")`)
	value[bool](p, `(document.querySelector("[name=email]").value = %q, document.querySelector("[name=password]").value = %q,
		document.querySelector("[name=password]").form.requestSubmit(), true)`, u.Email, u.Password)
}

// gesture runs a script as if a person had clicked.
func (p *tab) gesture(script string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("("+script+", true)", func(e *runtime.EvaluateParams) {
		yes := true
		e.UserGesture = &yes
	}))
	require.NoError(p.t, err)
}

// current says that a stage is shown as chosen and nothing is under way.
const current = `document.querySelector('.deal:not([aria-busy]) .step[aria-current]')?.textContent.trim() === %q`

func TestBrowserFrameSignInMoveAndFollow(t *testing.T) {
	t.Parallel()
	w := newFramedWorld(t, chatwoottest.Options{Seed: 4, Conversations: 12})
	agent := w.sim.Agents()[0]
	w.sim.AddInboxMember(w.sim.Inboxes()[0].ID, agent.ID)
	id := w.conversation("Rita Moraes", with("novo")...)
	p := w.browser("chatwoot")
	f := p.opensTab(w, id)
	f.until("it asks to sign in", `!document.querySelector('[data-state="signed_out"]').hidden`)
	f.accessible("signed out in the frame")
	value[bool](f, `(document.querySelector('[data-state="signed_out"] a').click(), true)`)
	f.signsIn(agent)
	f.until("the panel is there", current, "Novo")
	f.accessible("the panel")
	f.shoot("panel")

	value[bool](f, `([...document.querySelectorAll(".step")].find(b => b.textContent.trim() === "Proposta").click(), true)`)
	f.until("the choice is shown", `document.querySelector('.step[aria-current]').textContent.trim() === "Proposta"`)
	w.labelled(id, with("proposta")...)
	f.until("the move is done", current, "Proposta")
	history := w.sim.LabelHistory(id)
	require.Equal(t, agent.Name, history[len(history)-1].By, "Chatwoot names whoever moved the card")

	w.sim.SetLabels(0, id, with("ganho"))
	f.until("what changed in Chatwoot shows", current, "Ganho")
	f.until("won is said", `document.querySelector('.deal__outcome[data-kind="won"]')`)
	f.until("the history tells", `document.querySelectorAll(".past li").length >= 2`)
}

// TestBrowserFrameAsksWhy: a board that wants a reason asks for it in the frame, too; whoever closes the question loses nothing.
func TestBrowserFrameAsksWhy(t *testing.T) {
	t.Parallel()
	w := newFramedWorld(t, chatwoottest.Options{Seed: 4, Conversations: 3})
	w.asksWhy(true, "Preço", "Prazo")
	id := w.conversation("Rita Moraes", with("novo")...)
	f := w.browser("chatwoot").opensTab(w, id)
	f.until("it asks to sign in", `!document.querySelector('[data-state="signed_out"]').hidden`)
	value[bool](f, `(document.querySelector('[data-state="signed_out"] a').click(), true)`)
	f.signsIn(w.sim.Users()[0])
	f.until("the panel is there", current, "Novo")
	lose := `([...document.querySelectorAll(".step")].find(b => b.textContent.trim() === "Perdido").click(), true)`
	value[bool](f, lose)
	f.until("it asks why", `document.querySelector(".why:popover-open")`)
	f.accessible("why a deal is lost, in the frame")
	f.shoot("why")
	value[bool](f, `(document.querySelector(".why").hidePopover(), true)`)
	w.labelled(id, with("novo")...)
	value[bool](f, lose)
	value[bool](f, `(document.querySelectorAll(".why [type=radio]")[1].click(), document.querySelector(".why .button--main").click(), true)`)
	w.labelled(id, with("perdido")...)
	f.until("the move is done", current, "Perdido")
	w.eventually(func() bool { return w.reason(id) == "Prazo" }, "with its reason")
}

func TestBrowserFrameBelievesOnlyChatwoot(t *testing.T) {
	t.Parallel()
	w := newFramedWorld(t, chatwoottest.Options{Seed: 4, Conversations: 12})
	id, other := w.conversation("Rita Moraes", "novo"), w.conversation("Outra Pessoa", "ganho")
	admin := w.sim.Users()[0]
	p := w.browser("chatwoot")
	f := p.opensTab(w, id)
	f.until("it asks to sign in", `!document.querySelector('[data-state="signed_out"]').hidden`)
	value[bool](f, `(document.querySelector('[data-state="signed_out"] a').click(), true)`)
	f.signsIn(admin)
	f.until("the panel is there", current, "Novo")

	forged := `JSON.stringify({event: "appContext", data: {conversation: {id: ` + itoa(other) + `, account_id: 1}}})`
	for name, act := range map[string]string{
		"the frame itself":    `window.postMessage(` + forged + `, "*")`,
		"another frame of it": `(() => { const x = document.createElement("iframe"); document.body.append(x); x.contentWindow.parent.postMessage(` + forged + `, "*"); x.remove(); })()`,
	} {
		value[bool](f, `(`+act+`, true)`)
		value[bool](f, `new Promise(r => setTimeout(() => r(true), 300))`)
		require.True(t, value[bool](f, current, "Novo"), name)
	}
	for _, message := range []string{
		`7`, `null`, `"{"`, `"null"`, `"[]"`, `'{"event":"appContext"}'`, `'{"event":"appContext","data":{"conversation":{"id":"<img src=x onerror=alert(1)>"}}}'`,
		`{event:"appContext",data:{conversation:{id:` + itoa(other) + `,account_id:1}}}`,
	} {
		value[bool](p, `(document.querySelector("iframe").contentWindow.postMessage(`+message+`, "*"), true)`)
	}
	value[bool](f, `new Promise(r => setTimeout(() => r(true), 300))`)
	require.True(t, value[bool](f, current, "Novo"), "messages of another shape")
	// That the same message from Chatwoot's window is believed shows that the above was refused for its sender and shape.
	value[bool](p, `(document.querySelector("iframe").contentWindow.postMessage(`+forged+`, "*"), true)`)
	f.until("Chatwoot is believed", current, "Ganho")
}

func TestBrowserFrameWithoutCookies(t *testing.T) {
	t.Parallel()
	w := newFramedWorld(t, chatwoottest.Options{Seed: 4, Conversations: 12})
	w.without("__Host-chatlane-frame", "__Host-chatlane-probe")
	agent := w.sim.Agents()[0]
	w.sim.AddInboxMember(w.sim.Inboxes()[0].ID, agent.ID)
	id := w.conversation("Rita Moraes", "novo")
	p := w.browser("chatwoot")
	f := p.opensTab(w, id)
	f.until("it says that no cookie is kept", `!document.querySelector('[data-state="no_cookies"]').hidden`)
	f.accessible("no cookies")
	f.gesture(`document.querySelector("[data-pop-up]").click()`)
	own := p.window("window", "page", w.framedURL("/embed/pop-up"))
	own.signsIn(agent)
	own.until("it asks to continue", `document.querySelector('form[action="/embed/tickets"]')`)
	own.accessible("continue")
	value[bool](own, `(setTimeout(() => document.querySelector('form[action="/embed/tickets"]').requestSubmit()), true)`)
	f.until("the panel is there", current, "Novo")
	value[bool](f, `([...document.querySelectorAll(".step")].find(b => b.textContent.trim() === "Proposta").click(), true)`)
	w.labelled(id, "proposta")
	f.until("the move is done", current, "Proposta")
	require.Empty(t, value[string](f, `document.cookie`))
	require.Zero(t, value[int](f, `localStorage.length + sessionStorage.length`), "the token is in memory alone")
}

func TestBrowserHostilePageCannotFrame(t *testing.T) {
	t.Parallel()
	w := newFramedWorld(t, chatwoottest.Options{Seed: 4, Conversations: 3})
	hostilePage := servePage(t, `<!doctype html><title>x</title><link rel="icon" href="data:,"><iframe src="`+w.framedURL("/embed")+`"></iframe><iframe src="`+w.framedURL("/sign-in")+`"></iframe>`)
	p := w.browser("hostile")
	p.expects("frame-ancestors", "ERR_BLOCKED_BY_RESPONSE", "Framing")
	p.opens(hostilePage)
	p.until("both frames were tried", `document.readyState === "complete"`)
	for _, path := range []string{"/embed", "/sign-in"} {
		f := p.window(path, "iframe", w.framedURL(path))
		require.Equal(t, "chrome-error:", value[string](f, `location.protocol`), "%s is not shown", path)
	}
}

// without keeps the browser's cookies of these names from the program, as a browser does that keeps none in frames.
func (w *world) without(names ...string) {
	around := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			cookies := r.Cookies()
			r.Header.Del("Cookie")
			for _, c := range cookies {
				if !slices.Contains(names, c.Name) {
					r.AddCookie(c)
				}
			}
			next.ServeHTTP(rw, r)
		})
	}
	w.around.Store(&around)
}

// servePage serves a page at an origin of its own.
func servePage(t *testing.T, html string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(rw, html)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
