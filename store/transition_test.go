package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestTransitionsAreCountedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.conversation(1, "novo")
	w.apply(first)
	w.apply(first)
	w.pass(time.Hour)
	w.apply(w.conversation(1, "novo", "vip")) // another label is no transition
	second := w.conversation(1, "proposta", "vip")
	second.By = kanban.Actor{ID: 3, Name: "Gil"}
	w.pass(time.Millisecond)
	second.Version = w.version()
	w.apply(second)
	read := second
	read.Read, read.Source, read.By = true, kanban.FromReconcile, kanban.Actor{}
	w.apply(read)
	at := w.now()
	w.pass(time.Hour)
	found := w.conversation(1, "vip")
	found.Read, found.Source = true, kanban.FromReconcile
	w.apply(found)
	require.Equal(t, []kanban.Transition{
		{Account: w.account, Board: w.board.ID, Conversation: 1, To: w.stage(0), At: start, AtKnown: true, Source: kanban.FromWebhook},
		{Account: w.account, Board: w.board.ID, Conversation: 1, From: w.stage(0), To: w.stage(1), At: at, AtKnown: true, Source: kanban.FromWebhook, By: second.By},
		{Account: w.account, Board: w.board.ID, Conversation: 1, From: w.stage(1), At: w.now(), AtKnown: false, Source: kanban.FromReconcile},
	}, w.transitions(1))
	require.Equal(t, w.now(), w.card(1).EnteredAt)
}

func TestWhatWasBeforeOurTimeHasNoTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	imported := w.conversation(1, "novo")
	imported.Source, imported.Read = kanban.FromImport, true
	w.apply(imported, w.conversation(2))
	require.Zero(t, w.card(1).EnteredAt)
	require.Equal(t, start, w.card(2).EnteredAt, "a conversation is in the intake since it began")
	require.Empty(t, w.transitions(2))
	all := w.transitions(1)
	require.Len(t, all, 1)
	require.False(t, all[0].AtKnown)
	require.Equal(t, kanban.FromImport, all[0].Source)
	noStamp := w.conversation(3, "novo")
	noStamp.Version = 0
	w.apply(noStamp)
	require.Equal(t, w.now(), w.transitions(3)[0].At)
	require.False(t, w.transitions(3)[0].AtKnown)
}

func TestAMoveIsItsTransitionsSourceWhoeverTellsOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"), w.conversation(2, "novo"))
	ours := func(id kanban.ConversationID, mv kanban.Move) {
		t.Helper()
		all := w.transitions(id)
		require.Len(t, all, 2)
		require.Equal(t, mv.ID, all[1].Move)
		require.Equal(t, kanban.FromMove, all[1].Source)
		require.Equal(t, w.admin.Actor, all[1].By)
	}

	proved := w.accept(1, w.stage(1)) // by the mover's own read
	require.Len(t, w.transitions(1), 1, "what a pending move shows is no fact yet")
	w.pass(time.Second)
	w.done(proved, "proposta")
	ours(1, proved)

	told := w.accept(2, w.stage(1)) // by the webhook, before the mover is through
	require.NoError(t, w.store.RecordBase(t.Context(), told.ID, []string{"novo"}, []string{"proposta"}, w.now()))
	w.pass(time.Second)
	w.apply(w.conversation(2, "proposta"))
	ours(2, told)
	w.done(told, "proposta")
	ours(2, told)

	w.pass(time.Second) // somebody takes it back and forth in Chatwoot: that is not our move a second time
	w.apply(w.conversation(2, "novo"))
	w.pass(time.Second)
	w.apply(w.conversation(2, "proposta"))
	all := w.transitions(2)
	require.Len(t, all, 4)
	require.Equal(t, kanban.FromWebhook, all[3].Source)
	require.Zero(t, all[3].Move)
}

func TestAWrittenMoveThatWasSupersededStillExplainsItsTransition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	first := w.accept(1, w.stage(1))
	require.Len(t, w.claim(), 1)
	require.NoError(t, w.store.RecordBase(t.Context(), first.ID, []string{"novo"}, []string{"proposta"}, w.now()))
	_, err := w.store.DeferMove(t.Context(), first.ID, w.now().Add(time.Minute), "move.waiting.unavailable")
	require.NoError(t, err)
	w.accept(1, w.stage(2))
	w.pass(time.Second)
	w.apply(w.conversation(1, "proposta")) // the answer was lost, the write was not
	all := w.transitions(1)
	require.Equal(t, first.ID, all[len(all)-1].Move)
}
