package main_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/store"
)

// smallDisk is a file system of 16 MB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("chatlane-test", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small disk cannot be mounted here (%v): only root may", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// fillDisk takes all the space that is left; removing the file gives it back.
func fillDisk(t *testing.T, dir string) (filler string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	require.NoError(t, err)
	_, err = io.Copy(f, zeros{})
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, f.Close())
	return f.Name()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// On a full disk webhooks are answered 503 and people are told; nothing that was acknowledged is lost; and when there is space again
// everything goes on by itself.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	data := smallDisk(t)
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 12, Conversations: 20})
	c := serving(t, sim, "CHATLANE_DATA="+data)
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	sim.Fault(chatwoottest.Fault{Match: "GET */conversations/meta", Kind: chatwoottest.FaultRefuse401}) // nobody counts, so nobody forgets
	hook := webhooksOf(t, sim)[0].known(c)
	var acknowledged []int64
	next := int64(300_000)
	deliver := func() int {
		next++
		status := hook.deliver(t.Context(), snapshotOf(next))
		if status/100 == 2 {
			acknowledged = append(acknowledged, next)
		}
		return status
	}
	moves := 0
	move := func() answer {
		moves++
		return c.ask(http.MethodPut, "/boards/1/cards/1/stage", url.Values{"stage": {strconv.Itoa(moves % 5)}})
	}
	require.Equal(t, http.StatusNoContent, deliver())
	first := cardPath(next)
	c.eventually(func() bool { return c.get(first).status == http.StatusOK }, "the first card is there")
	for range 20 {
		require.Equal(t, http.StatusNoContent, deliver())
	}
	for range 3 {
		filler := fillDisk(t, data)
		c.eventually(func() bool { return deliver() == http.StatusServiceUnavailable }, "a webhook is refused")
		var refused answer
		c.eventually(func() bool {
			refused = move()
			return refused.status == http.StatusServiceUnavailable
		}, "a move is refused")
		require.Contains(t, refused.body, "disk is full")
		for _, path := range []string{"/boards/1", first, "/healthz", "/readyz"} {
			require.Equal(t, http.StatusOK, c.get(path).status, "what is there can be read: %s", path)
		}
		require.NoError(t, os.Remove(filler))
		c.eventually(func() bool { return deliver() == http.StatusNoContent }, "there is space again")
		require.Equal(t, http.StatusOK, move().status)
	}
	c.showAll(acknowledged)
	require.Zero(t, c.stop(), c.out)
	key, err := store.KeyFile(data)
	require.NoError(t, err)
	s, err := store.Open(t.Context(), store.Options{Path: c.data("chatlane.db"), Key: key})
	require.NoError(t, err)
	require.NoError(t, s.Check(t.Context()))
	require.NoError(t, s.Close())
}

// A server that is started on a full disk shows what it has, says what is wrong, and goes on by itself when there is space again.
func TestStartOnAFullDisk(t *testing.T) {
	t.Parallel()
	data := smallDisk(t)
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 13, Conversations: 20})
	c := serving(t, sim, "CHATLANE_DATA="+data)
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	c.kill()
	filler := fillDisk(t, data)
	c.start("serve")
	c.ready()
	require.Equal(t, http.StatusOK, c.get("/boards/1").status)
	c.says("disk is full")
	require.NoError(t, os.Remove(filler))
	sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rui Sá", Text: "Oi", Labels: []string{"proposta"}})
	c.eventually(func() bool { return strings.Contains(c.get("/boards/1").body, "Rui Sá") }, "news arrive")
}

// Nothing can be made on a full disk, so the first start says so and ends.
func TestFirstStartOnAFullDisk(t *testing.T) {
	t.Parallel()
	c := newChild(t, "CHATLANE_DATA="+smallDisk(t))
	fillDisk(t, c.setting("CHATLANE_DATA"))
	require.Contains(t, c.refuses("serve"), "no space left on device")
}
