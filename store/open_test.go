package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/mattn/go-sqlite3"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// raw opens the database file without the store, by one connection.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000")
	require.NoError(t, err)
	d.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func open(t *testing.T, path string, key []byte) error {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: path, Key: key})
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return err
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.Close())
	_, err := raw(t, w.path).ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	require.NoError(t, err)
	err = open(t, w.path, storetest.Key)
	require.ErrorIs(t, err, store.ErrNewer)
	require.ErrorContains(t, err, "9999")
}

func TestAWrongKeyIsToldAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.Close())
	require.ErrorIs(t, open(t, w.path, bytes.Repeat([]byte{8}, 32)), store.ErrWrongKey)
	require.ErrorContains(t, open(t, w.path, []byte("short")), "32")
	require.NoError(t, open(t, w.path, storetest.Key))
}

func TestAFileThatIsNoDatabaseIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "chatlane.db")
	letter := []byte("Dear Ana, this is no database, however long it is. It is a letter that somebody put there by mistake, and it stays as it is.")
	require.NoError(t, os.WriteFile(path, letter, 0o600))
	require.ErrorContains(t, open(t, path, storetest.Key), "open the database")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, letter, after)
	require.ErrorContains(t, open(t, filepath.Join(t.TempDir(), "no", "such", "folder.db"), storetest.Key), "open the database")
}

func TestFilesAreTheirOwnersOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	copied := filepath.Join(t.TempDir(), "copy.db")
	require.NoError(t, w.store.Backup(t.Context(), copied))
	for _, path := range []string{w.path, w.path + "-wal", w.path + "-shm", copied} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), path)
	}
}

func TestABackupEqualsTheMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"), w.conversation(2, "vip"))
	w.accept(1, w.stage(1))
	copied := filepath.Join(t.TempDir(), "it's a copy?.db")
	require.NoError(t, w.store.Backup(t.Context(), copied))
	require.ErrorContains(t, w.store.Backup(t.Context(), copied), "already", "a backup never replaces a file")
	w.apply(w.conversation(3, "ganho"))
	var ok string
	require.NoError(t, raw(t, copied).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&ok))
	require.Equal(t, "ok", ok)
	restored := storetest.At(t, copied, w.now)
	n, err := restored.CountConversations(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	card, err := restored.Card(t.Context(), w.board, w.admin, 1)
	require.NoError(t, err)
	require.Equal(t, w.stage(1), card.Stage)
	require.NotNil(t, card.Pending)
}

func TestARestartSeesEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hook := kanban.AccountWebhook{ID: 4, URL: "https://board.example/webhooks/1/k", Key: "key-canary-8", Secret: "secret-canary-9"}
	require.NoError(t, w.store.SetWebhook(t.Context(), w.account, hook))
	require.NoError(t, w.store.SaveImportState(t.Context(), w.account, kanban.ImportState{Page: 3, Done: 75, Total: 90, StartedAt: start}))
	require.NoError(t, w.store.SaveSyncState(t.Context(), w.account, kanban.SyncState{PolledAt: start, Drift: 2}))
	require.NoError(t, w.store.WebhookSeen(t.Context(), w.account, start))
	before, err := w.store.Account(t.Context(), w.account)
	require.NoError(t, err)
	w.reopen()
	after, err := w.store.Account(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, before, after)
	hook.LastAt = start
	require.Equal(t, hook, after.Webhook)
	require.Equal(t, "token-canary-7", after.Token)
	board, err := w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	require.Equal(t, w.board, board)
}
