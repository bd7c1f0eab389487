package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// What the engine finds out about an account comes from a reading of it that may be old: somebody connected it anew meanwhile.
func TestWhatTheEngineFindsOutLeavesTheConnectionAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, err := w.store.Account(w.ctx, w.account)
	require.NoError(t, err)
	a.Token, a.TokenOwner = "token-canary-10", kanban.Actor{ID: 9, Name: "Rui"}
	a, err = w.store.SaveAccount(w.ctx, a)
	require.NoError(t, err)

	a.Version, a.Deal = "4.18.0", kanban.DealKeys{Value: "valor"}
	require.NoError(t, w.store.SetVersion(w.ctx, a.ID, a.Version))
	require.NoError(t, w.store.SetDealKeys(w.ctx, a.ID, a.Deal))
	for _, look := range []func(){func() {}, w.reopen} {
		look()
		now, err := w.store.Account(w.ctx, w.account)
		require.NoError(t, err)
		require.Equal(t, a, now)
	}
}
