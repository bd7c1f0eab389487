package web_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

func administrator(id int) kanban.Viewer {
	return kanban.Viewer{Actor: kanban.Actor{ID: kanban.AgentID(id), Name: "Agent " + strconv.Itoa(id)}, Account: 1, Role: kanban.RoleAdministrator}
}

func numbered(id int) kanban.Conversation {
	return kanban.Conversation{Account: 1, ID: kanban.ConversationID(id), InboxID: 3}
}

func toldTo(t *testing.T, p web.Presence, v kanban.Viewer) (all []present) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(p.SeenBy(v)), &all))
	return all
}

// pass lets time pass within a bubble.
func pass(d time.Duration) { <-time.After(d) }

// changes counts how often viewers are told while something is done.
func changes(p web.Presence, do func()) (n int) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-p.Changed():
				n++
			case <-stop:
				return
			}
		}
	}()
	do()
	close(stop)
	<-done
	return n
}

// However many people come and go, however often: what is told is bounded, and so is how often. Signs of life are no news.
func TestPresenceIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := web.NewPresence()
		n := changes(p, func() {
			for i := range 1000 {
				p.Note(administrator(7), numbered(1+i%4), []string{"open", "moving"}[i/4%2])
				pass(10 * time.Millisecond)
			}
			pass(time.Second)
		})
		require.LessOrEqual(t, n, 42, "in ten seconds")
		require.Positive(t, n)

		for i := range 2000 {
			p.Note(administrator(100+i), numbered(1000+i), "open")
		}
		p.Note(administrator(5000), numbered(99999), "moving")
		all := toldTo(t, p, administrator(1))
		require.Len(t, all, 100)
		require.True(t, all[0].Moving, "what moves comes first")
		pass(3 * time.Second)
		require.LessOrEqual(t, changes(p, func() {
			for i := range 1000 {
				p.Note(administrator(100+i), numbered(1000+i), []string{"", "open"}[i%2])
				pass(10 * time.Millisecond)
			}
		}), 6, "in ten seconds, where there is much")

		require.LessOrEqual(t, changes(p, func() { pass(2 * time.Minute) }), 60, "while all of them end, one after the other")
		require.Empty(t, toldTo(t, p, administrator(1)))
		p.Note(administrator(7), numbered(1), "open")
		pass(time.Second)
		require.Zero(t, changes(p, func() {
			p.Note(administrator(7), numbered(1), "open")
			pass(5 * time.Second)
		}), "a sign of life")
		require.Positive(t, changes(p, func() { pass(time.Minute) }), "the last to end is told")
		require.Empty(t, toldTo(t, p, administrator(1)))
	})
}
