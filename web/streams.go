package web

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// streams gathers the hub's events into batches that all open streams share. On an idle system a batch is one event and leaves at
// once; on a busy one it is what came within a beat, so that a thousand streams make some dozens of writes a second each instead of
// thousands, all of them with the same bytes.
type streams struct {
	hub  *kanban.Hub
	beat time.Duration

	mu      sync.Mutex
	readers int
	stop    context.CancelFunc // ends the gathering; nil while nobody reads
	last    *batch
}

// batch is what happened from one event (not included) to another. next is to be read after done is closed.
type batch struct {
	from, to uint64
	events   []*kanban.Event
	// lost says that events before this batch are missing: readers have to reload.
	lost bool

	done chan struct{}
	next *batch

	frames sync.Map // audienceKey → *batchFrame, frameKey → func() []byte
}

func newBatch(from, to uint64) *batch { return &batch{from: from, to: to, done: make(chan struct{})} }

// after is the part of a batch that comes after an event.
func (b *batch) after(seq uint64) *batch {
	rest := newBatch(seq, b.to)
	rest.events = slices.DeleteFunc(slices.Clone(b.events), func(e *kanban.Event) bool { return e.Seq <= seq })
	return rest
}

func newStreams(hub *kanban.Hub, beat time.Duration) *streams { return &streams{hub: hub, beat: beat} }

// join makes somebody a reader. It returns what the reader missed since an event and the batch whose successors will bring the rest;
// ok is false when what was missed is no longer kept. leave has to be called in the end.
func (s *streams) join(after uint64) (missed *batch, last *batch, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readers++; s.readers == 1 {
		s.begin()
	}
	events, ok := s.hub.Since(after)
	for len(events) > 0 && events[len(events)-1].Seq > s.last.to {
		events = events[:len(events)-1] // these will come with the next batch
	}
	missed = newBatch(after, max(after, s.last.to))
	missed.events = events
	return missed, s.last, ok
}

func (s *streams) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readers--; s.readers == 0 {
		s.stop()
		s.stop, s.last = nil, nil
	}
}

// begin starts the gathering for the first reader; it ends with the last one.
func (s *streams) begin() {
	ctx, stop := context.WithCancel(context.Background())
	seq := s.hub.Seq()
	s.stop, s.last = stop, newBatch(seq, seq)
	go s.gather(ctx, s.last)
}

func (s *streams) gather(ctx context.Context, last *batch) {
	for s.hub.Wait(ctx, last.to) == nil {
		next := newBatch(last.to, last.to)
		var ok bool
		if next.events, ok = s.hub.Since(last.to); !ok {
			next.lost, next.to = true, s.hub.Seq()
		} else if n := len(next.events); n > 0 {
			next.to = next.events[n-1].Seq
		}
		if !s.publish(ctx, last, next) || !pause(ctx, s.beat) {
			return
		}
		last = next
	}
}

// publish lets readers see a batch, unless the gathering has ended meanwhile.
func (s *streams) publish(ctx context.Context, last, next *batch) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	last.next, s.last = next, next
	close(last.done)
	return true
}

// pause waits; false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
