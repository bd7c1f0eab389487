package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
)

// begin makes a second board like the first on which nothing is placed yet, and looks at it from then on.
func (w *world) begin() {
	w.t.Helper()
	b := w.board
	b.ID, b.Stages = 0, nil
	for _, s := range w.board.Stages {
		s.ID = 0
		b.Stages = append(b.Stages, s)
	}
	var err error
	w.board, err = w.store.AddBoard(w.ctx, b)
	require.NoError(w.t, err)
}

func (w *world) placeSome() {
	w.t.Helper()
	require.NoError(w.t, w.store.PlaceSome(w.ctx, w.board.ID))
}

// placed counts the cards of the board.
func (w *world) placed() (n int) {
	w.t.Helper()
	totals, err := w.store.Totals(w.ctx, w.board, w.admin)
	require.NoError(w.t, err)
	for _, t := range totals {
		n += t.Count
	}
	return n
}

func TestABoardIsPlacedInTurnsAndCompletedAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var snaps []kanban.Snapshot
	for id := range kanban.ConversationID(2*store.PlaceBatch + 10) {
		snaps = append(snaps, w.conversation(id+1, labels[id%4].Title))
	}
	w.apply(snaps...)
	w.begin()
	require.Zero(t, w.placed())
	w.placeSome()
	require.Equal(t, store.PlaceBatch, w.placed())
	w.pass(time.Hour)
	w.reopen() // a crash
	require.Equal(t, len(snaps), w.placed())
	last := snaps[len(snaps)-1]
	require.Equal(t, w.stage(int((last.ID-1)%4)), w.card(last.ID).Stage)
	require.Zero(t, w.card(last.ID).EnteredAt, "since before our time")
	w.placeSome() // nothing is left
	w.reopen()
	require.Len(t, w.transitions(last.ID), 1)
}

// What happens while a board is being placed must not pass for the reason why cards are where they are.
func TestNewsOfConversationsThatWaitToBePlaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id := range kanban.ConversationID(6) {
		w.apply(w.conversation(id+1, "novo"))
	}
	w.begin()
	w.pass(time.Hour)
	was := kanban.Transition{Account: w.account, Board: w.board.ID, Conversation: 1, To: w.stage(0), At: w.now(), Source: kanban.FromImport}

	w.apply(w.conversation(1, "novo", "vip"))
	require.Equal(t, []kanban.Transition{was}, w.transitions(1))
	require.Zero(t, w.card(1).EnteredAt)

	w.apply(w.conversation(2, "proposta"))
	was.Conversation = 2
	moved := kanban.Transition{
		Account: w.account, Board: w.board.ID, Conversation: 2, From: w.stage(0), To: w.stage(1), At: w.now(), AtKnown: true, Source: kanban.FromWebhook,
	}
	require.Equal(t, []kanban.Transition{was, moved}, w.transitions(2))

	mv := w.accept(3, w.stage(2))
	require.Equal(t, w.stage(0), mv.From, "a card can be moved at once")
	w.forget(4)
	require.Len(t, w.transitions(4), 2, "it was there, and went")
	w.apply(w.conversation(9, "novo"))
	require.Equal(t, kanban.FromWebhook, w.transitions(9)[0].Source, "one that is new is news")

	before := map[kanban.ConversationID]int{}
	for id := range kanban.ConversationID(10) {
		before[id] = len(w.transitions(id))
	}
	w.placeSome()
	require.Equal(t, 6, w.placed())
	for _, id := range []kanban.ConversationID{1, 2, 3, 4, 9} {
		require.Len(t, w.transitions(id), before[id], "placing changes nothing where something happened")
	}
	require.Equal(t, w.stage(2), w.card(3).Stage)
	require.Equal(t, kanban.FromImport, w.transitions(5)[0].Source)
}

// Another value of the deal on every card, and a stage that is gone, reach all cards, too.
func TestChangesPlaceEverythingAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id := range kanban.ConversationID(6) {
		c := w.conversation(id+1, labels[id%3].Title)
		c.Attributes = `{"deal_value":10,"other":7}`
		w.apply(c)
	}
	b := w.board
	b.Stages = b.Stages[:2]
	var err error
	w.board, err = w.store.UpdateBoard(t.Context(), b)
	require.NoError(t, err)
	totals, err := w.store.Totals(t.Context(), w.board, w.admin)
	require.NoError(t, err)
	require.Equal(t, 2, totals[kanban.NoStage].Count)
	a, err := w.store.Account(t.Context(), w.account)
	require.NoError(t, err)
	a.Deal = kanban.DealKeys{Value: "other"}
	_, err = w.store.SaveAccount(t.Context(), a)
	require.NoError(t, err)
	totals, err = w.store.Totals(t.Context(), w.board, w.admin)
	require.NoError(t, err)
	require.Equal(t, kanban.Amount(14_000), totals[kanban.NoStage].Value)
}
