package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestAMoveIsShownAtOnceAndSurvivesARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo", "vip"))
	w.pass(time.Minute)
	mv, changes, err := w.try(kanban.Move{Conversation: 1, To: w.stage(2)})
	require.NoError(t, err)
	require.Equal(t, kanban.MovePending, mv.State)
	require.Equal(t, w.stage(0), mv.From)
	w.reopen()
	card := w.card(1)
	require.Equal(t, w.stage(2), card.Stage)
	require.Equal(t, w.now(), card.EnteredAt)
	require.Equal(t, &kanban.CardMove{ID: mv.ID, From: w.stage(0), To: w.stage(2), By: w.admin.Actor, At: w.now()}, card.Pending)
	require.Equal(t, []string{"novo", "vip"}, card.Conversation.Labels)
	require.Len(t, changes, 1)
	require.Equal(t, card, changes[0].Card)
	require.Equal(t, w.stage(0), changes[0].Was)
	n, err := w.store.MovesWaiting(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	claimed := w.claim()
	require.Len(t, claimed, 1)
	require.Equal(t, mv.ID, claimed[0].ID)
	w.pass(time.Second)
	applied := w.done(claimed[0], "ganho", "vip")
	require.Len(t, applied.Changes, 1, "one card, one change")
	require.Equal(t, w.card(1), applied.Changes[0].Card)
	require.Nil(t, w.card(1).Pending)
	require.Equal(t, w.now(), w.card(1).EnteredAt)
	mv, err = w.store.Move(t.Context(), mv.ID)
	require.NoError(t, err)
	require.Equal(t, kanban.MoveDone, mv.State)
	require.Equal(t, w.now(), mv.SettledAt)
}

func TestMovesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	elsewhere := w.stage(1)
	_, _, err := w.try(kanban.Move{Conversation: 1, To: w.stage(2), Expect: &elsewhere})
	require.ErrorIs(t, err, kanban.ErrStale)
	_, _, err = w.try(kanban.Move{Conversation: 7, To: w.stage(2)})
	require.ErrorIs(t, err, kanban.ErrNotFound)
	var invalid *kanban.InvalidError
	_, _, err = w.try(kanban.Move{Conversation: 1, To: 999})
	require.ErrorAs(t, err, &invalid)
	_, _, err = w.store.AcceptMove(t.Context(), w.admin, kanban.Move{Board: 999, Conversation: 1}, nil)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	mv, changes, err := w.try(kanban.Move{Conversation: 1, To: w.stage(0)})
	require.NoError(t, err)
	require.Equal(t, kanban.MoveDone, mv.State, "it is there already")
	require.Empty(t, changes)
	n, err := w.store.MovesWaiting(t.Context(), w.account)
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, w.stage(0), w.card(1).Stage)
}

func TestTwoStageLabelsAreSettledByAMoveToWhereTheCardIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo", "ganho"))
	require.True(t, w.card(1).Conflict)
	mv := w.accept(1, w.stage(2))
	require.Equal(t, kanban.MovePending, mv.State)
	w.pass(time.Second)
	w.done(mv, "ganho")
	require.False(t, w.card(1).Conflict)
}

func TestARefusedMoveTakesTheCardBackAndSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	mv := w.accept(1, w.stage(2))
	applied, err := w.store.SettleMove(t.Context(), mv.ID, kanban.MoveRefused, "move.refused.not_allowed", nil)
	require.NoError(t, err)
	require.Equal(t, w.stage(2), applied.Changes[0].Was)
	card := w.card(1)
	require.Equal(t, card, applied.Changes[0].Card)
	require.Equal(t, w.stage(0), card.Stage)
	require.Nil(t, card.Pending)
	require.Equal(t, "move.refused.not_allowed", card.Refused.Reason)
	w.reopen()
	require.NotNil(t, w.card(1).Refused, "until somebody has seen it")
	changes, err := w.store.AcknowledgeRefusal(t.Context(), mv.ID)
	require.NoError(t, err)
	require.Nil(t, changes[0].Card.Refused)
	require.Nil(t, w.card(1).Refused)

	again := w.accept(1, w.stage(1))
	_, err = w.store.SettleMove(t.Context(), again.ID, kanban.MoveRefused, "move.refused.invalid", nil)
	require.NoError(t, err)
	w.accept(1, w.stage(2))
	require.Nil(t, w.card(1).Refused, "whoever moves on has seen it")
	require.Len(t, w.transitions(1), 1, "nothing happened in Chatwoot")
}

func TestARefusalThatComesLateMarksNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	first := w.accept(1, w.stage(1))
	require.Len(t, w.claim(), 1)
	second := w.accept(1, w.stage(2)) // while the first is on its way
	_, err := w.store.SettleMove(t.Context(), first.ID, kanban.MoveRefused, "move.refused.invalid", nil)
	require.NoError(t, err)
	card := w.card(1)
	require.Equal(t, second.ID, card.Pending.ID)
	require.Equal(t, w.stage(2), card.Stage)
	require.Nil(t, card.Refused)
	w.pass(time.Second)
	w.done(second, "ganho")
	_, err = w.store.SettleMove(t.Context(), second.ID, kanban.MoveRefused, "too late", nil)
	require.NoError(t, err)
	require.Nil(t, w.card(1).Refused)
	mv, err := w.store.Move(t.Context(), second.ID)
	require.NoError(t, err)
	require.Equal(t, kanban.MoveDone, mv.State, "what is settled stays settled")
}

