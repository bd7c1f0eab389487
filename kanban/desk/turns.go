package desk

import (
	"context"
	"sync"

	"github.com/chatlane/chatlane/kanban"
)

// turns lets one at a time write into a conversation, so that messages arrive in the order in which they were written.
type turns struct {
	mu    sync.Mutex
	queue map[turnOf]*turn
}

type turnOf struct {
	account      kanban.AccountID
	conversation kanban.ConversationID
}

type turn struct {
	seat    chan struct{} // holds one token
	waiting int
}

// take waits for the turn; whoever has it calls leave.
func (t *turns) take(ctx context.Context, of turnOf) (leave func(), err error) {
	t.mu.Lock()
	if t.queue == nil {
		t.queue = map[turnOf]*turn{}
	}
	q := t.queue[of]
	if q == nil {
		q = &turn{seat: make(chan struct{}, 1)}
		t.queue[of] = q
	}
	q.waiting++
	t.mu.Unlock()
	select {
	case q.seat <- struct{}{}:
		return func() { <-q.seat; t.done(of, q) }, nil
	case <-ctx.Done():
		t.done(of, q)
		return nil, ctx.Err()
	}
}

func (t *turns) done(of turnOf, q *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.waiting--; q.waiting == 0 {
		delete(t.queue, of)
	}
}
