package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

func TestBoardShowsColumnsAndCards(t *testing.T) {
	t.Parallel()
	w := connected(t, business(60))
	a := w.person().get(w.boardPath())
	require.Equal(t, http.StatusOK, a.status)
	page := a.page()
	for _, s := range w.board.Stages {
		column := page.Find("#" + templates.StageID(s.ID))
		require.Equal(t, 1, column.Length())
		require.Equal(t, s.Title, column.AttrOr("data-label", ""))
	}
	require.Equal(t, 1, page.Find("#stage-0").Length())
	card := w.card()
	require.Equal(t, 1, page.Find("#"+templates.StageID(card.Stage)+" #"+templates.CardID(card.Conversation.ID)).Length())
}

// Scrolling through a column shows each of its cards once.
func TestColumnsLoadMore(t *testing.T) {
	t.Parallel()
	w := connected(t, business(400))
	p := w.person()
	totals, err := w.store.Totals(t.Context(), w.board, w.viewer())
	require.NoError(t, err)
	page := p.get(w.boardPath()).page()
	long := 0
	for stage, total := range totals {
		seen := map[string]bool{}
		part := page.Find("#" + templates.StageID(stage))
		for {
			for _, card := range part.Find("li.card").EachIter() {
				require.False(t, seen[card.AttrOr("id", "")], "shown twice")
				seen[card.AttrOr("id", "")] = true
			}
			more := part.Find("li.stage__more")
			if more.Length() == 0 {
				break
			}
			long++
			part = p.get(more.AttrOr("hx-get", "")).page().Selection
		}
		require.Len(t, seen, total.Count)
	}
	require.NotZero(t, long, "no column was longer than a page")
}

func TestPlacesThatAreNone(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	for path, status := range map[string]int{
		w.boardPath("stages", 999):               404,
		w.boardPath("stages", "x"):               404,
		w.boardPath("stages", 0) + "?after=x":    422,
		w.boardPath("cards", 99999):              404,
		w.boardPath("cards", -1):                 404,
		"/boards/99/totals":                      404,
		"/boards/99/events":                      404,
		"/boards/99999999999999999999999/totals": 404,
		"/connection?account=9":                  404,
	} {
		require.Equal(t, status, p.get(path).status, path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, p.post("/health", nil).status)
}

// What is kept in memory must never be what somebody sees after a change.
func TestPageFollowsEveryChange(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	p := w.person()
	stages := append([]kanban.Stage{{}}, w.board.Stages...)
	card := w.card()
	id := "#" + templates.CardID(card.Conversation.ID)
	for i := range 12 {
		target := stages[i%len(stages)]
		require.Equal(t, http.StatusOK, p.put(w.movePath(card), to(target.ID)).status)
		page := p.get(w.boardPath()).page()
		require.Equal(t, 1, page.Find(id).Length())
		require.Equal(t, 1, page.Find("#"+templates.StageID(target.ID)+" "+id).Length(), "shown in %q", target.Title)
		totals, err := w.store.Totals(t.Context(), w.board, w.viewer())
		require.NoError(t, err)
		count := p.get(w.boardPath("totals")).page().Find("#" + templates.StageHeadID(target.ID) + " .stage__count").Text()
		require.Equal(t, fmt.Sprint(totals[target.ID].Count), count)
	}
}

func TestColorsMayBeKept(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5))
	p := w.person()
	link := p.get(w.boardPath()).page().Find(`#board link[rel="stylesheet"]`).AttrOr("href", "")
	a := p.get(link)
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "text/css; charset=utf-8", a.header.Get("Content-Type"))
	require.Contains(t, a.header.Get("Cache-Control"), "immutable")
	require.Contains(t, a.body, "--stage-color")
	require.Equal(t, "no-store", p.get(w.boardPath("colors.css")+"?v=old").header.Get("Cache-Control"))
}

func TestConnectionPillAndHealth(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5))
	p := w.person()
	require.Equal(t, 1, p.get("/connection").page().Find("#"+templates.ConnectionID).Length())
	a := p.get("/health")
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, w.account().Name)
}

// Health and readiness are about this server, whatever Chatwoot does.
func TestHealthzDoesNotNeedChatwoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0))
	for _, path := range []string{"/healthz", "/readyz"} {
		require.Equal(t, http.StatusOK, w.browser().get(path).status)
	}
}
