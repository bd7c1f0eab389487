package main_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/store"
)

// command runs a command beside the server, on the same data, and returns its exit code.
func (c *child) command(args ...string) int {
	c.t.Helper()
	beside := &child{t: c.t, env: c.env, out: c.out}
	beside.start(args...)
	return beside.wait()
}

// A backup made under load is a whole database: what was acknowledged before it began is in it, and a server starts on it.
func TestBackupUnderLoadIsWhole(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 10, Conversations: 40})
	c := serving(t, sim, "CHATLANE_SECRET=a secret of this house")
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	sim.Fault(chatwoottest.Fault{Match: "GET */conversations/meta", Kind: chatwoottest.FaultRefuse401}) // nobody counts, so nobody forgets
	s := newStream(t, webhooksOf(t, sim)[0].known(c))
	restored := t.TempDir()
	for _, name := range []string{"first.db", "chatlane.db"} {
		sofar := s.taken()
		c.eventually(func() bool { return s.taken() > sofar+50 }, "webhooks are taken")
		acknowledged := s.acknowledged()
		copied := filepath.Join(restored, name)
		require.Zero(t, c.command("backup", copied), c.out)
		require.Subset(t, known(t, c, copied), acknowledged)
	}
	s.stop()
	require.Equal(t, 1, c.command("backup", filepath.Join(restored, "chatlane.db")), "nothing is overwritten")
	c.says("there is a file already")
	require.Zero(t, c.stop(), c.out)

	c.env = append(c.env, "CHATLANE_DATA="+restored)
	c.start("serve")
	c.ready()
	c.eventually(func() bool { return len(columns(c.get("/boards/1").body)) > 0 }, "the restored board opens, and whoever was signed in still is")
}

// known are the conversations in a database, those of webhooks that wait to be applied included.
func known(t *testing.T, c *child, path string) []int64 {
	t.Helper()
	key, err := store.KeyFromSecret(c.setting("CHATLANE_SECRET"))
	require.NoError(t, err)
	s, err := store.Open(t.Context(), store.Options{Path: path, Key: key})
	require.NoError(t, err)
	require.NoError(t, s.Check(t.Context()))
	require.NoError(t, s.Close())
	d, err := sql.Open("sqlite3", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	return slices.Concat(numbers(t, d, "SELECT id FROM conversations"), numbers(t, d, "SELECT CAST(body AS TEXT) ->> 'id' FROM deliveries WHERE consumed = 0"))
}

func numbers(t *testing.T, d *sql.DB, query string) []int64 {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var out []int64
	for rows.Next() {
		var n int64
		require.NoError(t, rows.Scan(&n))
		out = append(out, n)
	}
	require.NoError(t, rows.Err())
	return out
}

// Backing up a folder without a database must not pass for a backup.
func TestBackupOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	c := newChild(t)
	copied := filepath.Join(t.TempDir(), "copy.db")
	require.Contains(t, c.refuses("backup", copied), "CHATLANE_DATA")
	require.NoFileExists(t, copied)
	require.NoFileExists(t, c.data("key"))
}
