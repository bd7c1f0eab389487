package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func TestAMoveReachesChatwootAndKeepsForeignLabels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	foreign := []string{"vip", "urgente", "parceiro", "Inexistente", "pós-venda"}
	id := w.conversation(append([]string{"novo"}, foreign...)...)
	mv := w.move(id, "proposta")
	require.Equal(t, w.stage("proposta"), w.card(id).Stage, "shown at once")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	require.ElementsMatch(t, append([]string{"proposta"}, foreign...), w.sim.Labels(int64(id)))
	card := w.card(id)
	require.Nil(t, card.Pending)
	require.False(t, card.Conflict)
	history, err := w.store.Transitions(t.Context(), w.board, id)
	require.NoError(t, err)
	last := history[len(history)-1]
	require.Equal(t, kanban.FromMove, last.Source)
	require.Equal(t, "Ana", last.By.Name)
	require.Equal(t, w.stage("proposta"), last.To)
}

func TestAChangeInChatwootMovesTheCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo")
	before := w.hub.Seq()
	w.sim.SetLabels(0, int64(id), []string{"ganho", "vip"})
	w.shows(id, "ganho", "vip")
	require.Equal(t, w.stage("ganho"), w.card(id).Stage)
	w.eventually(func() bool { return w.hub.Seq() > before }, "news")
}

func TestTwoStageLabelsAreSettledByOneMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "proposta", "vip")
	card := w.card(id)
	require.True(t, card.Conflict)
	require.Equal(t, w.stage("proposta"), card.Stage, "the furthest")
	mv := w.move(id, "proposta")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	require.ElementsMatch(t, []string{"proposta", "vip"}, w.sim.Labels(int64(id)))
	require.False(t, w.card(id).Conflict)
}

func TestARefusalTakesTheCardBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo")
	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultRefuse401, Times: 1})
	mv := w.move(id, "ganho")
	require.Equal(t, kanban.MoveRefused, w.settled(mv.ID).State)
	card := w.card(id)
	require.Equal(t, w.stage("novo"), card.Stage)
	require.Equal(t, "move.refused.not_allowed", card.Refused.Reason)
	_, err := w.engine.Acknowledge(t.Context(), mv.ID)
	require.NoError(t, err)
	require.Nil(t, w.card(id).Refused)
}

func TestAMoveSurvivesChatwootsFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range []chatwoottest.FaultKind{
		chatwoottest.FaultStatus500, chatwoottest.FaultStatus502, chatwoottest.FaultReset, chatwoottest.FaultHTML, chatwoottest.FaultTruncate,
	} {
		for _, match := range []string{"GET */labels", "POST */labels", "GET */conversations/*"} {
			t.Run(string(kind)+" "+match, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, chatwoottest.Options{}).run().imported()
				id := w.conversation("novo", "vip")
				w.sim.Fault(chatwoottest.Fault{Match: match, Kind: kind, Times: 2})
				mv := w.move(id, "ganho")
				require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
				require.ElementsMatch(t, []string{"vip", "ganho"}, w.sim.Labels(int64(id)))
			})
		}
	}
}

func TestMovesOfOneCardArriveInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Latency: chatwoottest.Fixed(2 * time.Millisecond)}).run().imported()
	id := w.conversation("vip")
	var last kanban.Move
	for _, title := range []string{"novo", "qualificado", "proposta", "novo", "ganho", "perdido"} {
		last = w.move(id, title)
	}
	require.Equal(t, kanban.MoveDone, w.settled(last.ID).State)
	require.ElementsMatch(t, []string{"vip", "perdido"}, w.sim.Labels(int64(id)))
	require.Equal(t, w.stage("perdido"), w.card(id).Stage)
}

func TestAnExpectedStageIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo")
	expect := w.stage("proposta")
	_, _, err := w.engine.Accept(t.Context(), w.viewer, kanban.Move{Board: w.board.ID, Conversation: id, To: w.stage("ganho"), Expect: &expect})
	require.ErrorIs(t, err, kanban.ErrStale)
}

func TestNobodyMovesWhatTheyDoNotSee(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo")
	for name, v := range map[string]kanban.Viewer{
		"agent of another inbox": {Account: w.account.ID, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{999}},
		"agent of no inbox":      {Account: w.account.ID, Role: kanban.RoleAgent},
		"another account":        {Account: w.account.ID + 1, Role: kanban.RoleAdministrator},
	} {
		_, _, err := w.engine.Accept(t.Context(), v, kanban.Move{Board: w.board.ID, Conversation: id, To: w.stage("ganho")})
		require.ErrorIs(t, err, kanban.ErrNotFound, name)
	}
}

func TestALostLabelIsCreatedAnewForAMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo")
	w.sim.DeleteLabel("proposta")
	require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	b, err := w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	require.True(t, b.Stages[2].LabelGone)
	mv := w.move(id, "proposta")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	require.Equal(t, []string{"proposta"}, w.sim.Labels(int64(id)))
	b, err = w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	require.False(t, b.Stages[2].LabelGone)
}

// The editor writes between our read and our write: what they added is overwritten, and put back.
func TestAnOverwrittenLabelIsRestored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "a", "b")
	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultLatency, Duration: 150 * time.Millisecond, Times: 1})
	mv := w.move(id, "ganho")
	w.eventually(func() bool {
		m, err := w.store.Move(t.Context(), mv.ID)
		return err == nil && !m.WrittenAt.IsZero()
	}, "the move is about to be written")
	w.sim.AddLabel(0, int64(id), "vip")
	w.sim.RemoveLabel(0, int64(id), "a")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	w.shows(id, "ganho", "b", "vip")
	require.ElementsMatch(t, []string{"ganho", "b", "vip"}, w.sim.Labels(int64(id)))
}

// The editor read before our write and writes after it: our stage is gone, and moved to again.
func TestAnOverwrittenMoveIsRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "a")
	mv := w.move(id, "ganho")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	w.sim.SetLabels(0, int64(id), []string{"novo", "a", "vip"})
	w.shows(id, "ganho", "a", "vip")
	require.ElementsMatch(t, []string{"ganho", "a", "vip"}, w.sim.Labels(int64(id)))
}

func TestAPersonMayMoveACardBackAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "a")
	mv := w.move(id, "ganho")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	w.sim.SetLabels(0, int64(id), []string{"a", "novo"})
	w.shows(id, "a", "novo")
	require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	require.ElementsMatch(t, []string{"novo", "a"}, w.sim.Labels(int64(id)))
	require.Equal(t, w.stage("novo"), w.card(id).Stage)
}

func TestMovesOutliveTheProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "vip")
	w.sim.Fault(chatwoottest.Fault{Match: "*", Kind: chatwoottest.FaultStatus502})
	mv := w.move(id, "ganho")
	w.eventually(func() bool { c := w.card(id); return c.Pending != nil && c.Pending.Attempts > 0 }, "it waits")
	require.Equal(t, "move.waiting.unavailable", w.card(id).Pending.Reason)
	w.stop()
	require.NoError(t, w.store.Close())
	w.sim.ClearFaults()
	w.open()
	w.run()
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	require.ElementsMatch(t, []string{"vip", "ganho"}, w.sim.Labels(int64(id)))
}
