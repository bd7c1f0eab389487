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
func Open(t testing.TB) *store.Store { return At(t, filepath.Join(t.TempDir(), "chatlane.db"), nil) }

// At opens the database at a path, with a clock if one is given. It is closed when the test ends.
func At(t testing.TB, path string, clock func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: path, Key: Key, Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}
