// Package storetest gives tests a real database of their own.
package storetest

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/store"
)

// Key encrypts the secrets of test databases.
var Key = bytes.Repeat([]byte{7}, 32)

// Open makes a migrated database in a temporary file. It is closed when the test ends.
func Open(tb testing.TB) *store.Store {
	tb.Helper()
	return At(tb, filepath.Join(tb.TempDir(), "chatlane.db"), nil)
}

// At opens the database at a path, with a clock if one is given. It is closed when the test ends.
func At(tb testing.TB, path string, clock func() time.Time) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), store.Options{Path: path, Key: Key, Clock: clock})
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = s.Close() })
	return s
}
