package kanban_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// bubble is a world without a network and, as far as the machine has one, without a disk, for tests within testing/synctest.
type bubble struct {
	*world
	// up says that our process is there to hear webhooks.
	up   atomic.Bool
	stop context.CancelFunc
	done chan error
	// heard counts the webhooks that arrived.
	heard atomic.Int64
	diary diary
}

// newBubble is called within a bubble of testing/synctest; it ends there with the test.
func newBubble(t *testing.T, o chatwoottest.Options, travel func(*http.Request, bool) error) *bubble {
	t.Helper()
	b := &bubble{}
	o.WebhookTransport = wire{to: http.HandlerFunc(b.receive), travel: func(*http.Request, bool) error {
		if !b.up.Load() {
			return errLost
		}
		return nil
	}}
	sim := chatwoottest.New(o)
	b.world = &world{
		t: t, sim: sim, path: filepath.Join(memoryDir(t), "chatlane.db"), hooks: "http://chatlane.example", address: "http://chatwoot.example",
		wire: wire{to: sim.Handler(), travel: travel}, log: slog.New(slog.NewTextHandler(&b.diary, nil)), poll: 30 * time.Second,
	}
	t.Cleanup(b.close)
	b.open()
	b.connect()
	return b
}

// diary keeps the last lines of the engine's log, for whoever wants to know what it did with a conversation.
type diary struct {
	mu    sync.Mutex
	lines []string
	next  int
}

func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	const most = 100_000
	if len(d.lines) < most {
		d.lines = append(d.lines, string(line))
	} else {
		d.lines[d.next%most] = string(line)
	}
	d.next++
	return len(line), nil
}

// about are the lines that name a conversation.
func (d *diary) about(id int64) (lines []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, line := range d.lines {
		if strings.Contains(line+" ", fmt.Sprintf("conversation=%d ", id)) {
			lines = append(lines, "\n  "+strings.TrimSpace(line))
		}
	}
	slices.Sort(lines)
	return lines
}

func (b *bubble) receive(rw http.ResponseWriter, r *http.Request) {
	b.heard.Add(1)
	b.world.receive(rw, r)
}

// start runs the engine.
func (b *bubble) start() {
	ctx, cancel := context.WithCancel(context.Background())
	b.stop, b.done = cancel, make(chan error, 1)
	go func(done chan<- error) { done <- b.engine.Run(ctx) }(b.done)
	b.up.Store(true)
}

// halt ends the engine as a signal does, or, for the store, as a crash would: nothing is saved that was not saved before.
func (b *bubble) halt() {
	b.up.Store(false)
	b.stop()
	b.stop = nil
	require.NoError(b.t, <-b.done)
	require.NoError(b.t, b.store.Close())
}

// post is what an administrator asks of Chatwoot; the weather may spoil it.
func (b *bubble) post(method, path string, body any) {
	text, err := json.Marshal(body)
	require.NoError(b.t, err)
	r, err := http.NewRequestWithContext(b.t.Context(), method, fmt.Sprintf("%s/api/v1/accounts/%d/%s", b.address, b.sim.AccountID(), path), bytes.NewReader(text))
	require.NoError(b.t, err)
	r.Header.Set("Api-Access-Token", b.sim.AdminToken())
	r.Header.Set("Content-Type", "application/json")
	_, _ = wire{to: b.sim.Handler()}.RoundTrip(r)
}

// close ends everything that the bubble started.
func (b *bubble) close() {
	if b.stop != nil {
		b.halt()
	}
	b.sim.Close()
}

// memoryDir is a folder in memory where there is one: an fsync of a disk costs more than all else together.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "chatlane-test-") //nolint:usetesting // memory, not the disk under TempDir
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
