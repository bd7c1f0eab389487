package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func (w *world) forget(ids ...kanban.ConversationID) {
	w.t.Helper()
	_, err := w.store.Forget(w.ctx, w.account, ids, kanban.FromReconcile)
	require.NoError(w.t, err)
}

func (w *world) gone(id kanban.ConversationID, why string) {
	w.t.Helper()
	_, err := w.store.Conversation(w.ctx, w.account, id)
	require.ErrorIs(w.t, err, kanban.ErrNotFound, why)
}

// read is what a read asked for now answers.
func (w *world) read(id kanban.ConversationID, titles ...string) kanban.Snapshot {
	snap := w.conversation(id, titles...)
	snap.Source, snap.Read = kanban.FromReconcile, true
	return snap
}

func TestLateNewsBringsNothingBackThatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	before := w.read(1, "novo")
	w.pass(time.Minute)
	w.forget(1, 2)
	w.pass(time.Second)

	late := w.apply(w.conversation(1, "novo"), w.conversation(2, "novo"))
	require.Equal(t, 2, late.Stale)
	require.Empty(t, late.Changes)
	w.gone(1, "a webhook may be late")
	w.gone(2, "also of one that was not in the cache")
	require.Equal(t, 1, w.apply(before).Stale)
	w.gone(1, "so may the answer to a read that was asked for before")
	w.reopen()
	w.apply(w.conversation(1, "novo"))
	w.gone(1, "a restart forgets nothing")
}

func TestAReadThatFindsItAliveRevives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	w.forget(1)
	w.pass(time.Second)
	require.Equal(t, 1, w.apply(w.read(1, "novo")).New)
	w.card(1)
	w.pass(time.Second)
	require.Equal(t, 1, w.apply(w.conversation(1, "proposta")).Changed, "from then on webhooks count again")
	w.forget(1)
	w.pass(time.Second)
	w.apply(w.conversation(1, "novo"))
	w.gone(1, "and it can go again")
}

// An account's numbers are its own, and what was forgotten long ago is no longer remembered.
func TestWhatIsForgottenIsRememberedForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.forget(1, 2)
	other := w.connect("https://other.example", 1)
	applied, err := w.store.Apply(w.ctx, other, []kanban.Snapshot{w.conversation(1)}, nil)
	require.NoError(t, err)
	require.Equal(t, 1, applied.New)
	w.pass(8 * 24 * time.Hour)
	w.forget(3)
	var n int
	require.NoError(t, raw(t, w.path).QueryRowContext(t.Context(), "SELECT count(*) FROM forgotten").Scan(&n))
	require.Equal(t, 1, n)
}
