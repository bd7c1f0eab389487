package main_test

import (
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"
	"github.com/stretchr/testify/require"
)

// refuses starts a command that must not start, and returns what it says. What it says is a sentence, not a stack.
func (c *child) refuses(args ...string) string {
	c.t.Helper()
	c.start(args...)
	require.Equal(c.t, 1, c.wait(), c.out)
	said := c.out.String()
	require.NotContains(c.t, said, "goroutine ")
	require.NotContains(c.t, said, "panic")
	return said
}

// setting is the last value of a variable in the process's environment.
func (c *child) setting(name string) string {
	value := ""
	for _, e := range c.env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value = v
		}
	}
	return value
}

func (c *child) data(file string) string { return filepath.Join(c.setting("CHATLANE_DATA"), file) }

func TestMistakesInTheEnvironmentAreToldTogether(t *testing.T) {
	t.Parallel()
	said := newChild(t,
		"CHATLANE_URL=board.example.com", "CHATLANE_STAGES=novo,novo", "CHATLANE_CURRENCY=reais", "CHATLANE_ALLOW_PRIVATE_NETWORK=perhaps",
		"CHATWOOT_URL=chat.example.com", "CHATWOOT_ACCOUNT_ID=first", "CHATWOOT_TOKEN=top-secret-token",
	).refuses("serve")
	for _, name := range []string{
		"CHATLANE_URL", "CHATLANE_STAGES", "CHATLANE_CURRENCY", "CHATLANE_ALLOW_PRIVATE_NETWORK", "CHATWOOT_URL", "CHATWOOT_ACCOUNT_ID",
	} {
		require.Contains(t, said, name)
	}
	require.NotContains(t, said, "belong together", "all three were given")
	require.NotContains(t, said, "top-secret-token")
}

func TestConnectionInTheEnvironmentMustBeComplete(t *testing.T) {
	t.Parallel()
	for _, env := range [][]string{
		{"CHATWOOT_URL=https://chat.example.com"},
		{"CHATWOOT_ACCOUNT_ID=1"},
		{"CHATWOOT_TOKEN=top-secret-token"},
		{"CHATWOOT_URL=https://chat.example.com", "CHATWOOT_TOKEN=top-secret-token"},
	} {
		said := newChild(t, env...).refuses("serve")
		require.Contains(t, said, "CHATWOOT_URL, CHATWOOT_ACCOUNT_ID and CHATWOOT_TOKEN belong together", env)
		require.NotContains(t, said, "top-secret-token", env)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"ftp://chat.example.com", "https://", "chat.example.com", "https://ana:top-secret@chat.example.com", "http://[::1"} {
		said := newChild(t, "CHATWOOT_URL="+address, "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_TOKEN=x").refuses("serve")
		require.Contains(t, said, "CHATWOOT_URL: not an address", address)
		require.NotContains(t, said, "top-secret", address)
	}
}

func TestTakenPortIsSaid(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "demo"} {
		c := newChild(t)
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", c.listen)
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		said := c.refuses(command)
		require.Contains(t, said, c.listen+" is taken by another program")
		require.Contains(t, said, "CHATLANE_LISTEN")
		require.Len(t, strings.Split(strings.TrimSpace(said), "\n"), 1, "one sentence: %s", said)
	}
}

func TestPortThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1:99999", "nonsense", "192.0.2.1:8080"} {
		require.Contains(t, newChild(t, "CHATLANE_LISTEN="+address).refuses("serve"), "CHATLANE_LISTEN", address)
	}
}

// A file stands where the folder should be: nobody can write below it, not even root.
func TestDataFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, command := range [][]string{{"serve"}, {"demo"}, {"backup", filepath.Join(t.TempDir(), "copy.db")}} {
		require.Contains(t, newChild(t, "CHATLANE_DATA="+filepath.Join(file, "data")).refuses(command...), "CHATLANE_DATA", command)
	}
}

func TestDatabaseThatIsNone(t *testing.T) {
	t.Parallel()
	c := newChild(t)
	require.NoError(t, os.WriteFile(c.data("chatlane.db"), []byte(strings.Repeat("this is no database ", 100)), 0o600))
	require.Contains(t, c.refuses("serve"), "open the database")
}

func TestDatabaseOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	c := started(t)
	require.Zero(t, c.stop(), c.out)
	d, err := sql.Open("sqlite3", c.data("chatlane.db"))
	require.NoError(t, err)
	_, err = d.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.Contains(t, c.refuses("serve"), "made by a newer version of Chatlane")
}

func TestWrongSecretIsRefused(t *testing.T) {
	t.Parallel()
	c := started(t, "CHATLANE_SECRET=the first secret of this house")
	require.Zero(t, c.stop(), c.out)
	c.env = append(c.env, "CHATLANE_SECRET=another secret of this house")
	said := c.refuses("serve")
	require.Contains(t, said, "CHATLANE_SECRET")
	require.NotContains(t, said, "of this house")
	c.env = append(c.env, "CHATLANE_SECRET=the first secret of this house")
	c.start("serve")
	c.ready()
}

func TestLostKeyFileIsSaid(t *testing.T) {
	t.Parallel()
	c := started(t)
	require.Zero(t, c.stop(), c.out)
	require.NoError(t, os.Remove(c.data("key")))
	require.Contains(t, c.refuses("serve"), c.data("key"))
}

// started is a server that runs on a data folder of its own.
func started(t *testing.T, env ...string) *child {
	t.Helper()
	c := newChild(t, env...)
	c.start("serve")
	c.ready()
	return c
}

func TestDataFolderThatAnotherServerHasIsSaid(t *testing.T) {
	t.Parallel()
	first := started(t)
	second := newChild(t, "CHATLANE_DATA="+first.setting("CHATLANE_DATA"))
	said := second.refuses("serve")
	require.Contains(t, said, first.setting("CHATLANE_DATA"))
	require.Contains(t, said, "CHATLANE_DATA")
	require.Len(t, strings.Split(strings.TrimSpace(said), "\n"), 1, "one sentence: %s", said)
	first.kill()
	second.start("serve")
	second.ready()
}
