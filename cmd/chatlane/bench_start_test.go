package main_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBenchP12 is QUALITY P12: from the start of the process to the first board with 100 000 conversations, the memory with 1 000
// viewers of it, and the size of the program, beside a start of the program that only prints its help.
func TestBenchP12(t *testing.T) {
	measuring(t)
	const viewers = 1000
	m := serveMeasured(t, int(number("CHATLANE_BENCH_CONVERSATIONS", 100_000)), 0)
	path, err := released()
	require.NoError(t, err, path)
	cookie := m.cookie()
	var start, bare, alone, watched []float64
	for range benchRounds() {
		begun := time.Now()
		require.NoError(t, exec.CommandContext(t.Context(), path, "-h").Run())
		bare = append(bare, time.Since(begun).Seconds())
		require.Zero(t, m.stop(), m.out)
		start = append(start, m.firstBoard(cookie))
		memory, _ := m.memory()
		alone = append(alone, memory)
		a := newBenchAudience(viewers, 0)
		a.join(t, m.listen, fmt.Sprintf("GET /boards/1/events HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", m.listen, cookie), "id: ")
		memory, _ = m.memory()
		watched = append(watched, memory)
		a.leave()
	}
	size, err := os.Stat(path)
	require.NoError(t, err)
	each := kilobytes((median(watched) - median(alone)) / viewers)
	figure{"P12", "start to first board, 100000 conversations", start, ms, "help is printed in " + ms(median(bare)), "≤ 150 ms", atMost(0.150)}.print()
	figure{"P12", "memory with 1000 viewers", watched, megabytes, "before " + megabytes(median(alone)) + ", " + each + " each", "≤ 60 MB", atMost(60e6)}.print()
	figure{"P12", "the program", []float64{float64(size.Size())}, megabytes, "", "≤ 30 MB", atMost(30e6)}.print()
}

// firstBoard starts the program and returns the seconds until somebody who is signed in has the whole board.
func (m *measured) firstBoard(cookie string) float64 {
	m.t.Helper()
	begun := time.Now()
	m.spawn()
	a := newAsker(m.t, cookie)
	for !m.listens() {
		require.Less(m.t, time.Since(begun), time.Minute, "it never listens: %s", m.out)
	}
	a.get(m.address("/boards/1"), asBrowsersDo)
	return time.Since(begun).Seconds()
}

// listens reports whether somebody can connect; it takes a millisecond to find out that nobody can.
func (m *measured) listens() bool {
	res, err := http.Get(m.address("/healthz"))
	if err != nil {
		time.Sleep(time.Millisecond)
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}
