package desk_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// settle waits until nothing of a batch is open. Time passes meanwhile.
func (w *world) settle(b kanban.Batch) kanban.BatchTally {
	w.t.Helper()
	var tally kanban.BatchTally
	require.Eventually(w.t, func() bool {
		w.pass(time.Second)
		var err error
		tally, err = w.store.TallyBatch(context.Background(), b.ID)
		return err == nil && tally.Open() == 0
	}, time.Minute, 20*time.Millisecond, "the batch ends")
	return tally
}

func (w *world) begin(b kanban.Board, field kanban.DeedField, wish kanban.DeedValue, ids ...kanban.ConversationID) kanban.Batch {
	w.t.Helper()
	batch, err := w.desk.BeginBatch(w.t.Context(), w.viewer, b, kanban.Deed{Field: field, Wish: wish}, ids)
	require.NoError(w.t, err)
	return batch
}

// cards are conversations that the board knows.
func (w *world) cards(b kanban.Board, n int) []kanban.ConversationID {
	w.t.Helper()
	var ids []kanban.ConversationID
	for range n {
		id := w.conversation()
		w.sim.AddLabel(0, int64(id), "novo")
		conv, err := w.direct.Conversation(w.t.Context(), int64(id))
		require.NoError(w.t, err)
		require.NoError(w.t, w.engine.Learn(w.t.Context(), w.viewer.Account, conv, w.clock(), w.viewer.Actor))
		ids = append(ids, id)
	}
	return ids
}

// runAll has the engine run beside the desk: moves are carried out.
func (w *world) runAll() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.engine.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		require.NoError(w.t, <-done)
	})
	w.run()
}

func TestBatchDoesAndUndoesEveryDeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	require.NoError(t, w.engine.MakeDealFields(t.Context(), w.viewer, kanban.DealNames{Value: "V", ExpectedClose: "E", NextStep: "N", NextStepOn: "O", LostReason: "L"}))
	w.runAll()
	agent, team := w.sim.Admins()[0], w.sim.Teams()[0]
	tests := map[string]struct {
		field kanban.DeedField
		wish  kanban.DeedValue
		done  func(chatwoottest.Conversation) bool
	}{
		"move":     {kanban.DeedStage, kanban.DeedValue{Value: strconv.FormatInt(int64(b.Stages[1].ID), 10)}, func(c chatwoottest.Conversation) bool { return slices.Contains(c.Labels, b.Stages[1].Title) }},
		"assign":   {kanban.DeedAssignee, kanban.DeedValue{Value: strconv.FormatInt(agent.ID, 10)}, func(c chatwoottest.Conversation) bool { return c.AssigneeID == agent.ID }},
		"team":     {kanban.DeedTeam, kanban.DeedValue{Value: strconv.FormatInt(team.ID, 10)}, func(c chatwoottest.Conversation) bool { return c.TeamID == team.ID }},
		"priority": {kanban.DeedPriority, kanban.DeedValue{Value: "urgent"}, func(c chatwoottest.Conversation) bool { return c.Priority == "urgent" }},
		"status":   {kanban.DeedStatus, kanban.DeedValue{Value: "resolved"}, func(c chatwoottest.Conversation) bool { return c.Status == "resolved" }},
		"label":    {kanban.DeedAddLabel, kanban.DeedValue{Value: "vip"}, func(c chatwoottest.Conversation) bool { return slices.Contains(c.Labels, "vip") }},
		"next step": {kanban.DeedNextStep, kanban.DeedValue{Value: "Ligar", More: "2027-01-02"}, func(c chatwoottest.Conversation) bool {
			return c.Custom["next_step"] == "Ligar" && c.Custom["next_step_on"] == "2027-01-02"
		}},
	}
	for name, tt := range tests {
		ids := w.cards(b, 2)
		before := make([]chatwoottest.Conversation, len(ids))
		for i, id := range ids {
			before[i], _ = w.sim.Conversation(int64(id))
		}
		batch := w.begin(b, tt.field, tt.wish, ids...)
		require.Equal(t, kanban.BatchTally{kanban.BatchDone: 2}, w.settle(batch), name)
		for _, id := range ids {
			c, _ := w.sim.Conversation(int64(id))
			require.True(t, tt.done(c), name)
		}
		again := w.begin(b, tt.field, tt.wish, ids...)
		require.Equal(t, kanban.BatchTally{kanban.BatchSame: 2}, w.settle(again), "%s: it is so already", name)
		back, err := w.desk.UndoBatch(t.Context(), batch)
		require.NoError(t, err)
		require.Equal(t, kanban.BatchTally{kanban.BatchDone: 2}, w.settle(back), name)
		for i, id := range ids {
			c, _ := w.sim.Conversation(int64(id))
			require.False(t, tt.done(c), name)
			require.ElementsMatch(t, before[i].Labels, c.Labels, name)
			require.Equal(t, before[i].Status, c.Status, name)
		}
	}
}

