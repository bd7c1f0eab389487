package chatwoottest_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// busy lets n random things happen and waits for what follows.
func busy(tb testing.TB, s *chatwoottest.Server, n int) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	for range n {
		s.Happen(rng)
	}
	require.NoError(tb, s.WaitIdle(context.Background()))
}

// TestSilentChanges does what no webhook tells of (CONTRACT 14).
func TestSilentChanges(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		do    func(*chatwoottest.Server, int64)
		check func(*testing.T, chatwoottest.Conversation, chatwoottest.Conversation)
	}{
		"agent removed": {
			func(s *chatwoottest.Server, _ int64) { s.DeleteAgent(2) },
			func(t *testing.T, before, after chatwoottest.Conversation) {
				t.Helper()
				require.Zero(t, after.AssigneeID)
				require.Equal(t, before.UpdatedAt, after.UpdatedAt)
			},
		},
		"team deleted": {
			func(s *chatwoottest.Server, _ int64) { s.DeleteTeam(1) },
			func(t *testing.T, before, after chatwoottest.Conversation) {
				t.Helper()
				require.Zero(t, after.TeamID)
				require.Equal(t, before.UpdatedAt, after.UpdatedAt)
			},
		},
		"read": {
			func(s *chatwoottest.Server, id int64) { s.MarkRead(1, id) },
			func(t *testing.T, before, after chatwoottest.Conversation) {
				t.Helper()
				require.Zero(t, after.Unread)
				require.Equal(t, before.UpdatedAt, after.UpdatedAt)
			},
		},
		"contact merged": {
			func(s *chatwoottest.Server, id int64) { s.MergeContacts(1, 2) },
			func(t *testing.T, before, after chatwoottest.Conversation) {
				t.Helper()
				require.EqualValues(t, 1, after.ContactID)
				require.True(t, after.UpdatedAt.After(before.UpdatedAt))
			},
		},
		"conversation deleted": {
			func(s *chatwoottest.Server, id int64) { s.DeleteConversation(id) },
			func(t *testing.T, _, after chatwoottest.Conversation) {
				t.Helper()
				require.Zero(t, after.ID)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := chatwoottest.Start(t, chatwoottest.Options{})
			r := newReceiver(t)
			s.CreateConversation(0, chatwoottest.NewConversation{Contact: "Base"})
			id := s.CreateConversation(0, chatwoottest.NewConversation{Text: "Oi", Assignee: 2, Team: 1, Labels: []string{"vip"}})
			require.NoError(t, s.WaitIdle(context.Background()))
			r.subscribe(admin(t, s), conversationEvents...)
			before, _ := s.Conversation(id)
			one.do(s, id)
			require.Empty(t, r.drain(admin(t, s)))
			after, _ := s.Conversation(id)
			one.check(t, before, after)
		})
	}
}

func TestDeletedConversationTakesItsEventsAlong(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	r := newReceiver(t)
	id := s.CreateConversation(0, chatwoottest.NewConversation{})
	r.subscribe(c, conversationEvents...)
	require.Nil(t, c.api("DELETE", "conversations/"+itoa(id), nil))
	require.Empty(t, r.drain(c))
	status, _ := c.do("GET", "/api/v1/accounts/1/conversations/"+itoa(id), nil)
	require.Equal(t, http.StatusNotFound, status)
}

func TestStatusIsToldTwiceOver(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	r := newReceiver(t)
	id := s.CreateConversation(0, chatwoottest.NewConversation{Text: "Oi"})
	require.NoError(t, s.WaitIdle(context.Background()))
	r.subscribe(c, conversationEvents...)

	c.api("POST", "conversations/"+itoa(id)+"/toggle_status", map[string]any{"status": "resolved"})
	hooks := r.drain(c)
	require.ElementsMatch(t, []string{"conversation_status_changed", "conversation_updated"}, events(hooks))
	for _, h := range hooks {
		if h.event() == "conversation_status_changed" {
			require.Contains(t, h.body, "changed_attributes")
			require.Nil(t, h.body["changed_attributes"])
		}
	}
	resolved, _ := s.Conversation(id)
	require.True(t, resolved.WaitingSince.IsZero())

	c.agent(1).api("POST", "conversations/"+itoa(id)+"/toggle_status", map[string]any{"status": "open"})
	reopened, _ := s.Conversation(id)
	require.Equal(t, s.Agents()[1].ID, reopened.AssigneeID, "an agent who opens takes it")
	s.SetStatus(1, id, "resolved")
	s.Incoming(id, "Ainda está aí?")
	again, _ := s.Conversation(id)
	require.Equal(t, "open", again.Status)
	require.False(t, again.WaitingSince.IsZero())
	for _, path := range []string{"toggle_status", "toggle_priority"} {
		status, _ := c.do("POST", "/api/v1/accounts/1/conversations/"+itoa(id)+"/"+path, map[string]any{"status": "closed", "priority": "huge"})
		require.Equal(t, http.StatusInternalServerError, status)
	}
}
