package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What was acknowledged has to survive a power cut. Nothing that a test can do shows the difference to NORMAL, so the settings are asked for.
func TestCommitsReachTheDisk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"} {
		got, err := w.store.WriterPragma(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
}
