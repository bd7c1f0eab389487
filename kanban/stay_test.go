package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestStays(t *testing.T) {
	t.Parallel()
	at := func(hours int) time.Time { return time.Date(2026, 3, 2, hours, 0, 0, 0, time.UTC) }
	to := func(stage kanban.StageID, hours int, source kanban.Source) kanban.Transition {
		return kanban.Transition{To: stage, At: at(hours), AtKnown: true, Source: source}
	}
	tests := map[string]struct {
		history []kanban.Transition
		want    map[kanban.StageID]time.Duration
	}{
		"nothing yet":       {nil, map[kanban.StageID]time.Duration{}},
		"still there":       {[]kanban.Transition{to(1, 2, kanban.FromMove)}, map[kanban.StageID]time.Duration{1: 8 * time.Hour}},
		"before our time":   {[]kanban.Transition{to(1, 2, kanban.FromImport), to(2, 5, kanban.FromWebhook)}, map[kanban.StageID]time.Duration{2: 5 * time.Hour}},
		"there twice":       {[]kanban.Transition{to(1, 0, kanban.FromMove), to(2, 1, kanban.FromMove), to(1, 4, kanban.FromMove)}, map[kanban.StageID]time.Duration{1: 7 * time.Hour, 2: 3 * time.Hour}},
		"a clock that lags": {[]kanban.Transition{to(1, 12, kanban.FromMove)}, map[kanban.StageID]time.Duration{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, kanban.Stays(tt.history, at(10)))
		})
	}
}
