package kanban_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestOverwrote(t *testing.T) {
	t.Parallel()
	base, written := []string{"novo", "a"}, []string{"a", "ganho"} // a move from novo to ganho
	for name, c := range map[string]struct {
		now  []string
		want bool
	}{
		"it stands":                              {[]string{"a", "ganho"}, false},
		"it stands, and another label came":      {[]string{"a", "ganho", "vip"}, false},
		"somebody's older view with a new label": {[]string{"novo", "a", "vip"}, true},
		"somebody's older view less a label":     {[]string{"novo"}, true},
		"somebody moved it back":                 {[]string{"a", "novo"}, false},
		"somebody moved it elsewhere":            {[]string{"a", "qualificado"}, false},
		"elsewhere, with another label":          {[]string{"a", "qualificado", "vip"}, false},
		"somebody cleared the stage":             {[]string{"a"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, kanban.Overwrote(sales(), base, written, c.now))
		})
	}
}

func TestOverwroteFromNoStage(t *testing.T) {
	t.Parallel()
	// The move was the first one: the older view has no stage at all.
	require.True(t, kanban.Overwrote(sales(), []string{"a"}, []string{"a", "novo"}, []string{"a", "vip"}))
	require.False(t, kanban.Overwrote(sales(), []string{"a"}, []string{"a", "novo"}, []string{"a"}))
}
