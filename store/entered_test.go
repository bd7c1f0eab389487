package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// Two clocks tell times, so a later transition may come with an earlier stamp. History never goes back, and its card must say the same.
func TestACardEntersAStageWhenItsHistorySaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	w.pass(time.Hour)
	late := w.now()
	w.apply(w.conversation(1, "proposta"))

	back := w.conversation(1, "ganho")
	back.Version = late.Add(-30 * time.Minute).UnixMicro() // Chatwoot's clock was put back
	back.Read, back.Source, back.At = true, kanban.FromReconcile, late.Add(2*time.Minute)
	w.apply(back)

	all := w.transitions(1)
	require.Len(t, all, 3)
	require.Equal(t, late, all[2].At, "time never goes back in a history")
	require.Equal(t, all[2].At, w.card(1).EnteredAt)
}
