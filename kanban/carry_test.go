package kanban_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// carrying is a world whose board carries stages on, with a contact whose conversation has some labels.
func carrying(t *testing.T, labels ...string) (*world, kanban.Conversation) {
	t.Helper()
	w := newWorld(t, chatwoottest.Options{})
	w.carry(true)
	w.run().imported()
	first, err := w.store.Conversation(t.Context(), w.account.ID, w.conversation(labels...))
	require.NoError(t, err)
	return w, first
}

func (w *world) carry(on bool) {
	w.t.Helper()
	var err error
	w.board, err = w.engine.ChangeBoard(w.t.Context(), w.viewer, w.board.ID, w.board.Version, func(b *kanban.Board) error {
		b.CarryStage = on
		return nil
	})
	require.NoError(w.t, err)
}

// again is the next conversation of a contact, in another inbox.
func (w *world) again(c kanban.Conversation, labels ...string) kanban.ConversationID {
	w.t.Helper()
	return kanban.ConversationID(w.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: int64(c.Contact.ID), InboxID: w.sim.Inboxes()[1].ID, Labels: labels}))
}

// carried are the moves that the rule made.
func (w *world) carried(id kanban.ConversationID) (by []kanban.Move) {
	w.t.Helper()
	for n := kanban.MoveID(1); ; n++ {
		mv, err := w.store.Move(w.t.Context(), n)
		if errors.Is(err, kanban.ErrNotFound) {
			return by
		}
		require.NoError(w.t, err)
		if mv.Conversation == id && mv.Carries != 0 {
			by = append(by, mv)
		}
	}
}

func TestAnOpenStageIsCarriedOn(t *testing.T) {
	t.Parallel()
	w, first := carrying(t, "proposta", "vip")
	next := w.again(first)
	w.shows(next, "proposta")
	require.Equal(t, []string{"proposta"}, w.sim.Labels(int64(next)), "in Chatwoot, and the other labels stay with the deal they were given to")
	mv := w.settled(w.carried(next)[0].ID)
	require.Equal(t, []any{kanban.MoveDone, kanban.CarriedBy.Name, first.ID}, []any{mv.State, mv.By.Name, mv.Carries})
	require.Equal(t, w.stage("proposta"), w.card(first.ID).Stage, "the earlier one stays where it is")
}

func TestWhatIsOverIsNotCarriedOn(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"ganho", "perdido", "vip"} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			w, first := carrying(t, label)
			next := w.again(first)
			w.shows(next)
			require.Empty(t, w.carried(next))
		})
	}
}

func TestAStageChosenMeanwhileWinsOverTheRule(t *testing.T) {
	t.Parallel()
	w, first := carrying(t, "proposta")
	next := w.again(first)
	w.eventually(func() bool { return len(w.carried(next)) == 1 }, "the rule wishes its move")
	w.sim.SetLabels(0, int64(next), []string{"novo"}) // as an automation of Chatwoot does right after the creation
	w.settled(w.carried(next)[0].ID)
	w.shows(next, "novo")
	require.Equal(t, []string{"novo"}, w.sim.Labels(int64(next)))
	require.Equal(t, w.stage("novo"), w.card(next).Stage)
}

func TestAPersonsMoveReplacesTheRules(t *testing.T) {
	t.Parallel()
	w, first := carrying(t, "proposta")
	next := w.again(first)
	w.eventually(func() bool { return len(w.carried(next)) == 1 }, "the rule wishes its move")
	mv := w.move(next, "qualificado")
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	w.shows(next, "qualificado")
	require.Equal(t, kanban.MoveSuperseded, w.settled(w.carried(next)[0].ID).State)
}

func TestNothingIsCarriedUnlessTheBoardWishesIt(t *testing.T) {
	t.Parallel()
	w, first := carrying(t, "proposta")
	w.carry(false)
	next := w.again(first)
	w.shows(next)
	require.Empty(t, w.carried(next))
}

func TestTheFirstReadCarriesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.carry(true)
	w.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1}) // announced, they would be new
	id := w.sim.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"proposta"}})
	c, _ := w.sim.Conversation(id)
	next := kanban.ConversationID(w.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: c.ContactID}))
	w.run().imported()
	w.shows(next)
	require.Empty(t, w.carried(next))
}

func TestACarriedMoveOutlivesARestart(t *testing.T) {
	t.Parallel()
	w, first := carrying(t, "proposta")
	next := w.again(first)
	w.eventually(func() bool { return len(w.carried(next)) == 1 }, "the rule wishes its move")
	w.stop()
	w.run()
	w.shows(next, "proposta")
	require.Len(t, w.carried(next), 1, "wished once")
}