// What somebody changed meanwhile is theirs: neither a move nor an undoing overrides it.
func TestBatchLeavesWhatOthersChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	ids := w.cards(b, 3)
	batch := w.begin(b, kanban.DeedPriority, kanban.DeedValue{Value: "high"}, ids...)
	w.runAll()
	require.Equal(t, 3, w.settle(batch)[kanban.BatchDone])
	w.sim.SetPriority(w.sim.Admins()[0].ID, int64(ids[1]), "low")
	conv, err := w.direct.Conversation(t.Context(), int64(ids[1]))
	require.NoError(t, err)
	require.NoError(t, w.engine.Learn(t.Context(), w.viewer.Account, conv, w.clock(), w.viewer.Actor))
	back, err := w.desk.UndoBatch(t.Context(), batch)
	require.NoError(t, err)
	require.Equal(t, kanban.BatchTally{kanban.BatchDone: 2, kanban.BatchFailed: 1}, w.settle(back))
	failed, err := w.store.FailedBatchCards(t.Context(), back.ID, 10)
	require.NoError(t, err)
	require.Equal(t, "batch.failed.changed", failed[0].Reason)
	c, _ := w.sim.Conversation(int64(ids[1]))
	require.Equal(t, "low", c.Priority)
}

// A batch goes on where it was after a restart, stops when told, and tells card by card what failed.
func TestBatchOutlivesRestartsAndFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	ids := w.cards(b, 4)
	gone := ids[3]
	w.sim.DeleteConversation(int64(gone))
	batch := w.begin(b, kanban.DeedPriority, kanban.DeedValue{Value: "high"}, append(slices.Clone(ids), 999_999)...)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.desk.Run(ctx) }()
	require.Eventually(t, func() bool {
		w.pass(time.Second)
		tally, err := w.store.TallyBatch(context.Background(), batch.ID)
		return err == nil && tally[kanban.BatchDone] > 0
	}, time.Minute, 5*time.Millisecond)
	stop()
	require.NoError(t, <-done)
	w.runAll()
	tally := w.settle(batch)
	require.Equal(t, kanban.BatchTally{kanban.BatchDone: 3, kanban.BatchFailed: 2}, tally)
	progress, err := w.desk.BatchProgress(t.Context(), w.viewer, b, batch)
	require.NoError(t, err)
	require.Len(t, progress.Failed, 2)
	for _, c := range progress.Failed {
		require.Equal(t, "move.refused.gone", c.Reason)
	}
	require.NoError(t, w.desk.RetryBatch(t.Context(), batch))
	require.Equal(t, tally, w.settle(batch), "trying again makes it no better")
}

// A conversation that is resolved without a stage leaves the board. It comes back all the same.
func TestBatchTakesBackWhatLeftTheBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	id := w.conversation()
	conv, err := w.direct.Conversation(t.Context(), int64(id))
	require.NoError(t, err)
	require.NoError(t, w.engine.Learn(t.Context(), w.viewer.Account, conv, w.clock(), w.viewer.Actor))
	w.runAll()
	batch := w.begin(b, kanban.DeedStatus, kanban.DeedValue{Value: "resolved"}, id)
	require.Equal(t, kanban.BatchTally{kanban.BatchDone: 1}, w.settle(batch))
	back, err := w.desk.UndoBatch(t.Context(), batch)
	require.NoError(t, err)
	require.Equal(t, kanban.BatchTally{kanban.BatchDone: 1}, w.settle(back))
	c, _ := w.sim.Conversation(int64(id))
	require.Equal(t, "open", c.Status)
}

// While Chatwoot is away a card waits and is tried again; it fails with a reason when that lasts, and what had been begun counts as done.
func TestBatchWaitsForChatwoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	ids := w.cards(b, 2)
	w.sim.Fault(chatwoottest.Fault{Match: "POST *toggle_priority", Kind: chatwoottest.FaultStatus500})
	w.runAll()
	batch := w.begin(b, kanban.DeedPriority, kanban.DeedValue{Value: "high"}, ids...)
	require.Equal(t, kanban.BatchTally{kanban.BatchFailed: 2}, w.settle(batch))
	w.sim.ClearFaults()
	require.NoError(t, w.desk.RetryBatch(t.Context(), batch))
	require.Equal(t, kanban.BatchTally{kanban.BatchDone: 2}, w.settle(batch))
}

func TestBatchStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	batch := w.begin(b, kanban.DeedPriority, kanban.DeedValue{Value: "high"}, w.cards(b, 3)...)
	require.NoError(t, w.desk.StopBatch(t.Context(), batch))
	w.run()
	require.Equal(t, kanban.BatchTally{kanban.BatchLeft: 3}, w.settle(batch))
	_, err := w.desk.UndoBatch(t.Context(), batch)
	require.Error(t, err, "there is nothing to be taken back")
}

// Whoever lost sight of a conversation changes it no more; a batch belongs to whoever began it.
func TestBatchIsItsPersonsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	batch := w.begin(b, kanban.DeedPriority, kanban.DeedValue{Value: "high"}, w.cards(b, 1)...)
	_, err := w.desk.BatchOf(t.Context(), w.viewer, b.ID, batch.ID)
	require.NoError(t, err)
	other := w.viewer
	other.ID++
	_, err = w.desk.BatchOf(t.Context(), other, b.ID, batch.ID)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.desk.BatchOf(t.Context(), w.viewer, b.ID+1, batch.ID)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	blind := kanban.Viewer{Actor: w.viewer.Actor, Account: w.viewer.Account, Role: kanban.RoleAgent}
	none, err := w.desk.BeginBatch(t.Context(), blind, b, kanban.Deed{Field: kanban.DeedPriority}, w.cards(b, 2))
	require.NoError(t, err)
	tally, err := w.store.TallyBatch(t.Context(), none.ID)
	require.NoError(t, err)
	require.Equal(t, kanban.BatchTally{kanban.BatchFailed: 2}, tally)
}
