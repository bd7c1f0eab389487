package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// same are words that are the same in all languages.
var same = []string{"Chatlane", "Chatwoot", "English", "Português (Brasil)", "Español", "CSV", "WhatsApp", "API", "Onboarding", "Webhook", "webhooks", "https://chat.example.com"}

// said are the texts of a page that people read or hear: between the tags, and in the attributes that tell something.
func said(page *goquery.Document) map[string]bool {
	texts := map[string]bool{}
	page.Find("body *, title").Not("script, style, kbd, .modifier, .modifier *").Each(func(_ int, e *goquery.Selection) {
		e.Contents().Each(func(_ int, c *goquery.Selection) {
			if goquery.NodeName(c) == "#text" {
				texts[strings.TrimSpace(c.Text())] = true
			}
		})
		for _, name := range []string{"aria-label", "title", "placeholder", "alt"} {
			texts[strings.TrimSpace(e.AttrOr(name, ""))] = true
		}
	})
	return texts
}

var word = regexp.MustCompile(`\p{L}{3,}`)

// TestNothingIsUntranslated: what a page says in all three languages alike is a name or what somebody wrote, never a sentence of ours
// (QUALITY U4). The business' own texts are known by being in its data.
func TestNothingIsUntranslated(t *testing.T) {
	t.Parallel()
	w := connected(t, business(30))
	p := w.person()
	card := w.card().Conversation.ID
	paths := []string{
		w.boardPath(), w.boardPath("list"), w.boardPath("filter"), w.boardPath("pills"), w.boardPath("selection"), w.boardPath("settings"), w.boardPath("reports"), w.boardPath("wall"),
		w.boardPath("cards", card, "panel"), w.boardPath() + "?needs=mine", fmt.Sprintf("/accounts/%d/boards", w.board.Account), fmt.Sprintf("/accounts/%d/setup", w.board.Account),
		"/connect", "/connection", "/health", "/nowhere", "/sign-in", "/embed",
	}
	data := w.written(t)
	for _, path := range paths {
		var common map[string]bool
		for _, loc := range templates.Locales() {
			a := p.with("Accept-Language", loc.Code()).get(path)
			require.Less(t, a.status, http.StatusInternalServerError, path)
			texts := said(a.page())
			if common == nil {
				common = texts
			}
			maps.DeleteFunc(common, func(text string, _ bool) bool { return !texts[text] })
		}
		for text := range common {
			if word.MatchString(text) && !slices.Contains(same, text) && !ours(data, text) {
				t.Errorf("%s says in every language: %q", path, text)
			}
		}
	}
}

// ours reports whether a text consists of what the business' data says.
func ours(data, text string) bool {
	for _, w := range word.FindAllString(text, -1) {
		if !strings.Contains(data, w) && !slices.ContainsFunc(same, func(s string) bool { return strings.Contains(s, w) }) {
			return false
		}
	}
	return true
}

// written is everything that people of the business wrote or are called.
func (w *world) written(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	cat, err := w.store.Catalog(t.Context(), w.board.Account)
	require.NoError(t, err)
	fmt.Fprintf(&all, "%+v %+v %s", *cat, w.board, w.account().Name+w.sim.URL())
	for _, stage := range append(slices.Clone(w.board.Stages), kanban.Stage{}) {
		cards, _, err := w.store.Cards(t.Context(), w.board, w.viewer(), stage.ID, nil, 1000)
		require.NoError(t, err)
		for _, c := range cards {
			fmt.Fprintf(&all, "%+v", c.Conversation)
		}
	}
	return all.String()
}
