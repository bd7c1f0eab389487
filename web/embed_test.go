package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/web"
)

// panel is the address of a conversation's panel, as Chatwoot's screen would name it.
func (w *world) panel(id any) string {
	a := w.account()
	return fmt.Sprintf("/embed/conversations/%v?%s", id, url.Values{"origin": {a.BaseURL}, "account": {fmt.Sprint(a.ChatwootID)}}.Encode())
}

func TestEmbedPanelShowsEachBoard(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	p := w.person().get(w.panel(card.Conversation.ID))
	require.Equal(t, http.StatusOK, p.status)
	page := p.page()
	require.Equal(t, 1, page.Find(".deal").Length())
	require.Equal(t, []string{"Novo", "Qualificado", "Proposta", "Ganho", "Perdido"}, page.Find(".step span").Map(func(_ int, s *goquery.Selection) string { return s.Text() }))
	require.Equal(t, "Novo", strings.TrimSpace(page.Find(`.step[aria-current="step"]`).Text()))
	action, _ := page.Find("form.steps").Attr("action")
	require.Equal(t, w.boardPath("cards", card.Conversation.ID, "stage"), action)
	_, err := w.store.Conversation(t.Context(), 1, card.Conversation.ID)
	require.NoError(t, err)
	require.Contains(t, p.body, w.boardPath())
}

func TestEmbedPanelKnowsOnlyConnectedAccounts(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	for name, path := range map[string]string{
		"another origin":  fmt.Sprintf("/embed/conversations/%d?origin=https://evil.example&account=1", card.Conversation.ID),
		"no origin":       fmt.Sprintf("/embed/conversations/%d?account=1", card.Conversation.ID),
		"another account": fmt.Sprintf("/embed/conversations/%d?origin=%s&account=4711", card.Conversation.ID, w.sim.URL()),
		"no conversation": w.panel(4711),
		"no number":       w.panel("x"),
		"a negative one":  w.panel(-1),
	} {
		a := w.person().get(path)
		require.Equal(t, http.StatusNotFound, a.status, name)
		require.Zero(t, a.page().Find(".deal").Length(), name)
	}
	// A screen that does not tell the account's number means the only one that is connected from there.
	a := w.person().get(fmt.Sprintf("/embed/conversations/%d?origin=%s&account=", card.Conversation.ID, w.sim.URL()))
	require.Equal(t, http.StatusOK, a.status)
}

func TestEmbedNamesTheChatwootsThatMayFrameIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0))
	require.Contains(t, w.browser().get("/embed").header.Get("Content-Security-Policy"), "frame-ancestors 'none'", "nobody is connected")
	w = connected(t, business(0))
	a := w.browser().get("/embed")
	require.True(t, strings.HasSuffix(a.header.Get("Content-Security-Policy"), "frame-ancestors "+w.sim.URL()))
	origins, _ := a.page().Find("body").Attr("data-origins")
	require.Equal(t, w.sim.URL(), origins)
}

// frameCookies are the cookies of an answer that a cross-site frame would keep.
func frameCookies(a answer) []string {
	var kept []string
	for _, c := range a.header["Set-Cookie"] {
		if strings.Contains(c, "SameSite=None") {
			kept = append(kept, c)
		}
	}
	return kept
}

func TestEmbedSignsInWithACookieOfItsOwn(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	agent := w.sim.Agents()[0]
	a := w.browser().post("/embed/sign-in", url.Values{"email": {agent.Email}, "password": {agent.Password}, "return": {"/embed"}})
	require.Equal(t, http.StatusSeeOther, a.status, a.problem())
	require.Equal(t, "/embed", a.header.Get("Location"))
	kept := frameCookies(a)
	require.Len(t, kept, 1)
	require.Len(t, a.header["Set-Cookie"], 1, "the first-party session is left alone")
	require.True(t, strings.HasPrefix(kept[0], "__Host-chatlane-frame="), kept[0])
	for _, attribute := range []string{"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} {
		require.Contains(t, kept[0], attribute)
	}
	pair, _, _ := strings.Cut(kept[0], ";")
	framed := w.browser().with("Cookie", pair)
	w.secret(strings.TrimPrefix(pair, "__Host-chatlane-frame="))
	sees := w.person().get(w.panel(w.card().Conversation.ID))
	require.Equal(t, http.StatusOK, sees.status)
	require.NotEqual(t, http.StatusSeeOther, framed.get(w.panel(w.card().Conversation.ID)).status)
	require.Equal(t, http.StatusSeeOther, framed.post("/embed/sign-out", url.Values{}).status)
	require.Equal(t, http.StatusSeeOther, framed.get(w.panel(w.card().Conversation.ID)).status, "signed out")
}

