package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
)

func TestAReportsFiguresOpenTheirCards(t *testing.T) {
	t.Parallel()
	w := connected(t, business(60))
	p := w.person()
	a := p.get(w.boardPath("reports"))
	require.Equal(t, http.StatusOK, a.status)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	require.NoError(t, err)
	require.Equal(t, 7, page.Find(".report section[id^=report-]").Length())
	figures := 0
	page.Find(".figures tbody a[href*='reports/cards'], .tile__figure a").Each(func(_ int, link *goquery.Selection) {
		count := strings.ReplaceAll(strings.TrimSpace(link.Text()), ",", "")
		path := link.AttrOr("href", "")
		behind := p.get(path)
		require.Equal(t, http.StatusOK, behind.status, path)
		if strings.Trim(count, "0123456789") != "" {
			return // a sum of money
		}
		figures++
		cards, err := goquery.NewDocumentFromReader(strings.NewReader(behind.body))
		require.NoError(t, err)
		require.Regexp(t, "^"+count+" card", cards.Find(".report__head p").Text(), path)
	})
	require.Greater(t, figures, 10)
}

func TestReportsAsFiles(t *testing.T) {
	t.Parallel()
	w := connected(t, business(60))
	for _, name := range []string{"funnel", "reasons", "stages", "trend", "forecast", "agents", "stalled", "cards"} {
		a := w.person().get(w.boardPath("reports", name+".csv") + "?period=this-quarter&figure=open")
		require.Equal(t, http.StatusOK, a.status, name)
		require.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
		rest, marked := strings.CutPrefix(a.body, "\ufeff")
		require.True(t, marked, name)
		rows, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
		require.NoError(t, err, name)
		for _, row := range rows {
			for _, cell := range row {
				require.False(t, cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])), "%s: %q is a formula", name, cell)
			}
		}
	}
	for _, name := range []string{"nothing.csv", "funnel", "../funnel.csv"} {
		require.Equal(t, http.StatusNotFound, w.person().get(w.boardPath("reports", url.PathEscape(name))).status, name)
	}
}

func TestAReportRefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	for _, query := range []string{
		"agent=x", "team=-1", "inbox=1e9", "period=dates", "period=dates&from=2026-02-30&until=2026-03-01", "period=dates&from=2026-03-02&until=2026-03-01",
		"period=dates&from=0001-01-01&until=9999-12-31",
	} {
		require.Equal(t, http.StatusUnprocessableEntity, w.person().get(w.boardPath("reports")+"?"+query).status, query)
	}
	for _, query := range []string{"period=dates&from=2010-01-01&until=2030-01-01", "zone=Nowhere/Land", "period=nonsense", "label=%27%22%3Cscript%3E"} {
		a := w.person().get(w.boardPath("reports") + "?" + query)
		require.Equal(t, http.StatusOK, a.status, query)
		require.NotContains(t, a.body, "<script>", query)
	}
	require.Equal(t, http.StatusNotFound, w.person().get(w.boardPath("reports", "cards")+"?figure=nonsense").status)
	require.Equal(t, http.StatusOK, w.person().get(w.boardPath("reports", "cards")+"?figure=reached&stage=99999&skip=-4").status)
}

func TestAGoalIsSetAndShown(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(p.get(w.boardPath("reports")).body))
	require.NoError(t, err)
	month := page.Find("input[name=month]").AttrOr("value", "")
	require.Equal(t, http.StatusUnprocessableEntity, p.post(w.boardPath("reports"), url.Values{"month": {month}, "goal": {"a lot"}}).status)
	a := p.post(w.boardPath("reports"), url.Values{"month": {month}, "goal": {"50.000,50"}, "hide_agents": {"yes"}})
	require.Equal(t, http.StatusSeeOther, a.status)
	body := p.get(w.boardPath("reports")).body
	require.Contains(t, body, `value="50000.5"`)
	require.Contains(t, body, `class="goal"`)
	require.NotContains(t, p.get(w.boardPath("wall")).body, "<a ", "nobody touches a wall, with a goal neither")
	require.Contains(t, body, `name="hide_agents" value="yes" checked`)
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("reports"), url.Values{"month": {month}, "goal": {""}}).status)
	require.NotContains(t, p.get(w.boardPath("reports")).body, `class="goal"`)
}

func TestTheWallGoesFromBoardToBoard(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	page, err := goquery.NewDocumentFromReader(strings.NewReader(w.person().get(w.boardPath("wall")).body))
	require.NoError(t, err)
	wall := page.Find("#wall")
	require.Equal(t, fmt.Sprintf("/boards/%d/wall", w.board.ID), wall.AttrOr("hx-get", ""), "the only board comes again")
	require.Equal(t, "every 30s", wall.AttrOr("hx-trigger", ""))
	require.Zero(t, page.Find("body a, body button, body form").Length(), "nobody touches a wall")
}
