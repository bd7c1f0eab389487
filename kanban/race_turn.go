package kanban

import (
	"context"
	"sync"
)

// turns let one write at a time work on a conversation: between its read and its write no other of ours comes in.
type turns struct {
	mu   sync.Mutex
	held map[conversationKey]*held
}

// held is the turn of one conversation.
type held struct {
	turn
	wanted int // by whoever has it or waits for it
}

// take waits for the turn of a conversation. Whoever has it calls leave.
func (t *turns) take(ctx context.Context, key conversationKey) (leave func(), err error) {
	t.mu.Lock()
	h, ok := t.held[key]
	if !ok {
		h = &held{turn: newTurn()}
		t.held[key] = h
	}
	h.wanted++
	t.mu.Unlock()
	if err := h.take(ctx); err != nil {
		t.release(key, h)
		return nil, err
	}
	return func() {
		h.leave()
		t.release(key, h)
	}, nil
}

func (t *turns) release(key conversationKey, h *held) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h.wanted--; h.wanted == 0 {
		delete(t.held, key)
	}
}