func TestMovesOfAConversationGoInOrderAndOneAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.newBoard(w.account, labels[3:])
	w.apply(w.conversation(1, "novo"), w.conversation(2, "novo"))
	a := w.accept(1, w.stage(1))
	b, _, err := w.store.AcceptMove(t.Context(), w.admin, kanban.Move{Board: second.ID, Conversation: 1, To: second.Stages[0].ID}, func(kanban.Board, kanban.Conversation) error { return nil })
	require.NoError(t, err)
	c := w.accept(2, w.stage(1))
	require.Equal(t, []kanban.MoveID{a.ID, c.ID}, ids(w.claim()), "another board's move of the same conversation waits")
	require.Empty(t, w.claim())
	w.done(a, "proposta")
	require.Equal(t, []kanban.MoveID{b.ID}, ids(w.claim()))
}

func ids(moves []kanban.Move) []kanban.MoveID {
	out := make([]kanban.MoveID, 0, len(moves))
	for _, m := range moves {
		out = append(out, m.ID)
	}
	slices.Sort(out)
	return out
}

func TestManyMoversNeverClaimOneMoveTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id := kanban.ConversationID(1); id <= 20; id++ {
		w.apply(w.conversation(id, "novo"))
		w.accept(id, w.stage(1))
	}
	var mu sync.Mutex
	var claimed []kanban.Move
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for {
				moves, err := w.store.ClaimMoves(t.Context(), w.now(), time.Minute, 3)
				if err != nil || len(moves) == 0 {
					return
				}
				mu.Lock()
				claimed = append(claimed, moves...)
				mu.Unlock()
			}
		})
	}
	g.Wait()
	all := ids(claimed)
	require.Len(t, all, 20)
	require.Len(t, slices.Compact(all), 20)
}

func TestLeases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, waits, err := w.store.NextDue(t.Context())
	require.NoError(t, err)
	require.False(t, waits)
	w.apply(w.conversation(1, "novo"))
	mv := w.accept(1, w.stage(1))
	due := func() time.Time {
		at, waits, err := w.store.NextDue(t.Context())
		require.NoError(t, err)
		require.True(t, waits)
		return at.UTC()
	}
	require.Equal(t, w.now(), due())
	require.Len(t, w.claim(), 1)
	require.Equal(t, w.now().Add(time.Minute), due(), "a mover must not be woken for what another one holds")
	w.pass(time.Minute)
	require.Len(t, w.claim(), 1, "a mover that died is not waited for")
	w.reopen()
	require.Empty(t, w.claim())
	require.NoError(t, w.store.ReleaseLeases(t.Context()))
	require.Len(t, w.claim(), 1)

	later := w.now().Add(time.Hour)
	applied, err := w.store.DeferMove(t.Context(), mv.ID, later, "move.waiting.unavailable")
	require.NoError(t, err)
	require.Equal(t, "move.waiting.unavailable", applied.Changes[0].Card.Pending.Reason)
	require.Equal(t, 1, w.card(1).Pending.Attempts)
	require.Equal(t, later, due())
	require.Empty(t, w.claim())
	_, err = w.store.RetryMove(t.Context(), mv.ID, w.now())
	require.NoError(t, err)
	require.Len(t, w.claim(), 1)
}

func TestANewerMoveReplacesOneThatNobodyHolds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claimed, written, deferred bool
		want                       kanban.MoveState
	}{
		"waiting":                      {want: kanban.MoveSuperseded},
		"on its way":                   {claimed: true, want: kanban.MovePending},
		"written, its answer awaited":  {claimed: true, written: true, want: kanban.MovePending},
		"put off":                      {claimed: true, deferred: true, want: kanban.MoveSuperseded},
		"written, but its answer lost": {claimed: true, written: true, deferred: true, want: kanban.MoveSuperseded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.apply(w.conversation(1, "novo"))
			first := w.accept(1, w.stage(1))
			if c.claimed {
				require.Len(t, w.claim(), 1)
			}
			if c.written {
				require.NoError(t, w.store.RecordBase(t.Context(), first.ID, []string{"novo"}, []string{"proposta"}, w.now()))
			}
			if c.deferred {
				_, err := w.store.DeferMove(t.Context(), first.ID, w.now(), "move.waiting.unavailable")
				require.NoError(t, err)
			}
			second := w.accept(1, w.stage(2))
			mv, err := w.store.Move(t.Context(), first.ID)
			require.NoError(t, err)
			require.Equal(t, c.want, mv.State)
			require.Equal(t, w.stage(2), w.card(1).Stage)
			if c.want == kanban.MovePending { // it ends first, and the card stays where it was moved last
				require.Empty(t, w.claim())
				w.pass(time.Second)
				w.done(first, "proposta")
			}
			require.Equal(t, w.stage(2), w.card(1).Stage)
			require.Equal(t, second.ID, w.card(1).Pending.ID)
			require.Equal(t, []kanban.MoveID{second.ID}, ids(w.claim()))
		})
	}
}

func TestRecentMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	old := w.accept(1, w.stage(1))
	w.done(old, "proposta")
	w.pass(time.Hour)
	written := w.accept(1, w.stage(2))
	require.NoError(t, w.store.RecordBase(t.Context(), written.ID, []string{"proposta", "vip"}, []string{"vip", "ganho"}, w.now()))
	recent, err := w.store.RecentMoves(t.Context(), w.account, 1, w.now().Add(-time.Minute))
	require.NoError(t, err)
	require.Len(t, recent, 1)
	require.Equal(t, []string{"proposta", "vip"}, recent[0].Base)
	require.Equal(t, []string{"vip", "ganho"}, recent[0].Written)
	require.Equal(t, w.now(), recent[0].WrittenAt)
	recent, err = w.store.RecentMoves(t.Context(), w.account, 1, start)
	require.NoError(t, err)
	require.Equal(t, []kanban.MoveID{written.ID, old.ID}, []kanban.MoveID{recent[0].ID, recent[1].ID})
}
