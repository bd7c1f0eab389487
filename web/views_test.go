package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestViewsAreKept goes the way of a view: kept, changed, begun with, put back, taken away.
func TestViewsAreKept(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	p := w.person()
	board := w.boardPath("views")

	a := p.post(board, url.Values{"name": {" Quentes "}, "query": {"needs=waiting&sort=value&nonsense=1"}, "shared": {"yes"}})
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, w.boardPath()+"?view=1", a.header.Get("Location"))
	a = p.get(w.boardPath() + "?view=1")
	require.Equal(t, w.boardPath()+"?view=1&needs=waiting&sort=value", a.header.Get("Location"), "what is shown is always in the address")
	page := p.get(a.header.Get("Location")).page()
	require.Equal(t, "Quentes", strings.TrimSpace(page.Find(".finder .finder__view span").Text()))
	require.Zero(t, page.Find(".finder__dot").Length(), "it is as it was kept")
	require.Contains(t, attributes(page.Find("a"), "href"), w.boardPath()+"?view=1&needs=waiting&needs=overdue&sort=value", "pills keep the view")

	changed := p.get(w.boardPath() + "?view=1&needs=overdue").page()
	require.NotZero(t, changed.Find(".finder__dot").Length(), "it was changed")
	require.Contains(t, attributes(changed.Find("a"), "href"), w.boardPath()+"?view=1&needs=waiting&sort=value", "and can be put back")
	require.Equal(t, http.StatusSeeOther, p.post(board+"/1", url.Values{"query": {"needs=overdue"}}).status)
	require.Zero(t, p.get(w.boardPath()+"?view=1&needs=overdue").page().Find(".finder__dot").Length())

	require.Equal(t, http.StatusOK, p.get(w.boardPath()).status)
	require.Equal(t, http.StatusSeeOther, p.post(board+"/1/default", url.Values{"wish": {"yes"}}).status)
	require.Equal(t, w.boardPath()+"?view=1&needs=overdue", p.get(w.boardPath()).header.Get("Location"))
	require.Equal(t, http.StatusOK, p.get(w.boardPath()+"?view=0").status, "the whole board is still there")
	require.Equal(t, http.StatusOK, p.with("HX-Request", "true").get(w.boardPath()).status, "what is fetched for a page is as the page is")
	require.Equal(t, w.boardPath()+"?view=0", p.get(w.boardPath()+"?view=1&needs=overdue").page().Find("[data-clear]").AttrOr("href", ""))

	require.Equal(t, w.boardPath("list")+"?view=1", p.post(board+"/1", url.Values{"query": {"needs=overdue"}, "return": {w.boardPath("list")}}).header.Get("Location"))
	require.Equal(t, w.boardPath()+"?view=1", p.post(board+"/1", url.Values{"query": {"needs=overdue"}, "return": {"//evil.example"}}).header.Get("Location"))

	require.Equal(t, http.StatusSeeOther, p.post(board+"/1/removal", url.Values{}).status)
	require.Equal(t, http.StatusOK, p.get(w.boardPath()).status, "nobody begins with a view that is gone")
	require.Equal(t, http.StatusNotFound, p.post(board+"/1", url.Values{}).status)
	require.Equal(t, http.StatusUnprocessableEntity, p.post(board, url.Values{"name": {" "}}).status)
	require.Equal(t, http.StatusUnprocessableEntity, p.post(board, url.Values{"name": {strings.Repeat("x", 1000)}}).status)
}

// TestViewsOfOthers: what somebody kept for themselves is not there for others; what is shared is changed by its owner and administrators.
func TestViewsOfOthers(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	board := c.objects[0].board
	path := c.objects[0].address("/boards/:board/views", 0)
	agent, other, admin := c.role("agent").browser, c.role("agent without the inbox").browser, c.role("administrator").browser
	require.Equal(t, http.StatusSeeOther, agent.post(path, url.Values{"name": {"Só minha"}, "query": {"q=segredo"}}).status)
	require.Equal(t, http.StatusSeeOther, agent.post(path, url.Values{"name": {"Nossa"}, "query": {"needs=overdue"}, "shared": {"yes"}}).status)
	views, err := c.store.Views(t.Context(), board.ID, -1)
	require.NoError(t, err)
	require.Len(t, views, 1, "one is shared")
	shared, private := "/2", "/1"
	for _, b := range []*browser{other, admin} {
		page := b.get(c.objects[0].address("/boards/:board", 0)).body
		require.Contains(t, page, "Nossa")
		require.NotContains(t, page, "Só minha")
		require.NotContains(t, b.get(c.objects[0].address("/boards/:board", 0)+"?view=1").body, "Só minha")
		for _, act := range []string{"", "/removal", "/default"} {
			require.Equal(t, http.StatusNotFound, b.post(path+private+act, url.Values{}).status, act)
		}
		require.Equal(t, http.StatusSeeOther, b.post(path+shared+"/default", url.Values{"wish": {"yes"}}).status)
	}
	require.Equal(t, http.StatusForbidden, other.post(path+shared, url.Values{"query": {""}}).status)
	require.Equal(t, http.StatusForbidden, other.post(path+shared+"/removal", url.Values{}).status)
	require.Equal(t, http.StatusSeeOther, admin.post(path+shared, url.Values{"query": {"needs=today"}}).status)
	require.Equal(t, http.StatusSeeOther, admin.post(path+shared+"/removal", url.Values{}).status)
}
