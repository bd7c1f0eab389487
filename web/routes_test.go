package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/static"
	"github.com/chatlane/chatlane/web"
)

// visit is a row of the route table: what an address answers to whoever is signed in and to whoever is not. Patterns are filled in with
// numbers of things that exist.
type visit struct {
	form      url.Values
	in, out   int
	strangers bool // reached without a session, so that cross-site protection is what refuses
}

// table has a row for each route: one without fails TestEveryRouteHasARow.
func table(w *world) map[web.Route]visit {
	card := w.card()
	rows := map[web.Route]visit{
		{http.MethodGet, "/boards/:board/selection"}:                 {in: 200, out: 303},
		{http.MethodPost, "/boards/:board/batches"}:                  {form: url.Values{}, in: 422, out: 401},
		{http.MethodGet, "/boards/:board/batches/:batch"}:            {in: 404, out: 303},
		{http.MethodDelete, "/boards/:board/batches/:batch"}:         {in: 404, out: 401},
		{http.MethodPost, "/boards/:board/batches/:batch/stop"}:      {form: url.Values{}, in: 404, out: 401},
		{http.MethodPost, "/boards/:board/batches/:batch/again"}:     {form: url.Values{}, in: 404, out: 401},
		{http.MethodPost, "/boards/:board/batches/:batch/undo"}:      {form: url.Values{}, in: 404, out: 401},
		{http.MethodGet, "/"}:                                        {in: 302, out: 303},
		{http.MethodGet, "/boards/:board"}:                           {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/stages/:stage"}:             {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/totals"}:                    {in: 200, out: 303},
		{http.MethodPost, "/boards/:board/columns"}:                  {form: url.Values{"collapse": {"0"}}, in: 303, out: 401},
		{http.MethodPost, "/boards/:board/views"}:                    {form: url.Values{}, in: 422, out: 401},
		{http.MethodPost, "/boards/:board/views/:view"}:              {form: url.Values{}, in: 404, out: 401},
		{http.MethodPost, "/boards/:board/views/:view/removal"}:      {form: url.Values{}, in: 404, out: 401},
		{http.MethodPost, "/boards/:board/views/:view/default"}:      {form: url.Values{}, in: 404, out: 401},
		{http.MethodGet, "/boards/:board/list"}:                      {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/list.csv"}:                  {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/pills"}:                     {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/filter"}:                    {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/palette"}:                   {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/colors.css"}:                {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/events"}:                    {in: 0, out: 303}, // a stream: see events_test.go
		{http.MethodGet, "/boards/:board/cards/:conversation"}:       {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/cards/:conversation/panel"}: {in: 200, out: 303},
		{http.MethodPut, "/boards/:board/cards/:conversation/stage"}: {
			form: url.Values{"stage": {fmt.Sprint(card.Stage)}}, in: 200, out: 401,
		},
		{http.MethodPut, "/boards/:board/cards/:conversation/position"}:  {form: url.Values{}, in: 422, out: 401},
		{http.MethodPost, "/boards/:board/cards/:conversation/settle"}:   {form: url.Values{}, in: 200, out: 401},
		{http.MethodPost, "/boards/:board/cards/:conversation/presence"}: {form: url.Values{"doing": {"open"}}, in: 204, out: 401},
		{http.MethodPost, "/moves/:move/attempts"}:                       {form: url.Values{}, in: 404, out: 401},
		{http.MethodDelete, "/moves/:move/refusal"}:                      {in: 404, out: 401},
		{http.MethodGet, "/connection"}:                                  {in: 200, out: 303},
		{http.MethodGet, "/embed"}:                                       {in: 200, out: 200},
		{http.MethodGet, "/embed/boards/:board"}:                         {in: 200, out: 303},
		{http.MethodGet, "/embed/conversations/:conversation"}:           {in: 404, out: 303},
		{http.MethodGet, "/embed/cookie"}:                                {in: 200, out: 200},
		{http.MethodGet, "/embed/sign-in"}:                               {in: 303, out: 200},
		{http.MethodPost, "/embed/sign-in"}:                              {form: url.Values{"token": {""}}, in: 422, out: 422, strangers: true},
		{http.MethodPost, "/embed/sign-out"}:                             {form: url.Values{}, in: 303, out: 303, strangers: true},
		{http.MethodGet, "/embed/pop-up"}:                                {in: 303, out: 303},
		{http.MethodGet, "/embed/pop-up/sign-in"}:                        {in: 303, out: 200},
		{http.MethodPost, "/embed/pop-up/sign-in"}:                       {form: url.Values{"token": {""}}, in: 422, out: 422, strangers: true},
		{http.MethodPost, "/embed/tickets"}:                              {form: url.Values{}, in: 401, out: 401, strangers: true},
		{http.MethodPost, "/embed/sessions"}:                             {form: url.Values{"ticket": {"wrong"}}, in: 401, out: 401, strangers: true},
		{http.MethodGet, "/health"}:                                      {in: 200, out: 303},
		{http.MethodGet, "/connect"}:                                     {in: 200, out: 303},
		{http.MethodPost, "/connect"}:                                    {form: url.Values{"step": {"address"}}, in: 422, out: 401},
		{http.MethodGet, "/accounts/:account/boards"}:                    {in: 200, out: 303},
		{http.MethodPost, "/accounts/:account/boards/order"}:             {form: url.Values{}, in: 303, out: 401},
		{http.MethodGet, "/boards/:board/settings"}:                      {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/reports"}:                       {in: 200, out: 303},
		{http.MethodPost, "/boards/:board/reports"}:                      {form: url.Values{}, in: 422, out: 401},
		{http.MethodGet, "/boards/:board/reports/cards"}:                 {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/reports/:table"}:                {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/wall"}:                          {in: 200, out: 303},
		{http.MethodPost, "/boards/:board/settings"}:                     {form: url.Values{}, in: 409, out: 401},
		{http.MethodPost, "/boards/:board/copies"}:                       {form: url.Values{}, in: 422, out: 401},
		{http.MethodPost, "/boards/:board/archive"}:                      {form: url.Values{}, in: 422, out: 401},
		{http.MethodPost, "/boards/:board/favourite"}:                    {form: url.Values{"wish": {"no"}}, in: 422, out: 401},
		{http.MethodPost, "/boards/:board/stages"}:                       {form: url.Values{}, in: 409, out: 401},
		{http.MethodPost, "/boards/:board/stages/order"}:                 {form: url.Values{}, in: 409, out: 401},
		{http.MethodPost, "/boards/:board/stages/:stage/settings"}:       {form: url.Values{}, in: 409, out: 401},
		{http.MethodPost, "/boards/:board/stages/:stage/removal"}:        {form: url.Values{}, in: 422, out: 401},
		{http.MethodGet, "/boards/:board/stages/:stage/removal"}:         {in: 204, out: 303},
		{http.MethodGet, "/boards/:board/template"}:                      {in: 200, out: 303},
		{http.MethodGet, "/accounts/:account/setup"}:                     {in: 200, out: 303},
		{http.MethodGet, "/accounts/:account/setup/:tick"}:               {in: 200, out: 303},
		{http.MethodPost, "/accounts/:account/webhook"}:                  {form: url.Values{"address": {"no address"}}, in: 422, out: 401},
		{http.MethodPost, "/accounts/:account/dashboard-app"}:            {form: url.Values{}, in: 422, out: 401},
		{http.MethodPost, "/accounts/:account/boards"}:                   {form: url.Values{}, in: 422, out: 401},
		{http.MethodPost, "/accounts/:account/disconnection"}:            {form: url.Values{}, in: 422, out: 401},
		{http.MethodGet, "/sign-in"}:                                     {in: 303, out: 200},
		{http.MethodPost, "/sign-in"}:                                    {form: url.Values{"password": {"wrong"}}, in: 401, out: 401, strangers: true},
		{http.MethodGet, "/sign-in/:ticket"}:                             {in: 410, out: 410},
		{http.MethodPost, "/sign-in/:ticket"}:                            {form: url.Values{}, in: 410, out: 410, strangers: true},
		{http.MethodPost, "/preferences"}:                                {form: url.Values{"theme": {"dark"}}, in: 303, out: 303, strangers: true},
		{http.MethodPost, "/sign-out"}:                                   {form: url.Values{}, in: 303, out: 401},
		{http.MethodPost, "/webhooks/:account/:key"}:                     {form: url.Values{}, in: 404, out: 404},
		{http.MethodGet, "/healthz"}:                                     {in: 200, out: 200},
		{http.MethodGet, "/manifest.webmanifest"}:                        {in: 200, out: 200},
		{http.MethodGet, "/readyz"}:                                      {in: 200, out: 200},
		{http.MethodGet, static.Prefix + ":digest/*"}:                    {in: 200, out: 200},
		{http.MethodGet, "/favicon.ico"}:                                 {in: 302, out: 302},
	}
	maps.Copy(rows, threadTable())
	maps.Copy(rows, fieldTable())
	maps.Copy(rows, beginTable())
	return rows
}

// filled puts numbers of things that exist into a pattern.
func filled(w *world, pattern string) string {
	card := w.card()
	return strings.NewReplacer(
		":board", fmt.Sprint(w.board.ID), ":stage", fmt.Sprint(card.Stage), ":conversation", fmt.Sprint(card.Conversation.ID),
		":move", "4711", ":view", "4711", ":send", "4711", ":message", "1", ":attachment", "4711", ":ticket", "none", ":table", "funnel.csv", ":tick", "webhook", ":account", "1", ":key", "wrong", ":digest/*", static.Digest()+"/"+static.Names()[0],
	).Replace(pattern)
}

func TestEveryRouteHasARow(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	rows := table(w)
	for _, r := range w.web.Routes() {
		require.Contains(t, rows, r)
		delete(rows, r)
	}
	require.Empty(t, rows, "rows of routes that are gone")
}

func TestStatusOfEveryRoute(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	for r, row := range table(w) {
		path := filled(w, r.Pattern)
		require.Equal(t, row.out, w.browser().do(r.Method, path, row.form).status, "%s %s signed out", r.Method, path)
		if row.in != 0 {
			require.Equal(t, row.in, w.person().do(r.Method, path, row.form).status, "%s %s signed in", r.Method, path)
		}
	}
}

// What a browser says of a request that another site made.
var crossSite = map[string]map[string]string{
	"fetch metadata":       {"Sec-Fetch-Site": "cross-site"},
	"a sibling domain":     {"Sec-Fetch-Site": "same-site"},
	"an old browser":       {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
	"a sandboxed document": {"Sec-Fetch-Site": "", "Origin": "null"},
}

func TestOtherSitesCannotWrite(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	unsafe := 0
	for r, row := range table(w) {
		if r.Method == http.MethodGet || strings.HasPrefix(r.Pattern, "/webhooks/") {
			continue
		}
		unsafe++
		for name, headers := range crossSite {
			for _, b := range []*browser{w.person(), w.browser()} {
				for h, v := range headers {
					b = b.with(h, v)
					if v == "" {
						b.header.Del(h)
					}
				}
				a := b.do(r.Method, filled(w, r.Pattern), row.form)
				require.Equal(t, http.StatusForbidden, a.status, "%s %s by %s", r.Method, r.Pattern, name)
				require.Empty(t, a.header["Set-Cookie"], "%s %s by %s", r.Method, r.Pattern, name)
			}
		}
	}
	require.GreaterOrEqual(t, unsafe, 22)
	card := w.card()
	require.Nil(t, card.Pending, "a refused write must do nothing")
}

func TestSecurityHeadersEverywhere(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	check := func(a answer, path, what string) {
		what = path + what
		ancestors, opener := "'none'", "same-origin"
		switch {
		case path == "/embed/tickets", strings.HasPrefix(path, "/embed/pop-up"):
			opener = "unsafe-none" // or the window would not know the frame that opened it
		case path == "/embed", strings.HasPrefix(path, "/embed/"):
			ancestors = w.sim.URL()
		}
		csp := a.header.Get("Content-Security-Policy")
		require.NotContains(t, csp, "unsafe", what)
		for _, directive := range []string{"default-src 'self'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"} {
			require.Contains(t, csp, directive, what)
		}
		require.True(t, strings.HasSuffix(csp, "; frame-ancestors "+ancestors), "%s: %s", what, csp)
		require.Empty(t, a.header.Get("X-Frame-Options"), what)
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"), what)
		require.Equal(t, "same-origin", a.header.Get("Referrer-Policy"), what)
		require.Equal(t, opener, a.header.Get("Cross-Origin-Opener-Policy"), what)
		require.NotEmpty(t, a.header.Get("Permissions-Policy"), what)
		require.NotEmpty(t, a.header.Get("Cache-Control"), what)
	}
	for r, row := range table(w) {
		path := filled(w, r.Pattern)
		check(w.browser().do(r.Method, path, row.form), path, " signed out")
		check(w.browser().with("Sec-Fetch-Site", "cross-site").do(r.Method, path, row.form), path, " from elsewhere")
		if row.in != 0 {
			check(w.person().do(r.Method, path, row.form), path, " signed in")
		}
	}
	for _, path := range []string{"/nowhere", "/boards/x", "/boards/999", "/assets/nothing", "/webhooks/", "/webhooks/1/2/3"} {
		a := w.person().get(path)
		require.Equal(t, http.StatusNotFound, a.status, path)
		check(a, path, "")
	}
	require.Equal(t, "no-store", w.person().get(w.boardPath()).header.Get("Cache-Control"))
	require.Contains(t, w.browser().get(static.Path(static.Names()[0])).header.Get("Cache-Control"), "immutable")
	require.Empty(t, w.browser().get("/sign-in").header.Get("Strict-Transport-Security"), "not without https")
}

func TestHTTPSMakesCookiesSecure(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0), func(c *web.Config) { c.PublicURL = "https://board.example.com" })
	a := w.browser().post("/sign-in", url.Values{"password": {password}})
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Contains(t, a.header.Get("Strict-Transport-Security"), "max-age=")
	cookies := a.header["Set-Cookie"]
	require.Len(t, cookies, 1, "one cookie, once")
	require.True(t, strings.HasPrefix(cookies[0], "__Host-chatlane="), cookies[0])
	for _, attribute := range []string{"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		require.Contains(t, cookies[0], attribute)
	}
	// The browser's host is the public one, whatever a proxy makes of it.
	fromPublic := w.browser().with("Origin", "https://board.example.com")
	fromPublic.header.Del("Sec-Fetch-Site")
	require.Equal(t, http.StatusSeeOther, fromPublic.post("/preferences", url.Values{"theme": {"dark"}}).status)
}

func TestErrorPageSetsNoSecondCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0))
	a := w.browser().post("/sign-in", url.Values{"password": {"wrong"}})
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.LessOrEqual(t, len(a.header["Set-Cookie"]), 1)
}

func TestLogTellsPatternsOnly(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	w.person().get(w.boardPath("stages", 0) + "?after=secretcursor")
	require.Contains(t, w.log.String(), "route=/boards/:board/stages/:stage")
	require.NotContains(t, w.log.String(), "secretcursor")
}
