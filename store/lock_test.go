package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// Each process would keep in memory what the other one changes.
func TestADatabaseIsOpenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.ErrorIs(t, open(t, w.path, storetest.Key), store.ErrInUse)
	w.apply(w.conversation(1, "novo"))
	require.NoError(t, store.Backup(t.Context(), w.path, filepath.Join(t.TempDir(), "copy.db")), "a backup is made beside whoever has it")
	w.reopen()
	w.card(1)
}

// What cannot be opened must not stay locked: the operator puts it right and starts again.
func TestADatabaseThatDoesNotOpenIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.Close())
	require.ErrorIs(t, open(t, w.path, make([]byte, 32)), store.ErrWrongKey)
	require.NoError(t, open(t, w.path, storetest.Key))
}

func TestToCloseTwiceIsNoMistake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.Close())
	require.NoError(t, w.store.Close())
}
