package kanban_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/chatlane/chatlane/kanban"
)

// TestSearchesFindWhatANaiveOneFinds: what begins a word of the text is found, however long it is, and nothing else.
func TestSearchesFindWhatANaiveOneFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		said := rapid.SliceOfN(rapid.StringMatching(`[a-dñ1]{1,7}`), 1, 40).Draw(rt, "said")
		c := kanban.Conversation{ID: 9, LastMessage: kanban.Message{Text: strings.Join(said, " ")}}
		facts := kanban.FactsOf(kanban.Card{Conversation: c}).Searchable(c)
		whole := []rune(rapid.SampledFrom(said).Draw(rt, "word"))
		looked := []string{
			string(whole[:rapid.IntRange(1, len(whole)).Draw(rt, "length")]), rapid.StringMatching(`[a-dñz]{1,4}`).Draw(rt, "any"),
		}
		for _, word := range looked {
			begins := func(w string) bool { return strings.HasPrefix(plain(w), plain(word)) }
			look := kanban.Filter{Text: word}.Look(kanban.Board{}, kanban.Viewer{Role: kanban.RoleAdministrator}, time.Now())
			require.Equal(rt, slices.ContainsFunc(append(said, "9"), begins), look.Matches(&facts), word)
		}
	})
}

// plain is a word as searches compare it.
func plain(word string) string { return strings.ReplaceAll(word, "ñ", "n") }
