package web_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// rows reads a file as a spreadsheet does.
func rows(t *testing.T, body string) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(body, "\uFEFF")
	require.True(t, marked, "spreadsheets know the encoding")
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return all
}

func TestFileHasEveryCard(t *testing.T) {
	t.Parallel()
	w := connected(t, business(700)) // more than are read at once
	p := w.person()
	all := rows(t, p.get(w.boardPath("list.csv")).body)
	a := p.get(w.boardPath("list.csv") + "?sort=created")
	require.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
	require.Contains(t, a.header.Get("Content-Disposition"), "attachment")
	total := 0
	admin, err := w.store.Totals(t.Context(), w.board, w.viewer())
	require.NoError(t, err)
	for _, column := range admin {
		total += column.Count
	}
	require.Greater(t, total, 500)
	require.Len(t, all, total+1)
	require.Equal(t, "Customer", all[0][0])
	require.Equal(t, "Cliente", rows(t, p.with("Accept-Language", "pt-BR").get(w.boardPath("list.csv")).body)[0][0])
}

func TestFileIsNoFormula(t *testing.T) {
	t.Parallel()
	w := connected(t, business(0))
	for _, name := range []string{"=1+1", "+55 11", "-2", "@SUM(A1)", "a=b"} {
		w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: name, InboxID: w.sim.Inboxes()[0].ID, Text: name})
	}
	w.eventually(func() bool { return len(rows(t, w.person().get(w.boardPath("list.csv")).body)) == 6 }, "all are there")
	for _, row := range rows(t, w.person().get(w.boardPath("list.csv")).body)[1:] {
		for _, cell := range row {
			require.NotRegexp(t, `^[=+\-@\t\r]`, cell)
		}
		require.NotEqual(t, "'a=b", row[0])
	}
}

func TestListShowsChosenColumnsPageByPage(t *testing.T) {
	t.Parallel()
	w := connected(t, business(250))
	p := w.person()
	require.Equal(t, http.StatusFound, p.get(w.boardPath("list")+"?column=phone&column=value&needs=").status)
	page := p.get(w.boardPath("list")).page()
	require.Equal(t, []string{"Value", "Phone"}, texts(page.Find("th")))
	seen := map[string]bool{}
	for path := w.boardPath("list"); path != ""; {
		page = p.get(path).page()
		for _, id := range attributes(page.Find("tbody tr"), "id") {
			require.False(t, seen[id], "%s comes twice", id)
			seen[id] = true
		}
		path, _ = page.Find("a[rel=next]").Attr("href")
	}
	require.Greater(t, len(seen), 200)
	require.Len(t, rows(t, p.get(w.boardPath("list.csv")).body), len(seen)+1)
	require.Equal(t, "descending", p.get(w.boardPath("list")+"?sort=value").page().Find("th").First().AttrOr("aria-sort", ""))
}

// TestListWritesDaysForPeopleAndFilesForPrograms: a day is in the person's language on the page and ISO 8601 in the file.
func TestListWritesDaysForPeopleAndFilesForPrograms(t *testing.T) {
	t.Parallel()
	w := connected(t, business(120))
	p := w.person().with("Accept-Language", "pt-BR")
	require.Equal(t, http.StatusFound, p.get(w.boardPath("list")+"?column=next_step_on").status)
	days := regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)
	file := rows(t, p.get(w.boardPath("list.csv")).body)
	require.True(t, slices.ContainsFunc(file, func(row []string) bool { return days.MatchString(row[0]) }))
	shown := texts(p.get(w.boardPath("list")).page().Find("tbody td"))
	require.False(t, slices.ContainsFunc(shown, days.MatchString))
	require.True(t, slices.ContainsFunc(shown, regexp.MustCompile(`^\d+ [a-z]+ de \d{4}$`).MatchString), "%v", shown)
}

func texts(s *goquery.Selection) []string {
	return s.Map(func(_ int, one *goquery.Selection) string { return strings.TrimSpace(one.Text()) })
}

func attributes(s *goquery.Selection, name string) []string {
	return s.Map(func(_ int, one *goquery.Selection) string { return one.AttrOr(name, "") })
}
