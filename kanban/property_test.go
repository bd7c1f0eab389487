package kanban_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// TestCacheEqualsChatwootAfterSilence lets CHATLANE_EVENTS things happen to businesses while webhooks are lost, doubled, late and out of
// order, Chatwoot answers badly and our process dies. After silence and one reconciliation everything that a card tells is what Chatwoot
// says, and what was moved is where it was moved to. CHATLANE_SEED replays one business.
func TestCacheEqualsChatwootAfterSilence(t *testing.T) {
	t.Parallel()
	events := int(number(t, "CHATLANE_EVENTS", 4000))
	if seed := number(t, "CHATLANE_SEED", 0); seed != 0 {
		life(t, uint64(seed), events)
		return
	}
	const most = 20_000 // in one business, so that what is over can be forgotten
	for seed, left := uint64(time.Now().UnixNano()), events; left > 0; seed, left = seed+1, left-most {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			life(t, seed, min(left, most))
		})
	}
}

func life(t *testing.T, seed uint64, events int) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("replay: CHATLANE_SEED=%d CHATLANE_EVENTS=%d go test -tags sqlite_fts5 -run TestCacheEqualsChatwootAfterSilence ./kanban", seed, events)
		}
	}()
	began := time.Now()
	heard := int64(0)
	synctest.Test(t, func(t *testing.T) {
		n := newNemesis(t, seed)
		n.live(events)
		heard = n.heard.Load()
	})
	took := time.Since(began)
	t.Logf("%d events, %d webhooks, %.0f events/s", events, heard, float64(events)/took.Seconds())
}

func number(t *testing.T, name string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	v, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err, name)
	return v
}

// compare holds what became of everything against what must have.
func (n *nemesis) compare() {
	n.t.Helper()
	require.Empty(n.t, n.differenceInFull())
	n.wishesAreTrue()
	n.movesAreSettled()
	n.nobodyIsInTwoStages()
	n.historyIsWhole()
}

// movesAreSettled: an accepted move is done, superseded, or refused for a reason that is told.
func (n *nemesis) movesAreSettled() {
	for id := range n.moved {
		mv, err := n.store.Move(n.t.Context(), id)
		require.NoError(n.t, err)
		require.Contains(n.t, []kanban.MoveState{kanban.MoveDone, kanban.MoveSuperseded, kanban.MoveRefused}, mv.State, "move %d of %d", id, mv.Conversation)
		if mv.State == kanban.MoveRefused {
			require.NotEmpty(n.t, mv.Reason, "move %d", id)
		}
	}
	clear(n.moved) // what is settled stays so
}

// wishesAreTrue: where the latest to choose a stage was a move of ours that is done, the conversation is in that stage and no other.
func (n *nemesis) wishesAreTrue() {
	board := n.present()
	for id, wish := range n.wish {
		mv, err := n.store.Move(n.t.Context(), wish)
		require.NoError(n.t, err)
		require.NotEqual(n.t, kanban.MoveSuperseded, mv.State, "move %d of %d: nothing came after it", wish, id)
		if mv.State != kanban.MoveDone || n.carriesLost(id) {
			continue
		}
		var in []kanban.StageID
		for _, s := range board.StagesIn(n.sim.Labels(id)) {
			in = append(in, s.ID)
		}
		want := []kanban.StageID{mv.To}
		if mv.To == kanban.NoStage {
			want = nil
		}
		require.Equal(n.t, want, in, "conversation %d %v was moved by %+v; %s", id, n.sim.Labels(id), mv, n.labelHistory(id))
	}
}

// carriesLost reports whether a conversation carries a title whose label was deleted or renamed: it means a stage again as soon as a
// label bears it again, even one that a move restored.
func (n *nemesis) carriesLost(id int64) bool {
	return slices.ContainsFunc(n.sim.Labels(id), func(title string) bool { return slices.Contains(n.lost, title) })
}

// nobodyIsInTwoStages whom nobody but Chatlane put there.
func (n *nemesis) nobodyIsInTwoStages() {
	board := n.present()
	for _, id := range n.mine {
		if !n.labelled[id] && !n.carriesLost(id) {
			require.LessOrEqual(n.t, len(board.StagesIn(n.sim.Labels(id))), 1, "conversation %d %v %s", id, n.sim.Labels(id), n.labelHistory(id))
		}
	}
}

// historyIsWhole: each transition begins where the one before ended, and the last one ended where the card is.
func (n *nemesis) historyIsWhole() {
	board := n.present()
	for _, id := range n.mine {
		history, err := n.store.Transitions(n.t.Context(), board, kanban.ConversationID(id))
		require.NoError(n.t, err)
		at := kanban.NoStage
		for i, tr := range history {
			require.Equal(n.t, at, tr.From, "transition %d of conversation %d: %+v", i, id, history)
			at = tr.To
		}
		c, err := n.store.Conversation(n.t.Context(), n.account.ID, kanban.ConversationID(id))
		require.NoError(n.t, err)
		p, _ := board.Place(c)
		require.Equal(n.t, p.Stage, at, "conversation %d ended elsewhere: %+v", id, history)
		require.True(n.t, slices.IsSortedFunc(history, func(a, b kanban.Transition) int { return a.At.Compare(b.At) }), "conversation %d: time goes back", id)
	}
}

func (n *nemesis) labelHistory(id int64) string {
	all := n.sim.LabelHistory(id)
	all = all[max(0, len(all)-6):]
	text := ""
	for _, w := range all {
		text += fmt.Sprintf("\n%s by %q (%s): %v → %v", w.At.Format("04:05.000000"), w.By, w.Cause, w.Before, w.After)
	}
	return text
}
