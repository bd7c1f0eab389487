package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// Visibility is decided for each stream when news is sent: nobody is told of what Chatwoot would not show them.
func TestStreamTellsWhatAViewerMaySee(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	mine, other := card.Conversation.InboxID, card.Conversation.InboxID+1000
	agent := kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{mine}}
	stranger := kanban.Viewer{Account: w.board.Account + 1, Role: kanban.RoleAdministrator}
	event := func(inbox, was kanban.InboxID, on bool) *kanban.Event {
		c := card
		c.Conversation.InboxID = inbox
		return &kanban.Event{Seq: 1, Account: w.board.Account, Board: w.board.ID, Kind: kanban.CardChanged, Change: kanban.CardChange{
			Card: c, On: on, WasOn: true, WasInbox: was, Was: card.Stage,
		}}
	}
	gone := fmt.Sprintf("event: gone\ndata: %d\n", card.Conversation.ID)
	tests := map[string]struct {
		viewer kanban.Viewer
		event  *kanban.Event
		told   string // empty: nothing at all
	}{
		"an agent's inbox":                     {agent, event(mine, mine, true), "event: card\n"},
		"another inbox":                        {agent, event(other, other, true), ""},
		"out of the agent's inbox":             {agent, event(other, mine, true), gone},
		"into the agent's inbox":               {agent, event(mine, other, true), "event: card\n"},
		"off the board":                        {agent, event(mine, mine, false), gone},
		"off the board, in another inbox":      {agent, event(other, other, false), ""},
		"an agent without inboxes":             {kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAgent}, event(mine, mine, true), ""},
		"an administrator":                     {w.viewer(), event(other, mine, true), "event: card\n"},
		"an administrator of another account":  {stranger, event(mine, mine, true), ""},
		"another account's board news":         {stranger, &kanban.Event{Account: w.board.Account, Kind: kanban.BoardChanged}, ""},
		"another account's connection":         {stranger, &kanban.Event{Account: w.board.Account, Kind: kanban.ConnectionChanged}, ""},
		"an account-wide change of the board":  {agent, &kanban.Event{Seq: 1, Account: w.board.Account, Kind: kanban.BoardChanged}, "event: board\n"},
		"a change of another board altogether": {agent, &kanban.Event{Seq: 1, Account: w.board.Account, Board: w.board.ID + 1, Kind: kanban.BoardChanged}, ""},
	}
	for name, tt := range tests {
		told := w.web.Told(tt.viewer, w.board.ID, tt.event)
		if tt.told == "" {
			require.Empty(t, told, name)
			continue
		}
		require.Contains(t, told, tt.told, name)
		require.Equal(t, 1, strings.Count(told, "event: "), name)
	}
}

// Agents of different inboxes share a batch and must not share its bytes.
func TestAudiencesDoNotShareBytes(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	e := &kanban.Event{Seq: 1, Account: w.board.Account, Board: w.board.ID, Kind: kanban.CardChanged, Change: kanban.CardChange{Card: card, On: true}}
	agent := func(inboxes ...kanban.InboxID) kanban.Viewer {
		return kanban.Viewer{Account: w.board.Account, Role: kanban.RoleAgent, Inboxes: inboxes}
	}
	inbox := card.Conversation.InboxID
	told := w.web.ToldAll([]kanban.Viewer{agent(inbox), agent(inbox + 1), agent(inbox+1, inbox), agent(), w.viewer()}, w.board.ID, e)
	require.NotEmpty(t, told[0])
	require.Empty(t, told[1])
	require.Equal(t, told[0], told[2])
	require.Empty(t, told[3])
	require.Equal(t, told[0], told[4])
}
