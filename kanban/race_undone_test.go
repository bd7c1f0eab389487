package kanban_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestUndone(t *testing.T) {
	t.Parallel()
	l := func(titles ...string) []string { return titles }
	move := kanban.OurWrite{Since: 100, Until: 300, Base: l("novo", "a"), Written: l("a", "ganho")}
	ours := kanban.Told{At: 200, Before: l("novo", "a"), After: l("a", "ganho")}
	for name, c := range map[string]struct {
		writes []kanban.OurWrite
		told   []kanban.Told
		want   map[string]bool
	}{
		"nobody else was there": {[]kanban.OurWrite{move}, []kanban.Told{ours}, nil},
		"added between our read and our write": {
			[]kanban.OurWrite{move},
			[]kanban.Told{{150, l("novo", "a"), l("novo", "a", "vip")}, {200, l("novo", "a", "vip"), l("a", "ganho")}},
			map[string]bool{"vip": true},
		},
		"taken off between": {
			[]kanban.OurWrite{move},
			[]kanban.Told{{150, l("novo", "a"), l("novo")}, {200, l("novo"), l("a", "ganho")}},
			map[string]bool{"a": false},
		},
		"two requests at once: ours tells an old view": {
			[]kanban.OurWrite{move}, []kanban.Told{{199, l("novo", "a"), l("novo", "a", "vip")}, ours}, map[string]bool{"vip": true},
		},
		"in the same millisecond": {
			[]kanban.OurWrite{move}, []kanban.Told{{200, l("novo", "a"), l("novo", "a", "vip")}, ours}, map[string]bool{"vip": true},
		},
		"only ours was told, and tells what it replaced": {
			[]kanban.OurWrite{move}, []kanban.Told{{200, l("novo", "a", "vip"), l("a", "ganho")}}, map[string]bool{"vip": true},
		},
		"ours was not told": {
			[]kanban.OurWrite{move}, []kanban.Told{{150, l("novo", "a"), l("novo", "a", "vip")}}, map[string]bool{"vip": true},
		},
		"added before our read": {
			[]kanban.OurWrite{move}, []kanban.Told{{50, l("novo"), l("novo", "a")}, ours}, nil,
		},
		"somebody's older change left the labels as ours did": {
			[]kanban.OurWrite{move}, []kanban.Told{{60, l("novo"), l("a", "ganho")}, {80, l("a", "ganho"), l("novo", "a")}, ours}, nil,
		},
		"somebody's older change did, and ours undid another": {
			[]kanban.OurWrite{move},
			[]kanban.Told{
				{60, l("novo"), l("a", "ganho")},
				{80, l("a", "ganho"), l("novo", "a")},
				{150, l("novo", "a"), l("novo", "a", "vip")},
				{200, l("novo", "a", "vip"), l("a", "ganho")},
			},
			map[string]bool{"vip": true},
		},
		"somebody's later change left them so": {
			[]kanban.OurWrite{move}, []kanban.Told{ours, {400, l("a", "ganho"), l("a", "ganho", "vip")}, {500, l("a", "ganho", "vip"), l("a", "ganho")}}, nil,
		},
		"another stage, chosen between, gives way to the move": {
			[]kanban.OurWrite{move},
			[]kanban.Told{{150, l("novo", "a"), l("qualificado", "a")}, {200, l("qualificado", "a"), l("a", "ganho")}},
			nil,
		},
		"a stage in capitals gives way, too": {
			[]kanban.OurWrite{move},
			[]kanban.Told{{150, l("novo", "a"), l("NOVO", "a")}, {200, l("NOVO", "a"), l("a", "ganho")}},
			nil,
		},
		"added between, lost, and taken off later": {
			[]kanban.OurWrite{move},
			[]kanban.Told{{150, l("novo", "a"), l("novo", "a", "vip")}, ours, {400, l("a", "ganho", "vip"), l("a", "ganho")}},
			nil,
		},
		"mended": {
			[]kanban.OurWrite{move, {Since: 300, Until: 500, Base: l("a", "ganho"), Written: l("a", "ganho", "vip"), Mend: true}},
			[]kanban.Told{{150, l("novo", "a"), l("novo", "a", "vip")}, ours, {400, l("a", "ganho"), l("a", "ganho", "vip")}},
			nil,
		},
		"mended, and taken off by a person": {
			[]kanban.OurWrite{move, {Since: 300, Until: 500, Base: l("a", "ganho"), Written: l("a", "ganho", "vip"), Mend: true}},
			[]kanban.Told{{150, l("novo", "a"), l("novo", "a", "vip")}, ours, {400, l("a", "ganho"), l("a", "ganho", "vip")}, {600, l("a", "ganho", "vip"), l("a", "ganho")}},
			nil,
		},
		"mended, and overwritten by somebody's older view": {
			[]kanban.OurWrite{move, {Since: 300, Until: 500, Base: l("a", "ganho"), Written: l("a", "ganho", "vip"), Mend: true}},
			[]kanban.Told{{150, l("novo", "a"), l("novo", "a", "vip")}, ours, {400, l("a", "ganho"), l("a", "ganho", "vip")}, {600, l("a", "ganho", "vip"), l("a", "ganho", "b")}},
			map[string]bool{"vip": true},
		},
		"a mend undid a move in Chatwoot": {
			[]kanban.OurWrite{{Since: 100, Until: 300, Base: l("novo"), Written: l("novo", "vip"), Mend: true}},
			[]kanban.Told{{150, l("novo"), l("ganho")}, {200, l("ganho"), l("novo", "vip")}},
			map[string]bool{"ganho": true, "novo": false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := c.want
			if want == nil {
				want = map[string]bool{}
			}
			require.Equal(t, want, kanban.Undone(sales(), c.writes, c.told))
			backwards := slices.Clone(c.told)
			slices.Reverse(backwards)
			require.Equal(t, want, kanban.Undone(sales(), c.writes, append(backwards, c.told...)), "told in another order, and twice")
		})
	}
}
