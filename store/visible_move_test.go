package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestNobodyMovesWhatTheyDoNotSee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	other := w.connect("https://other.example", 1)
	agent := kanban.Viewer{Actor: kanban.Actor{ID: 2, Name: "Caio"}, Account: w.account, Role: kanban.RoleAgent}
	elsewhere, nowhere, member := agent, agent, agent
	elsewhere.Inboxes, member.Inboxes = []kanban.InboxID{2}, []kanban.InboxID{2, 1}
	stranger := kanban.Viewer{Actor: w.admin.Actor, Account: other, Role: kanban.RoleAdministrator}
	for name, v := range map[string]kanban.Viewer{"of another inbox": elsewhere, "of no inbox": nowhere, "of another account": stranger, "nobody": {}} {
		mv, changes, err := w.acceptAs(v)
		require.ErrorIs(t, err, kanban.ErrNotFound, name)
		require.Zero(t, mv.ID, name)
		require.Empty(t, changes, name)
	}
	require.Nil(t, w.card(1).Pending)
	n, err := w.store.MovesWaiting(t.Context(), w.account)
	require.NoError(t, err)
	require.Zero(t, n)
	mv, _, err := w.acceptAs(member)
	require.NoError(t, err)
	require.NotZero(t, mv.ID)
}

// acceptAs has somebody move the first conversation to the last stage.
func (w *world) acceptAs(v kanban.Viewer) (kanban.Move, []kanban.CardChange, error) {
	return w.store.AcceptMove(w.ctx, v, kanban.Move{Board: w.board.ID, Conversation: 1, To: w.stage(2), By: v.Actor},
		func(b kanban.Board, c kanban.Conversation) error { return b.Admits(c, w.stage(2)) })
}
