package kanban

import (
	"context"
	"crypto/rand"
	"sync"
)

// EventKind says what an event tells a browser.
type EventKind uint8

// The kinds of events.
const (
	// CardChanged: a card is to be drawn anew, moved, added or taken away.
	CardChanged EventKind = iota
	// BoardChanged: stages or settings changed; everything is to be fetched anew.
	BoardChanged
	// ConnectionChanged: what the connection pill says changed.
	ConnectionChanged
)

// Event is news of one board. It is published after the commit, so whoever hears it can read what it tells.
type Event struct {
	// Seq numbers events of one process in order of publication, from 1.
	Seq     uint64
	Account AccountID
	// Board is 0 for news of all boards of the account.
	Board  BoardID
	Kind   EventKind
	Change CardChange

	frames sync.Map // key → *frame
}

type frame struct {
	once  sync.Once
	bytes []byte
}

// Frame renders the event once for a key (a language, say) and returns the same bytes to everybody who asks afterwards.
func (e *Event) Frame(key any, render func(*Event) []byte) []byte {
	v, ok := e.frames.Load(key)
	if !ok {
		v, _ = e.frames.LoadOrStore(key, new(frame))
	}
	f := v.(*frame)
	f.once.Do(func() { f.bytes = render(e) })
	return f.bytes
}

// Hub keeps the latest events for streams to read. A stream asks for what came after the last event it has; the hub never waits for
// a reader, so a slow one misses events and is told to reload.
type Hub struct {
	epoch string

	mu     sync.Mutex
	ring   []*Event
	seq    uint64
	wake   chan struct{}
	newest map[cardKey]CardChange
}

// cardKey is a card: where a board shows a conversation.
type cardKey struct {
	board        BoardID
	conversation ConversationID
}

// NewHub keeps the latest capacity events.
func NewHub(capacity int) *Hub {
	return &Hub{epoch: rand.Text()[:8], ring: make([]*Event, capacity), wake: make(chan struct{}), newest: map[cardKey]CardChange{}}
}

// Epoch names this run of the process: an event number of another run means nothing here.
func (h *Hub) Epoch() string { return h.epoch }

// Seq is the number of the latest event.
func (h *Hub) Seq() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq
}

// Publish numbers events and wakes the readers.
func (h *Hub) Publish(events ...*Event) {
	if len(events) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		h.keepUp(e)
		h.seq++
		e.Seq = h.seq
		h.ring[h.seq%uint64(len(h.ring))] = e
	}
	close(h.wake)
	h.wake = make(chan struct{})
}

// keepUp has a change that was overtaken on its way here tell what the card is by now: whoever hears it last must not be left with what
// was before. Where the card came from is still this change's to tell.
func (h *Hub) keepUp(e *Event) {
	if e.Kind != CardChanged || e.Change.Order == 0 {
		return
	}
	key := cardKey{e.Board, e.Change.Card.Conversation.ID}
	if now := h.newest[key]; now.Order > e.Change.Order {
		e.Change.Card, e.Change.On, e.Change.Order = now.Card, now.On, now.Order
		return
	}
	if len(h.newest) >= len(h.ring) {
		clear(h.newest) // commit and telling are a moment apart: what is lost here was told long ago
	}
	h.newest[key] = e.Change
}

// Since returns the events after one that the reader has. ok is false when some of them are no longer kept, or when the number
// is none of this run: then only a reload helps.
func (h *Hub) Since(after uint64) (events []*Event, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if after > h.seq || h.seq-after > uint64(len(h.ring)) {
		return nil, false
	}
	events = make([]*Event, 0, h.seq-after)
	for n := after + 1; n <= h.seq; n++ {
		events = append(events, h.ring[n%uint64(len(h.ring))])
	}
	return events, true
}

// Wait returns nil as soon as there is an event after the given one, or the context's error.
func (h *Hub) Wait(ctx context.Context, after uint64) error {
	for {
		h.mu.Lock()
		fresh, wake := h.seq != after, h.wake
		h.mu.Unlock()
		if fresh {
			return nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
