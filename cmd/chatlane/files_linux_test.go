package main_test

import (
	"net"
	"net/http"
	"strconv"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// limitFiles sets how many files and sockets a process may have open.
func limitFiles(t *testing.T, pid int, n uint64) {
	t.Helper()
	limit := syscall.Rlimit{Cur: n, Max: 1 << 12}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_NOFILE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		t.Skipf("the files of a process cannot be limited here: %v", errno)
	}
}

// A server whose clients take all its sockets takes up again by itself when they go; what it had acknowledged is there.
func TestTooFewFiles(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 14, Conversations: 20})
	c := serving(t, sim)
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	sim.Fault(chatwoottest.Fault{Match: "GET */conversations/meta", Kind: chatwoottest.FaultRefuse401}) // nobody counts, so nobody forgets
	hook := webhooksOf(t, sim)[0].known(c)
	require.Equal(t, http.StatusNoContent, hook.deliver(t.Context(), snapshotOf(400_001)))
	limitFiles(t, c.cmd.Process.Pid, 40)
	var idle []net.Conn
	for range 60 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", c.listen)
		require.NoError(t, err)
		idle = append(idle, conn)
	}
	c.says("too many open files")
	for _, conn := range idle {
		require.NoError(t, conn.Close())
	}
	next := int64(400_001)
	c.eventually(func() bool { next++; return hook.deliver(t.Context(), snapshotOf(next)) == http.StatusNoContent }, "webhooks are taken again")
	for _, id := range []int64{400_001, next} {
		c.eventually(func() bool { return c.get(cardPath(id)).status == http.StatusOK }, "conversation "+strconv.FormatInt(id, 10)+" is there")
	}
	require.Equal(t, http.StatusOK, c.get("/boards/1").status)
	require.Zero(t, c.stop(), c.out)
}
