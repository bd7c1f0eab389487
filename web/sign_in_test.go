package web_test

import (
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/web"
)

func empty() chatwoottest.Options { return business(0) }

func TestSignInByPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, empty())
	b := w.browser()
	a := b.get("/health?x=1")
	require.Equal(t, http.StatusSeeOther, a.status)
	back := a.header.Get("Location")
	require.Equal(t, "/sign-in?return="+url.QueryEscape("/health?x=1"), back)
	require.Equal(t, "/health?x=1", b.get(back).page().Find(`main input[name="return"]`).AttrOr("value", ""))
	a = b.post("/sign-in", url.Values{"password": {"wrong"}})
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Equal(t, "That is not the password.", a.problem())
	a = b.post("/sign-in", url.Values{"password": {password}, "return": {"/health?x=1"}})
	require.Equal(t, "/health?x=1", a.header.Get("Location"))
	require.Equal(t, http.StatusOK, b.get("/health").status)
	require.Equal(t, http.StatusSeeOther, b.post("/sign-out", url.Values{}).status)
	require.Equal(t, http.StatusSeeOther, b.get("/health").status)
}

func TestReturnStaysHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, empty())
	for _, back := range []string{"https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "", "/%5cevil.example\\x", "http:/x"} {
		a := w.browser().post(w.web.SignInLink(), url.Values{})
		require.Equal(t, "/", a.header.Get("Location"))
		p := w.person()
		require.Equal(t, "/", p.get("/sign-in?return="+url.QueryEscape(back)).header.Get("Location"), back)
		require.Equal(t, "/", p.post("/preferences", url.Values{"theme": {"dark"}, "return": {back}}).header.Get("Location"), back)
	}
}

func TestPasswordCannotBeGuessedFast(t *testing.T) {
	t.Parallel()
	var ms atomic.Int64
	ms.Store(time.Now().UnixMilli())
	w := newWorld(t, empty(), func(c *web.Config) { c.Clock = func() time.Time { return time.UnixMilli(ms.Load()) } })
	b := w.browser()
	for range 5 {
		require.Equal(t, http.StatusUnauthorized, b.post("/sign-in", url.Values{"password": {"wrong"}}).status)
	}
	a := b.post("/sign-in", url.Values{"password": {password}})
	require.Equal(t, http.StatusTooManyRequests, a.status, "not even with the right one")
	require.Contains(t, a.page().Text(), "Too many tries")
	require.NotEmpty(t, a.header.Get("Retry-After"))
	ms.Add(15_000)
	require.Equal(t, http.StatusSeeOther, b.post("/sign-in", url.Values{"password": {password}}).status)
}

func TestSignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, empty(), func(c *web.Config) { c.Password = "" })
	link := w.web.SignInLink()
	for range 3 { // whoever opens it in advance does not use it up
		a := w.browser().get(link)
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, link, a.page().Find("main form").AttrOr("action", ""))
	}
	b := w.browser()
	require.Equal(t, http.StatusSeeOther, b.post(link, url.Values{}).status)
	require.Equal(t, http.StatusOK, b.get("/health").status)
	again := w.browser()
	require.Equal(t, http.StatusGone, again.post(link, url.Values{}).status)
	require.Equal(t, http.StatusGone, again.get(link).status)
	require.Equal(t, http.StatusSeeOther, again.get("/health").status)
	require.NotContains(t, w.log.String(), link[len("/sign-in/"):])
	require.Equal(t, http.StatusUnauthorized, again.post("/sign-in", url.Values{"password": {""}}).status, "no password is no way in")
}

func TestSignInLinkExpires(t *testing.T) {
	t.Parallel()
	var ms atomic.Int64
	ms.Store(time.Now().UnixMilli())
	w := newWorld(t, empty(), func(c *web.Config) { c.Clock = func() time.Time { return time.UnixMilli(ms.Load()) } })
	link := w.web.SignInLink()
	ms.Add(time.Hour.Milliseconds() + 1)
	require.Equal(t, http.StatusGone, w.browser().post(link, url.Values{}).status)
}

// A session that was planted in a browser before its owner signed in is worth nothing afterwards.
func TestSignInRenewsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, empty())
	b := w.person()
	u, err := url.Parse(w.http.URL)
	require.NoError(t, err)
	before := b.client.Jar.Cookies(u)
	require.Equal(t, http.StatusSeeOther, b.post("/sign-in", url.Values{"password": {password}}).status)
	thief := w.browser()
	thief.client.Jar.SetCookies(u, before)
	require.Equal(t, http.StatusSeeOther, thief.get("/health").status)
	require.Equal(t, http.StatusOK, b.get("/health").status)
}

// A new password signs everybody out.
func TestNewPasswordEndsSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, empty())
	b := w.person()
	require.Equal(t, http.StatusOK, b.get("/health").status)
	c := w.web.Config
	c.Password = "another one"
	w.http.Config.Handler = web.New(c)
	require.Equal(t, http.StatusSeeOther, b.get("/health").status)
}

func TestOpenServerAsksNobody(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10), func(c *web.Config) { c.Open, c.SimulatorURL = true, "http://127.0.0.1:1/app" })
	b := w.browser()
	require.Equal(t, http.StatusOK, b.get(w.boardPath()).status)
	a := b.get("/demo")
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, 2, a.page().Find("iframe").Length())
	require.Contains(t, a.header.Get("Content-Security-Policy"), "frame-src 'self' http://127.0.0.1:1")
}

func TestPreferencesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, empty())
	b := w.browser()
	a := b.post("/preferences", url.Values{"language": {"pt-BR"}, "theme": {"dark"}, "keys": {"off"}, "return": {"/sign-in"}})
	require.Equal(t, "/sign-in", a.header.Get("Location"))
	page := b.get("/sign-in").page()
	require.Equal(t, "pt-BR", page.Find("html").AttrOr("lang", ""))
	require.Equal(t, "dark", page.Find("html").AttrOr("data-theme", ""))
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/preferences", url.Values{"keys": {"maybe"}}).status)
}
