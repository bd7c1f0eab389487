package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

var (
	_ scs.CtxStore = (*store.Sessions)(nil)
	_ kanban.Store = (*store.Store)(nil)
)

func TestSecretsAreNowhereInTheFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hook := kanban.AccountWebhook{ID: 4, URL: "https://board.example/webhooks/1/key-canary-8", Key: "key-canary-8", Secret: "secret-canary-9"}
	require.NoError(t, w.store.SetWebhook(t.Context(), w.account, hook))
	require.NoError(t, w.store.Sessions().Commit("cookie-canary-1", []byte("session-canary-2"), start.Add(time.Hour)))
	require.NoError(t, w.store.Close())
	files, err := filepath.Glob(w.path + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotContains(t, string(content), "canary", path)
	}
}

func TestASecretMovedToAnotherPlaceDoesNotOpen(t *testing.T) {
	t.Parallel()
	for name, theft := range map[string]string{
		"another row":    "UPDATE accounts SET token = (SELECT token FROM accounts WHERE id = 1) WHERE id = 2",
		"another column": "UPDATE accounts SET webhook_secret = token WHERE id = 1",
		"changed":        "UPDATE accounts SET token = CAST(substr(token, 1, length(token) - 1) || x'00' AS BLOB) WHERE id = 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.connect("https://other.example", 1)
			require.NoError(t, w.store.Close())
			_, err := raw(t, w.path).ExecContext(t.Context(), theft)
			require.NoError(t, err)
			require.ErrorIs(t, open(t, w.path, storetest.Key), store.ErrWrongKey)
		})
	}
}

func TestASessionMovedToAnotherCookieDoesNotOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.store.Sessions()
	require.NoError(t, s.Commit("of Ana", []byte("administrator"), start.Add(time.Hour)))
	require.NoError(t, s.Commit("of Bruno", []byte("agent"), start.Add(time.Hour)))
	_, err := raw(t, w.path).ExecContext(t.Context(), "UPDATE sessions SET data = (SELECT max(data) FROM sessions)")
	require.NoError(t, err)
	found := 0
	for token, want := range map[string]string{"of Ana": "administrator", "of Bruno": "agent"} {
		data, ok, err := s.Find(token)
		if err != nil {
			require.ErrorIs(t, err, store.ErrWrongKey)
			continue
		}
		require.True(t, ok)
		require.Equal(t, want, string(data))
		found++
	}
	require.Equal(t, 1, found)
}

func TestSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.store.Sessions()
	require.NoError(t, s.Commit("one", []byte("first"), start.Add(time.Hour)))
	require.NoError(t, s.Commit("one", []byte("second"), start.Add(time.Hour)))
	require.NoError(t, s.Commit("two", []byte("other"), start.Add(3*time.Hour)))
	data, ok, err := s.Find("one")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "second", string(data))
	_, ok, err = s.Find("three")
	require.NoError(t, err)
	require.False(t, ok)
	w.pass(time.Hour)
	_, ok, err = s.Find("one")
	require.NoError(t, err)
	require.False(t, ok, "it has expired")
	w.reopen()
	s = w.store.Sessions()
	_, ok, err = s.Find("two")
	require.NoError(t, err)
	require.True(t, ok, "a restart signs nobody out")
	require.NoError(t, s.Delete("two"))
	require.NoError(t, s.Delete("two"), "to end what has ended is no mistake")
	_, ok, err = s.Find("two")
	require.NoError(t, err)
	require.False(t, ok)
	require.NoError(t, s.Commit("four", nil, start.Add(2*time.Hour)))
	var n int
	require.NoError(t, raw(t, w.path).QueryRowContext(t.Context(), "SELECT count(*) FROM sessions").Scan(&n))
	require.Equal(t, 1, n, "expired ones are cleared away")
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys := make([][]byte, 8)
	var g sync.WaitGroup
	for i := range keys {
		g.Go(func() {
			key, err := store.KeyFile(dir)
			if err == nil {
				keys[i] = key
			}
		})
	}
	g.Wait()
	for _, key := range keys {
		require.Len(t, key, 32)
		require.Equal(t, keys[0], key, "however many start at once, there is one key")
	}
	info, err := os.Stat(filepath.Join(dir, "key"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "key"), []byte("cut off"), 0o600))
	_, err = store.KeyFile(dir)
	require.ErrorContains(t, err, "no key")
}

func TestKeyFromSecret(t *testing.T) {
	t.Parallel()
	a, err := store.KeyFromSecret("correct horse")
	require.NoError(t, err)
	again, err := store.KeyFromSecret("correct horse")
	require.NoError(t, err)
	b, err := store.KeyFromSecret("correct mouse")
	require.NoError(t, err)
	require.Len(t, a, 32)
	require.Equal(t, a, again)
	require.False(t, bytes.Equal(a, b))
}
