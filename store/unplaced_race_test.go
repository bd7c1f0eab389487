package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
)

// Webhooks, moves and a renamed label go on while boards are made and changed: afterwards each shows what the rules say.
func TestBoardsAreRightWhateverHappensWhileTheyArePlaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 2*store.PlaceBatch + 10
	var snaps []kanban.Snapshot
	for id := range kanban.ConversationID(n) {
		snaps = append(snaps, w.conversation(id+1, labels[id%5].Title))
	}
	w.apply(snaps...)
	w.pass(time.Second)
	var others sync.WaitGroup
	done := make(chan struct{})
	others.Go(func() { // webhooks
		for i := 0; ; i = (i + 37) % n {
			select {
			case <-done:
				return
			default:
			}
			w.pass(time.Millisecond)
			w.apply(w.conversation(kanban.ConversationID(i+1), labels[(i+w.now().Nanosecond())%5].Title))
		}
	})
	var boards []kanban.Board
	for _, of := range [][]kanban.Label{labels[1:4], labels[2:]} {
		boards = append(boards, w.newBoard(w.account, of))
	}
	renamed := append([]kanban.Label{}, labels...)
	renamed[2].Title = "fechado"
	w.relabel(renamed...)
	b, err := w.store.Board(w.ctx, boards[0].ID)
	require.NoError(t, err)
	b.Stages = b.Stages[1:]
	_, err = w.store.UpdateBoard(w.ctx, b)
	require.NoError(t, err)
	close(done)
	others.Wait()

	all, err := w.store.Boards(w.ctx, w.account)
	require.NoError(t, err)
	require.Len(t, all, 3)
	for _, b := range all {
		for id := range kanban.ConversationID(n) {
			c, err := w.store.Conversation(w.ctx, w.account, id+1)
			require.NoError(t, err)
			at, on := b.Place(c)
			require.True(t, on)
			card, err := w.store.Card(w.ctx, b, w.admin, id+1)
			require.NoError(t, err)
			require.Equal(t, at.Stage, card.Stage, "conversation %d on board %d", id+1, b.ID)
		}
	}
}
