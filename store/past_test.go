package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// linesOf are what Chatwoot wrote of a card's moves.
func linesOf(id kanban.ConversationID) (lines []kanban.LabelLine, last string) {
	for _, m := range sevenMoves {
		if m.id != id {
			continue
		}
		at := start.Add(time.Duration(m.hours) * time.Hour)
		if last != "" {
			lines = append(lines, kanban.LabelLine{At: at, By: "Ana", Titles: []string{last}})
		}
		lines, last = append(lines, kanban.LabelLine{At: at, By: "Ana", Added: true, Titles: []string{m.stage, "vip"}}), m.stage
	}
	return lines, last
}

// All figures are those of somebody who was there, but for the mark.
func TestARecalledPastGivesTheFiguresOfOneThatWasSeen(t *testing.T) {
	t.Parallel()
	_, want := reportOf(t, func(w *world, _ int, snap kanban.Snapshot) { w.apply(snap) })
	w, got := reportOf(t, func(w *world, n int, _ kanban.Snapshot) {
		if n+1 < len(sevenMoves) {
			return
		}
		w.pass(time.Hour)
		for id := range kanban.ConversationID(3) {
			lines, last := linesOf(id + 1)
			snap := w.conversation(id+1, last)
			snap.Source, snap.Read = kanban.FromImport, true
			w.apply(snap)
			applied, err := w.store.Remember(t.Context(), w.account, id+1, func(b kanban.Board, found kanban.Transition) []kanban.Transition { return b.Past(lines, found) })
			require.NoError(t, err)
			require.NotEmpty(t, applied.Changes)
			require.Equal(t, lines[len(lines)-1].At, applied.Changes[0].Card.EnteredAt, "the card knows since when it is there")
		}
	})
	require.Equal(t, 3, got.Funnel.Told)
	got.Funnel.Told = 0
	require.Equal(t, want, got)
	left, err := w.store.Unsought(t.Context(), w.account, 10)
	require.NoError(t, err)
	require.Empty(t, left)
}

// What happened since a card was found stays, and one of which nothing is told is asked about once.
func TestRecallingTakesNothingAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	snap := w.conversation(1, "proposta")
	snap.Source, snap.Read = kanban.FromImport, true
	w.apply(snap)
	w.pass(time.Hour)
	w.apply(w.conversation(1, "ganho"))
	seen := w.transitions(1)
	require.Len(t, seen, 2)
	unsought := func() []kanban.ConversationID {
		ids, err := w.store.Unsought(t.Context(), w.account, 10)
		require.NoError(t, err)
		return ids
	}
	require.Equal(t, []kanban.ConversationID{1}, unsought())
	remember := func(past ...kanban.Transition) {
		_, err := w.store.Remember(t.Context(), w.account, 1, func(kanban.Board, kanban.Transition) []kanban.Transition { return past })
		require.NoError(t, err)
	}
	remember()
	require.Equal(t, seen, w.transitions(1))
	require.Empty(t, unsought())
	remember(kanban.Transition{To: w.board.Stages[1].ID, At: start.Add(-time.Hour), AtKnown: true, Source: kanban.FromActivity})
	require.Equal(t, seen, w.transitions(1), "it was asked about")
}

// A webhook about an old conversation may overtake its page of the import: it has not come into its stage just now.
func TestNewsThatOvertakeTheImportInventNoPast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.SaveImportState(t.Context(), w.account, kanban.ImportState{StartedAt: w.now()}))
	for id, age := range map[kanban.ConversationID]time.Duration{1: time.Hour, 2: -time.Minute} {
		w.pass(2 * time.Minute)
		snap := w.conversation(id, "proposta")
		snap.CreatedAt = start.Add(-age)
		w.apply(snap)
	}
	require.Equal(t, kanban.FromImport, w.transitions(1)[0].Source)
	require.False(t, w.transitions(1)[0].AtKnown)
	require.Equal(t, kanban.FromWebhook, w.transitions(2)[0].Source, "this one is younger than the import")
}
