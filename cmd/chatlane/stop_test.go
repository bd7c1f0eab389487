package main_test

import (
	"bufio"
	"context"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// terminate asks the process to end, as containers do, and returns its exit code.
func (c *child) terminate() int {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Signal(syscall.SIGTERM))
	return c.wait()
}

// stream opens a board's event stream; the reader ends when the server ends it.
func (c *child) stream() *bufio.Scanner {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.address("/boards/1/events"), nil)
	require.NoError(c.t, err)
	req.Header.Set("Accept", "text/event-stream")
	res, err := (&http.Client{Jar: c.people.Jar}).Do(req)
	require.NoError(c.t, err)
	c.t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(c.t, http.StatusOK, res.StatusCode)
	return bufio.NewScanner(res.Body)
}

// A server that is told to stop ends its streams and answers what it has begun, long before its grace is over.
func TestTerminatedServerEndsStreamsAndAnswersWebhooks(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 8, Conversations: 10})
	c := serving(t, sim)
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	var streams []*bufio.Scanner
	for range 8 {
		streams = append(streams, c.stream())
	}
	s := newStream(t, webhooksOf(t, sim)[0].known(c))
	c.eventually(func() bool { return s.taken() > 50 }, "webhooks are taken")
	require.Zero(t, c.terminate(), "whoever has to be cut off at the end of the grace makes it fail: %s", c.out)
	for _, stream := range streams {
		for stream.Scan() { // to its end
		}
		require.NoError(t, stream.Err(), "a stream ends properly")
	}
	taken := s.stop()
	c.start("serve")
	c.ready()
	c.showAll(taken)
}

// A restart under a stream of webhooks: whoever got a 2xx finds it on the board, however often that happens.
func TestRestartsUnderWebhooksLoseNone(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: 9, Conversations: 10})
	c := serving(t, sim)
	c.eventually(func() bool { return len(webhooksOf(t, sim)) == 1 }, "the webhook is registered")
	sim.Fault(chatwoottest.Fault{Match: "GET */conversations/meta", Kind: chatwoottest.FaultRefuse401}) // nobody counts, so nobody forgets
	s := newStream(t, webhooksOf(t, sim)[0].known(c))
	for range 4 {
		before := s.taken()
		c.eventually(func() bool { return s.taken() > before+100 }, "webhooks are taken")
		require.Zero(t, c.terminate(), c.out)
		c.start("serve")
		c.ready()
	}
	taken := s.stop()
	require.Empty(t, s.odd, "every webhook that was answered at all was answered with 2xx")
	c.showAll(taken)
}

// showAll waits until the board knows conversations.
func (c *child) showAll(ids []int64) {
	c.t.Helper()
	require.NotEmpty(c.t, ids)
	for _, id := range ids {
		c.eventually(func() bool { return c.get(cardPath(id)).status == http.StatusOK }, "an acknowledged webhook is lost: "+cardPath(id))
	}
	c.t.Logf("%d webhooks were acknowledged", len(ids))
}

// hookStream sends webhooks without a pause, each of a conversation of its own.
type hookStream struct {
	hook   hook
	cancel context.CancelFunc
	group  sync.WaitGroup

	mu   sync.Mutex
	last int64
	ids  []int64     // answered with 2xx
	odd  map[int]int // other answers
}

func newStream(t *testing.T, h hook) *hookStream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &hookStream{hook: h, cancel: cancel, last: 200_000, odd: map[int]int{}}
	for range 4 {
		s.group.Go(func() {
			for ctx.Err() == nil {
				s.send(ctx)
			}
		})
	}
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *hookStream) send(ctx context.Context) {
	s.mu.Lock()
	s.last++
	id := s.last
	s.mu.Unlock()
	status := s.hook.deliver(context.WithoutCancel(ctx), snapshotOf(id))
	if status == 0 { // the server is away
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case status/100 == 2:
		s.ids = append(s.ids, id)
	case status != 0:
		s.odd[status]++
	}
}

func (s *hookStream) taken() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ids)
}

// stop ends the stream and returns what was acknowledged.
func (s *hookStream) stop() []int64 {
	s.cancel()
	s.group.Wait()
	return s.ids
}

// acknowledged are the conversations of all webhooks answered with 2xx so far.
func (s *hookStream) acknowledged() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}
