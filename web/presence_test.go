package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type present struct {
	Card, Who string
	Moving    bool
}

func (x *taking) does(b *browser, what string) {
	x.t.Helper()
	require.Equal(x.t, http.StatusNoContent, b.post(x.boardPath("cards", x.card.Conversation.ID, "presence"), url.Values{"doing": {what}}).status)
}

func others(t *testing.T, r *reader) (all []present) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(r.next("presence").data), &all))
	return all
}

// TestPresence: others learn who has a card open or moves it, nobody of themselves; it ends when said, and by itself.
func TestPresence(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	admin := x.signedInAs(x.sim.Admins()[0].Token)
	seen := admin.stream(x.boardPath("events")).begun()
	name := x.sim.Agents()[0].Name
	x.does(x.agent, "open")
	all := others(t, seen)
	require.Len(t, all, 1)
	require.Equal(t, []any{name, false}, []any{all[0].Who, all[0].Moving})
	x.does(x.agent, "moving")
	require.True(t, others(t, seen)[0].Moving)
	x.does(admin, "open")
	all = others(t, x.stream)
	require.Len(t, all, 1, "not oneself")
	require.Equal(t, x.sim.Admins()[0].Name, all[0].Who)
	late := admin.stream(x.boardPath("events"))
	require.Len(t, others(t, late), 1, "whoever comes later is told, too")
	x.does(x.agent, "")
	require.Empty(t, others(t, seen))

	x.does(x.agent, "open")
	require.Len(t, others(t, seen), 1)
	x.clock.advance(50 * time.Second)
	x.does(admin, "moving")
	require.Empty(t, others(t, seen), "a page that says nothing any more is gone")
}

// TestPresenceOfWhatIsNotSeen: nobody is told of a conversation that Chatwoot would not show them, nor may tell of it.
func TestPresenceOfWhatIsNotSeen(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	admin := x.signedInAs(x.sim.Admins()[0].Token)
	x.does(admin, "open")
	require.Len(t, others(t, x.stream), 1)
	x.sim.RemoveInboxMember(int64(x.card.Conversation.InboxID), x.user)
	for passed := time.Duration(0); x.sees(); passed += 5 * time.Second {
		require.Less(t, passed, patience, "it is still seen")
		x.clock.advance(5 * time.Second)
		x.does(admin, "open")
	}
	require.Empty(t, others(t, x.stream))
	require.Equal(t, http.StatusNotFound, x.agent.post(x.boardPath("cards", x.card.Conversation.ID, "presence"), url.Values{"doing": {"open"}}).status)
}
