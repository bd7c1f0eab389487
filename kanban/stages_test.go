package kanban_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestParseStages(t *testing.T) {
	t.Parallel()
	open, won, lost := kanban.StageOpen, kanban.StageWon, kanban.StageLost
	for text, want := range map[string]struct {
		specs []kanban.StageSpec
		key   string
	}{
		"novo":                     {[]kanban.StageSpec{{Title: "novo", Kind: open}}, ""},
		"novo,ganho=won,fim=lost":  {[]kanban.StageSpec{{Title: "novo", Kind: open}, {Title: "ganho", Kind: won}, {Title: "fim", Kind: lost}}, ""},
		" Novo , pós-venda = won ": {[]kanban.StageSpec{{Title: "novo", Kind: open}, {Title: "pós-venda", Kind: won}}, ""},
		"novo=":                    {[]kanban.StageSpec{{Title: "novo", Kind: open}}, ""},
		"novo=open":                {[]kanban.StageSpec{{Title: "novo", Kind: open}}, ""},
		"":                         {nil, "stages.empty"},
		"novo,,ganho":              {nil, "stages.empty"},
		"=won":                     {nil, "stages.empty"},
		"novo,":                    {nil, "stages.empty"},
		"novo=verloren":            {nil, "stages.kind"},
		"novo=won=lost":            {nil, "stages.kind"},
		"novo,ganho=won,NOVO=lost": {nil, "stages.twice"},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			specs, err := kanban.ParseStages(text)
			var invalid *kanban.InvalidError
			if want.key != "" {
				require.ErrorAs(t, err, &invalid)
				require.Equal(t, want.key, invalid.Key)
				return
			}
			require.NoError(t, err)
			require.Equal(t, want.specs, specs)
		})
	}
}

func FuzzParseStages(f *testing.F) {
	for _, text := range []string{"novo,qualificado,ganho=won,perdido=lost", "=", ",", "a=b", "İ,i", "\xff", "a , A"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		specs, err := kanban.ParseStages(text)
		var invalid *kanban.InvalidError
		if err != nil {
			require.ErrorAs(t, err, &invalid, "told in words")
			return
		}
		seen := map[string]bool{}
		var again []string
		for _, s := range specs {
			require.NotEmpty(t, s.Title)
			require.Equal(t, strings.TrimSpace(s.Title), s.Title)
			require.NotContains(t, s.Title, ",", "a comma would split a label in two (CONTRACT 6.2)")
			require.False(t, seen[s.Title])
			require.Contains(t, []kanban.StageKind{kanban.StageOpen, kanban.StageWon, kanban.StageLost}, s.Kind)
			seen[s.Title] = true
			again = append(again, s.Title+"="+string(s.Kind))
		}
		twice, err := kanban.ParseStages(strings.Join(again, ","))
		require.NoError(t, err)
		require.Equal(t, specs, twice, "written out it means the same")
	})
}
