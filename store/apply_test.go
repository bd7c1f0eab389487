package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// told is a snapshot of conversation 1: its name says which of several won.
func (w *world) told(name string, version int64, read bool, at time.Time) kanban.Snapshot {
	s := w.conversation(1)
	s.Contact.Name, s.Version, s.Read, s.At = name, version, read, at
	if read {
		s.Source = kanban.FromReconcile
	}
	return s
}

func TestWhichNewsWins(t *testing.T) {
	t.Parallel()
	const v = 1_000_000
	second := time.Second
	for name, c := range map[string]struct {
		firstRead, thenRead bool
		then                int64         // version, compared with v
		after               time.Duration // the second was asked for or received
		wins                bool
	}{
		"newer webhook":                            {false, false, v + 1, second, true},
		"older webhook":                            {false, false, v - 1, second, false},
		"older webhook, much later":                {false, false, v - 1, time.Hour, false},
		"webhooks of one stamp: the later":         {false, false, v, second, true},
		"webhook against a read of the same stamp": {true, false, v, second, false},
		"newer webhook against a read":             {true, false, v + 1, second, true},
		"read against a webhook of the same stamp": {false, true, v, -second, true},
		"reads of one stamp: the later asked":      {true, true, v, second, true},
		"reads of one stamp: the earlier asked":    {true, true, v, -second, false},
		"older read":                               {true, true, v - 1, second, false},
		"older read, asked long afterwards":        {true, true, v - 1, 2 * time.Minute, true},
		"newer read, asked before":                 {true, true, v + 1, -second, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			require.Equal(t, 1, w.apply(w.told("first", v, c.firstRead, start)).New)
			applied := w.apply(w.told("second", c.then, c.thenRead, start.Add(c.after)))
			got, err := w.store.Conversation(t.Context(), w.account, 1)
			require.NoError(t, err)
			want := kanban.Applied{Stale: 1}
			name, version := "first", int64(v)
			if c.wins {
				want, name, version = kanban.Applied{Changed: 1}, "second", c.then
			}
			require.Equal(t, name, got.Contact.Name)
			require.Equal(t, version, got.Version)
			require.Equal(t, want, kanban.Applied{Changed: applied.Changed, Stale: applied.Stale, Same: applied.Same, New: applied.New})
			require.Equal(t, c.wins, len(applied.Changes) == 1, "whoever watches is told of what changed and of nothing else")
		})
	}
}

func TestNewsTwiceIsNewsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	snap := w.conversation(1, "novo", "vip")
	require.Len(t, w.apply(snap).Changes, 1)
	before := w.card(1)
	again := w.apply(snap)
	require.Equal(t, 1, again.Same)
	require.Empty(t, again.Changes)
	snap.Version++ // only the stamp moved
	snap.LastActivityAt = snap.LastActivityAt.In(time.FixedZone("BRT", -3*3600)).Add(time.Microsecond)
	again = w.apply(snap)
	require.Equal(t, 1, again.Same, "the same moment in another encoding is the same moment")
	require.Empty(t, again.Changes)
	before.Conversation.Version++
	require.Equal(t, before, w.card(1))
	require.Len(t, w.transitions(1), 1)
}

func TestWhatASnapshotDoesNotKnowStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.conversation(1, "vip")
	first.UUID, first.LastIncomingAt = "5f0c", start.Add(time.Minute)
	first.LastMessage = kanban.Message{ID: 5, Text: "Quanto custa?", Kind: kanban.MessageIncoming, At: start}
	w.apply(first)
	next := w.conversation(1)
	next.Version, next.Labels, next.KeepMessage = next.Version+1, nil, true
	w.apply(next)
	late := w.conversation(1, "vip")
	late.Version, late.LastMessage = next.Version+1, kanban.Message{ID: 4, Text: "Oi", Kind: kanban.MessageIncoming}
	w.apply(late)
	c, err := w.store.Conversation(t.Context(), w.account, 1)
	require.NoError(t, err)
	require.Equal(t, "5f0c", c.UUID)
	require.Equal(t, []string{"vip"}, c.Labels)
	require.Equal(t, "Quanto custa?", c.LastMessage.Text)
	require.Equal(t, start.Add(time.Minute), c.LastIncomingAt)
	none := w.conversation(1)
	none.Version = late.Version + 1
	w.apply(none)
	c, err = w.store.Conversation(t.Context(), w.account, 1)
	require.NoError(t, err)
	require.Empty(t, c.Labels, "an empty list says that there are none")
}

func TestDriftIsWhatNobodyHadAnnounced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.told("announced", 10, false, start))
	require.Empty(t, w.apply(w.told("announced", 10, true, start)).Drifted)
	require.Equal(t, []kanban.Drift{{Conversation: 1, Version: 11}}, w.apply(w.told("silent", 11, true, start)).Drifted)
	unread := w.told("silent", 12, true, start)
	unread.UnreadCount = 3
	require.Empty(t, w.apply(unread).Drifted, "a counter that no webhook tells is no drift")
	missed := w.conversation(2)
	missed.Source, missed.Read = kanban.FromReconcile, true
	require.Len(t, w.apply(missed).Drifted, 1)
}

func TestSeenAndUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1), w.conversation(2), w.conversation(3))
	read := w.conversation(2)
	read.Read, read.At = true, start.Add(time.Minute)
	w.apply(read)
	old := w.conversation(3)
	old.Read, old.At, old.Version = true, start.Add(time.Minute), 1
	require.Equal(t, 1, w.apply(old).Stale)
	ids, err := w.store.UnseenSince(t.Context(), w.account, start.Add(time.Second), 10)
	require.NoError(t, err)
	require.Equal(t, []kanban.ConversationID{1}, ids, "a read met 2, and 3 too though it told nothing new; a webhook proves nothing")
	n, err := w.store.CountConversations(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, 3, n)
}

func TestForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"), w.conversation(2, "novo"))
	mv := w.accept(1, w.stage(2))
	applied, err := w.store.Forget(t.Context(), w.account, []kanban.ConversationID{1, 7}, kanban.FromReconcile)
	require.NoError(t, err)
	require.Len(t, applied.Changes, 1)
	change := applied.Changes[0]
	require.False(t, change.On)
	require.True(t, change.WasOn)
	require.Equal(t, w.stage(2), change.Was, "it leaves the column that showed it")
	_, err = w.store.Conversation(t.Context(), w.account, 1)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.Card(t.Context(), w.board, w.admin, 1)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	mv, err = w.store.Move(t.Context(), mv.ID)
	require.NoError(t, err)
	require.Equal(t, kanban.MoveRefused, mv.State)
	require.Empty(t, w.claim())
	require.Len(t, w.transitions(1), 2, "its history stays")
	w.card(2)
}

func TestConversationsOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, c := w.conversation(1), w.conversation(2), w.conversation(3)
	a.AssigneeID, b.TeamID, c.AssigneeID, c.TeamID = 5, 6, 5, 6
	w.apply(a, b, c, w.conversation(4))
	ids, err := w.store.ConversationsOf(t.Context(), w.account, []kanban.AgentID{5}, []kanban.TeamID{6}, 10)
	require.NoError(t, err)
	require.Equal(t, []kanban.ConversationID{1, 2, 3}, ids)
	ids, err = w.store.ConversationsOf(t.Context(), w.account, []kanban.AgentID{5}, nil, 1)
	require.NoError(t, err)
	require.Equal(t, []kanban.ConversationID{1}, ids)
	of, err := w.store.ConversationsOfContact(t.Context(), w.account, 9, 2)
	require.NoError(t, err)
	require.Len(t, of, 2)
}

func TestDeliveriesAreKeptOnceAndConsumedWithWhatTheyTell(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fresh, err := w.store.SaveDelivery(t.Context(), w.account, []byte("signature"), []byte(`{"a":1}`), start)
	require.NoError(t, err)
	require.True(t, fresh)
	other := w.connect("https://other.example", 1)
	for account, want := range map[kanban.AccountID]bool{w.account: false, other: true} {
		fresh, err = w.store.SaveDelivery(t.Context(), account, []byte("signature"), []byte(`{"a":1}`), start)
		require.NoError(t, err)
		require.Equal(t, want, fresh)
	}
	w.reopen()
	waiting, err := w.store.Deliveries(t.Context(), w.account, 10)
	require.NoError(t, err)
	require.Len(t, waiting, 1)
	require.Equal(t, kanban.Delivery{ID: waiting[0].ID, Account: w.account, Body: []byte(`{"a":1}`), ReceivedAt: start}, waiting[0])
	_, err = w.store.Apply(t.Context(), other, nil, []int64{waiting[0].ID})
	require.NoError(t, err)
	n, err := w.store.DeliveriesWaiting(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, 1, n, "an account consumes its own only")
	_, err = w.store.Apply(t.Context(), w.account, []kanban.Snapshot{w.conversation(1)}, []int64{waiting[0].ID})
	require.NoError(t, err)
	waiting, err = w.store.Deliveries(t.Context(), w.account, 10)
	require.NoError(t, err)
	require.Empty(t, waiting)
	fresh, err = w.store.SaveDelivery(t.Context(), w.account, []byte("signature"), []byte(`{"a":1}`), start)
	require.NoError(t, err)
	require.False(t, fresh, "a replay is told after it was applied, too")
	require.NoError(t, w.store.PruneDeliveries(t.Context(), start.Add(time.Second)))
	fresh, err = w.store.SaveDelivery(t.Context(), w.account, []byte("signature"), []byte(`{}`), start)
	require.NoError(t, err)
	require.True(t, fresh)
	n, err = w.store.DeliveriesWaiting(t.Context(), other)
	require.NoError(t, err)
	require.Equal(t, 1, n, "what waits is never pruned")
}

func TestAFailedApplyConsumesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.store.SaveDelivery(t.Context(), w.account, []byte("k"), []byte(`{}`), start)
	require.NoError(t, err)
	waiting, err := w.store.Deliveries(t.Context(), w.account, 1)
	require.NoError(t, err)
	require.NoError(t, w.store.OnWriter(t.Context(), "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.placements BEGIN SELECT RAISE(ABORT, 'no'); END"))
	_, err = w.store.Apply(t.Context(), w.account, []kanban.Snapshot{w.conversation(1)}, []int64{waiting[0].ID})
	require.Error(t, err)
	n, err := w.store.DeliveriesWaiting(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = w.store.Conversation(t.Context(), w.account, 1)
	require.ErrorIs(t, err, kanban.ErrNotFound)
}
