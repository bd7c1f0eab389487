package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestOthersOfAContactAreThoseThatAreSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.conversation(2, "proposta")
	second.InboxID = 2
	nobodys, stranger := w.conversation(4), w.conversation(5)
	nobodys.Contact.ID, stranger.Contact.ID = 0, 10
	w.apply(w.conversation(1, "novo"), second, w.conversation(3), nobodys, stranger)
	others := func(v kanban.Viewer, of kanban.ConversationID) map[kanban.ConversationID]kanban.StageID {
		all, err := w.store.Others(w.ctx, v, w.card(of).Conversation)
		require.NoError(t, err)
		at := map[kanban.ConversationID]kanban.StageID{}
		for _, o := range all {
			stage, on := o.On(w.board.ID)
			require.True(t, on)
			at[o.ID] = stage
		}
		return at
	}
	require.Equal(t, map[kanban.ConversationID]kanban.StageID{2: w.stage(1), 3: kanban.NoStage}, others(w.admin, 1))
	agent := kanban.Viewer{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1}}
	require.Equal(t, map[kanban.ConversationID]kanban.StageID{3: kanban.NoStage}, others(agent, 1))
	agent.Narrow, agent.Only = true, []kanban.ConversationID{1}
	require.Empty(t, others(agent, 1))
	require.Empty(t, others(w.admin, 4), "contacts without a number have nothing in common")
	require.Empty(t, others(kanban.Viewer{Account: w.account + 1, Role: kanban.RoleAdministrator}, 1))
	require.Empty(t, others(kanban.Viewer{}, 1))
}