// ticket is what the window of a signed-in person hands to the frame that opened it.
func (b *browser) ticket() string {
	b.w.t.Helper()
	page := b.post("/embed/tickets", url.Values{}).page()
	ticket, _ := page.Find("body").Attr("data-ticket")
	require.NotEmpty(b.w.t, ticket)
	return ticket
}

func TestEmbedTicketIsGoodOnceAndSoon(t *testing.T) {
	t.Parallel()
	clock := newWatch()
	w := connected(t, business(40), timed(clock))
	person := w.signedInAs(w.sim.AdminToken())
	require.Equal(t, http.StatusOK, person.get("/embed/pop-up").status)
	frame := w.browser().with("X-Requested-With", "fetch")

	late := person.ticket()
	clock.advance(2 * time.Minute)
	require.Equal(t, http.StatusUnauthorized, frame.post("/embed/sessions", url.Values{"ticket": {late}}).status, "too late")

	ticket := person.ticket()
	a := frame.post("/embed/sessions", url.Values{"ticket": {ticket}})
	require.Equal(t, http.StatusOK, a.status)
	require.Empty(t, a.header["Set-Cookie"])
	require.Equal(t, http.StatusUnauthorized, frame.post("/embed/sessions", url.Values{"ticket": {ticket}}).status, "used up")
	var session struct{ Token string }
	require.NoError(t, json.Unmarshal([]byte(a.body), &session))

	signed := frame.with("Authorization", "Bearer "+session.Token)
	card := w.card()
	panel := signed.get(w.panel(card.Conversation.ID))
	require.Equal(t, http.StatusOK, panel.status)
	require.NotContains(t, panel.body, "/embed/boards/", "a page within the frame would have no cookie")
	moved := signed.put(w.boardPath("cards", card.Conversation.ID, "stage"), url.Values{"stage": {fmt.Sprint(w.stage("proposta").ID)}})
	require.Equal(t, http.StatusOK, moved.status)
	require.Equal(t, http.StatusUnauthorized, frame.with("Authorization", "Bearer wrong").get(w.panel(card.Conversation.ID)).status)
	clock.advance(13 * time.Hour)
	require.Equal(t, http.StatusUnauthorized, signed.get(w.panel(card.Conversation.ID)).status, "over")
}

func TestEmbedTicketNeedsAPerson(t *testing.T) {
	t.Parallel()
	w := connected(t, business(0))
	require.Equal(t, http.StatusUnauthorized, w.browser().post("/embed/tickets", url.Values{}).status)
	require.Equal(t, http.StatusUnauthorized, w.person().post("/embed/tickets", url.Values{}).status, "the operator is nobody in Chatwoot")
	require.Equal(t, http.StatusSeeOther, w.browser().get("/embed/pop-up").status)
}

func TestEmbedFindsOutWhetherCookiesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0), func(c *web.Config) { c.PublicURL = "https://board.example.com" })
	a := w.browser().get("/embed/cookie")
	require.JSONEq(t, `{"kept":false}`, a.body)
	require.Len(t, frameCookies(a), 1)
	require.JSONEq(t, `{"kept":true}`, w.browser().with("Cookie", "__Host-chatlane-probe=1").get("/embed/cookie").body)
}

func TestWholeBoardInTheFrame(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	a := w.person().get("/embed" + w.boardPath())
	require.Equal(t, http.StatusOK, a.status)
	page := a.page()
	require.Equal(t, 6, page.Find(".stage").Length())
	home, _ := page.Find(".bar__home").Attr("href")
	require.Equal(t, "/embed", home, "what may not be framed is not linked")
	require.Zero(t, page.Find(".bar__person").Length())
	out := w.browser().get("/embed" + w.boardPath())
	require.True(t, strings.HasPrefix(out.header.Get("Location"), "/embed/sign-in?"), out.header.Get("Location"))
}
