package kanban

import (
	"slices"
	"sync"
	"time"
)

// Chatwoot offers no compare-and-set: whoever writes labels replaces what somebody else wrote a moment before (CONTRACT 6.2.7).
// Three files find both sides of such a race afterwards, and mend them.
//
//   - We overwrote somebody (race_undone.go): what they changed after our read, as webhooks tell it, is not in what we wrote.
//   - Somebody overwrote us (race_overwritten.go): the stage we left is back, and with it a change of another label, which is what
//     they wanted.
//
// Here is what both remember: what we wrote, and what Chatwoot told of each conversation's labels.

const (
	// raceWindow is how long after a write of ours a look at its traces is taken. A person who moves a card back later means it.
	raceWindow = 10 * time.Second
	// raceMemory is how long a write of ours and what was told around it are remembered: webhooks may be late.
	raceMemory = 10 * time.Minute
	// bystanders is how long a change is remembered of a conversation that we did not write to: a write may be worked out from a read
	// that is older.
	bystanders = 15 * time.Second
)

// labelWrite is one write of ours.
type labelWrite struct {
	move          Move
	base, written []string
	at            time.Time // by our clock
	// since is the version that it was worked out from, until that of a read which came after it; by Chatwoot's clock, in microseconds.
	// 0: not known.
	since, until int64
	mend         bool // restored labels and left the stage as it was
	repeated     bool // its move was accepted once more
}

// landed reports whether labels show that the write came through.
func (w *labelWrite) landed(labels []string) bool {
	return len(minus(minus(w.written, w.base), labels)) == 0 && len(common(minus(w.base, w.written), labels)) == 0
}

// labelNews is one change of a conversation's labels that Chatwoot told.
type labelNews struct {
	at            int64 // by Chatwoot's clock, in milliseconds: it tells no more
	before, after []string
	heard         time.Time // by our clock
}

// trace is what is remembered of one conversation.
type trace struct {
	writes []*labelWrite
	news   []labelNews // in the order of Chatwoot's clock
}

type conversationKey struct {
	account AccountID
	id      ConversationID
}

// races remembers the traces of all conversations.
type races struct {
	turns turns

	mu      sync.Mutex
	traces  map[conversationKey]*trace
	expired time.Time
}

func newRaces() *races {
	return &races{turns: turns{held: map[conversationKey]*held{}}, traces: map[conversationKey]*trace{}}
}

// trace is that of a conversation. The lock is held.
func (r *races) trace(key conversationKey) *trace {
	t, ok := r.traces[key]
	if !ok {
		t = new(trace)
		r.traces[key] = t
	}
	return t
}

// begin remembers a write before it is sent: its webhook may be here before its answer.
func (r *races) begin(w labelWrite) *labelWrite {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(w.at)
	t := r.trace(conversationKey{w.move.Account, w.move.Conversation})
	t.writes = append(t.writes, &w)
	return &w
}

// answered says that a write was answered and its conversation read after that.
func (r *races) answered(w *labelWrite, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.until = version
}

// saw says what a read showed. Writes whose answer got lost may be found to have come through.
func (r *races) saw(key conversationKey, labels []string, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.trace(key).writes {
		if w.until == 0 && w.landed(labels) {
			w.until = version
		}
	}
}

// hear remembers a change that Chatwoot told.
func (r *races) hear(key conversationKey, n labelNews) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(n.heard)
	r.trace(key).hear(n)
}

func (t *trace) hear(n labelNews) {
	at := len(t.news)
	for at > 0 && n.comesBefore(t.news[at-1]) {
		at--
	}
	if at > 0 && n.equals(t.news[at-1]) {
		return // told twice
	}
	t.news = slices.Insert(t.news, at, n)
}

func (n labelNews) comesBefore(o labelNews) bool {
	return n.at < o.at || n.at == o.at && sameTitles(n.after, o.before) && !sameTitles(o.after, n.before)
}

func (n labelNews) equals(o labelNews) bool {
	return n.at == o.at && sameTitles(n.before, o.before) && sameTitles(n.after, o.after)
}

// expire forgets what is old, every second. The lock is held.
func (r *races) expire(now time.Time) {
	if now.Sub(r.expired) < time.Second {
		return
	}
	r.expired = now
	for key, t := range r.traces {
		t.writes = slices.DeleteFunc(t.writes, func(w *labelWrite) bool { return now.Sub(w.at) > raceMemory })
		keep := raceMemory
		if len(t.writes) == 0 {
			keep = bystanders
		}
		t.news = slices.DeleteFunc(t.news, func(n labelNews) bool { return now.Sub(n.heard) > keep })
		if len(t.writes)+len(t.news) == 0 {
			delete(r.traces, key)
		}
	}
}

// recall remembers what the process before this one wrote, the oldest first.
func (r *races) recall(moves []Move) {
	for _, mv := range moves {
		r.begin(labelWrite{move: mv, base: mv.Base, written: mv.Written, at: mv.WrittenAt})
	}
}

// minus are the titles of a that b lacks.
func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(t string) bool { return slices.Contains(b, t) })
}

// common are the titles of a that b has, too.
func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(t string) bool { return !slices.Contains(b, t) })
}
