package kanban_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestSuggestLabelTitle(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Proposta enviada":       "proposta-enviada",
		"  Épreuve / prix ":      "epreuve-prix",
		"Não respondeu":          "nao-respondeu",
		"pós_venda":              "pos_venda",
		"1ª visita":              "1ª-visita",
		"💬":                      "",
		"A":                      "",
		"":                       "",
		"商談中":                    "商談中",
		"a.b/c":                  "a-b-c",
		strings.Repeat("é", 300): strings.Repeat("e", 255),
	} {
		got := kanban.SuggestLabelTitle(text)
		require.Equal(t, want, got, text)
		if got != "" {
			require.NoError(t, kanban.CheckLabelTitle(got), text)
		}
	}
}

func TestCheckLabelTitle(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"ab", "proposta", "pós-venda", "1a", "a_b-c"} {
		require.NoError(t, kanban.CheckLabelTitle(good), good)
	}
	for title, suggestion := range map[string]string{
		"Proposta": "proposta", "a b": "a-b", "-ab": "ab", "ab\n": "ab", "a.b": "a-b", "_ab": "ab",
	} {
		err := kanban.CheckLabelTitle(title)
		var invalid *kanban.InvalidError
		require.ErrorAs(t, err, &invalid, title)
		require.Equal(t, "label.title_suggestion", invalid.Key, title)
		require.Equal(t, suggestion, invalid.Values["suggestion"], title)
	}
	for _, hopeless := range []string{"", "a", "💬💬", "!"} {
		require.EqualError(t, kanban.CheckLabelTitle(hopeless), "label.title_not_allowed", hopeless)
	}
}

func FuzzSuggestLabelTitle(f *testing.F) {
	f.Add("Proposta enviada")
	f.Add("İstanbul ß ŉ")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		if title := kanban.SuggestLabelTitle(text); title != "" {
			require.NoError(t, kanban.CheckLabelTitle(title))
		}
	})
}
