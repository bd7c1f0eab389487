package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/store/storetest"
)

func TestAPathIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"with space", "100%41", "what?mode=memory", "a#b", "a&b=c", "é+;"} {
		dir := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.Mkdir(dir, 0o700))
		path := filepath.Join(dir, name+".db")
		s := storetest.At(t, path, nil)
		require.NoError(t, s.SetSetting(t.Context(), "name", name))
		copied := filepath.Join(dir, name+" copy.db")
		require.NoError(t, s.Backup(t.Context(), copied))
		require.NoError(t, s.Close())
		for _, file := range []string{path, copied} {
			kept, err := storetest.At(t, file, nil).Setting(t.Context(), "name")
			require.NoError(t, err, file)
			require.Equal(t, name, kept)
		}
		above, err := os.ReadDir(filepath.Dir(dir))
		require.NoError(t, err)
		require.Len(t, above, 1, "nothing is written beside the folder")
	}
}

func TestAPlaceThatCannotBeWrittenIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.ErrorContains(t, open(t, dir, storetest.Key), "open the database", "a folder is no file")
	if os.Geteuid() == 0 {
		t.Skip("nothing is read-only for root")
	}
	require.NoError(t, os.Chmod(dir, 0o500))
	require.ErrorContains(t, open(t, filepath.Join(dir, "chatlane.db"), storetest.Key), "open the database")
}
