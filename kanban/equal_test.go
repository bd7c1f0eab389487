package kanban_test

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// difference is the first thing in which cache and Chatwoot differ, empty if there is none: conversations, what cards show of them,
// and the columns that follow from them.
func (w *world) difference() string {
	truth := w.sim.Conversations()
	n, err := w.store.CountConversations(w.t.Context(), w.account.ID)
	require.NoError(w.t, err)
	if n != len(truth) {
		return fmt.Sprintf("%d conversations cached, %d in Chatwoot", n, len(truth))
	}
	board, err := w.store.Board(w.t.Context(), w.board.ID)
	require.NoError(w.t, err)
	want := map[kanban.StageID]int{}
	for _, x := range truth {
		c, err := w.store.Conversation(w.t.Context(), w.account.ID, kanban.ConversationID(x.ID))
		if err != nil {
			return fmt.Sprintf("conversation %d: %v", x.ID, err)
		}
		if got, is := seen(c), truthOf(x); got != is {
			return fmt.Sprintf("conversation %d\n cached   %s\n chatwoot %s", x.ID, got, is)
		}
		if p, ok := board.Place(c); ok {
			want[p.Stage]++
		}
	}
	totals, err := w.store.Totals(w.t.Context(), board, w.viewer)
	require.NoError(w.t, err)
	for _, s := range append(slices.Clone(board.Stages), kanban.Stage{}) {
		if totals[s.ID].Count != want[s.ID] {
			return fmt.Sprintf("stage %q counts %d cards instead of %d", s.Title, totals[s.ID].Count, want[s.ID])
		}
	}
	return ""
}

func seen(c kanban.Conversation) string {
	return fmt.Sprint(sorted(c.Labels), c.Status, c.Priority, c.AssigneeID, c.TeamID, c.InboxID, c.Contact.ID, c.Contact.Name)
}

func truthOf(x chatwoottest.Conversation) string {
	return fmt.Sprint(sorted(x.Labels), x.Status, x.Priority, x.AssigneeID, x.TeamID, x.InboxID, x.ContactID, x.ContactName)
}
