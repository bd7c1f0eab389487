package templates_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	require.Equal(t, "pt-BR", templates.Match("", "pt-BR").Code())
	require.Equal(t, "es", templates.Match("pt-BR", "es").Code(), "a choice wins over the browser")
	require.Equal(t, "pt-BR", templates.Match("pt-PT,pt;q=0.9,en;q=0.8", "").Code())
	require.Equal(t, "es", templates.Match("es-AR,es;q=0.9", "").Code())
	require.Equal(t, "en", templates.Match("ja", "klingon").Code())
	require.Equal(t, "en", templates.Match("", "").Code())
	require.Equal(t, "en", templates.Locale{}.Code())
}

func TestPluralsAndNumbers(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1 card", english.N("stage.cards", 1))
	require.Equal(t, "2 tarjetas", spanish.N("stage.cards", 2))
	require.Equal(t, "1.000.000 de tarjetas", spanish.N("stage.cards", 1000000))
	require.Equal(t, "1.000.000 de cards", portuguese.N("stage.cards", 1000000))
	require.Equal(t, []string{"1,234", "1.234", "1234", "12.345"}, []string{english.Number(1234), portuguese.Number(1234), spanish.Number(1234), spanish.Number(12345)})
}

func TestMoney(t *testing.T) {
	t.Parallel()
	nbsp := "\u00a0"
	require.Equal(t, "R$"+nbsp+"1.500", portuguese.Money(1_500_000, "BRL"))
	require.Equal(t, "R$"+nbsp+"1.500,50", portuguese.Money(1_500_500, "BRL"))
	require.Equal(t, "$1,500.50", english.Money(1_500_500, "USD"))
	require.Equal(t, "1.234.567,50"+nbsp+"€", spanish.Money(1_234_567_500, "EUR"))
	require.Equal(t, "-$0.50", english.Money(-500, "USD"))
	require.Equal(t, "12"+nbsp+"???", english.Money(12_000, "???"))
	require.Contains(t, english.Money(kanban.Amount(1<<52), "USD"), "4,503,599,627,370.49")
}

func TestAge(t *testing.T) {
	t.Parallel()
	require.Equal(t, "now", english.Age(59*time.Second))
	require.Equal(t, "59m", english.Age(time.Hour-time.Second))
	require.Equal(t, "23 h", spanish.Age(24*time.Hour-time.Second))
	require.Equal(t, "400 d", portuguese.Age(400*24*time.Hour))
}

func messages(t *testing.T, code string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile("messages/" + code + ".json")
	require.NoError(t, err)
	m := map[string]any{}
	require.NoError(t, json.Unmarshal(raw, &m))
	return m
}

var place = regexp.MustCompile(`{{\.\w+}}`)

func TestEveryLanguageHasEveryText(t *testing.T) {
	t.Parallel()
	en := messages(t, "en")
	for _, loc := range templates.Locales() {
		m := messages(t, loc.Code())
		for key, text := range en {
			require.Contains(t, m, key, loc.Code())
			require.Equal(t, places(text), places(m[key]), "%s in %s", key, loc.Code())
		}
		for key := range m {
			require.Contains(t, en, key, loc.Code())
		}
	}
}

// places are what a text leaves to be filled in.
func places(text any) map[string]bool {
	if forms, ok := text.(map[string]any); ok {
		text = forms["other"]
	}
	found := map[string]bool{}
	for _, p := range place.FindAllString(fmt.Sprint(text), -1) {
		found[p] = true
	}
	return found
}

// families are the keys that are put together while drawing.
var families = []string{"connection.", "health.mode_", "priority.", "kind.", "connect.title_", "connect.error_unreachable_", "bar.theme_", "embed.", "feed.", "health.feed_", "plan.", "proof.", "disconnect.left_", "status.", "field.", "board.done_", "deal.", "thread.status_", "send.state_", "send.why_", "need.", "sort.", "filter.", "column.", "field.status_", "report.", "summary.", "batch.deed.", "palette.deed_", "lanes."}

func TestTextsAreUsedAndUsesHaveTexts(t *testing.T) {
	t.Parallel()
	source := sources(t, "..")
	en := messages(t, "en")
	for key := range en {
		used := strings.Contains(source, `"`+key+`"`)
		for _, family := range families {
			used = used || strings.HasPrefix(key, family)
		}
		require.True(t, used, "nobody says %s", key)
	}
	for _, use := range regexp.MustCompile(`(?:\.T|\.N|Invalid)\("([a-z_]+\.[a-z_.]*[a-z])"`).FindAllStringSubmatch(source, -1) {
		require.Contains(t, en, use[1])
	}
}

// sources is all our Go code and templates, tests and generated files left out.
func sources(t *testing.T, root string) string {
	t.Helper()
	var all strings.Builder
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".templ" {
			return nil
		}
		raw, err := os.ReadFile(path)
		all.Write(raw)
		return err
	}))
	return all.String()
}
