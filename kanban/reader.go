package kanban

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// readBatch is how many conversations one call reads by number (CONTRACT 5.4).
const readBatch = 25

// readQueue holds conversations that are to be read anew because something hinted that the cache is wrong about them.
type readQueue struct {
	mu   sync.Mutex
	ids  map[ConversationID]bool
	more chan struct{}
}

func newReadQueue() *readQueue {
	return &readQueue{ids: map[ConversationID]bool{}, more: make(chan struct{}, 1)}
}

func (q *readQueue) add(ids []ConversationID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range ids {
		q.ids[id] = true
	}
	poke(q.more)
}

// take removes up to n conversations.
func (q *readQueue) take(n int) []ConversationID {
	q.mu.Lock()
	defer q.mu.Unlock()
	var ids []ConversationID
	for id := range q.ids {
		if len(ids) == n {
			break
		}
		ids = append(ids, id)
		delete(q.ids, id)
	}
	slices.Sort(ids)
	return ids
}

// readSoon has conversations read anew.
func (s *accountSync) readSoon(ids []ConversationID) { s.reads.add(ids) }

// readQueued reads what hints named, many in one call.
func (s *accountSync) readQueued(ctx context.Context) error {
	failures := 0
	for {
		ids := s.reads.take(readBatch)
		if len(ids) == 0 {
			select {
			case <-s.reads.more:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := s.readAgain(ctx, ids); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			failures++
			s.reads.add(ids)
			s.log.WarnContext(ctx, "read conversations again", "error", err.Error())
			if !wait(ctx, backoff(time.Second, failures)) {
				return ctx.Err()
			}
			continue
		}
		failures = 0
	}
}

// readAgain reads conversations by number and forgets those that Chatwoot no longer has. At most readBatch at a time.
func (s *accountSync) readAgain(ctx context.Context, ids []ConversationID) error {
	c, _, err := s.client(ctx, s.id)
	if err != nil {
		return err
	}
	c = c.In(chatwoot.LaneBackground)
	at := s.Clock()
	numbers := make([]int64, 0, len(ids))
	for _, id := range ids {
		numbers = append(numbers, int64(id))
	}
	found, err := c.ConversationsByID(ctx, numbers)
	if err != nil {
		return err
	}
	if _, err := s.applyRead(ctx, found, FromReconcile, at); err != nil {
		return err
	}
	for _, conv := range found {
		ids = slices.DeleteFunc(ids, func(id ConversationID) bool { return id == ConversationID(conv.ID) })
	}
	return s.forgetGone(ctx, c, ids)
}

// forgetGone drops the conversations that a read by number, too, says are gone: a list may leave one out for other reasons.
func (s *accountSync) forgetGone(ctx context.Context, c *chatwoot.Client, ids []ConversationID) error {
	var gone []ConversationID
	for _, id := range ids {
		at := s.Clock()
		conv, err := c.Conversation(ctx, int64(id))
		switch {
		case errors.Is(err, chatwoot.KindNotFound):
			gone = append(gone, id)
		case err != nil:
			return err
		default:
			if _, err := s.applyRead(ctx, []chatwoot.Conversation{conv}, FromReconcile, at); err != nil {
				return err
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if _, err := c.Account(ctx); err != nil { // an account that is gone, too, answers 404: that is no reason to forget its conversations
		return fmt.Errorf("make sure of the account: %w", err)
	}
	applied, err := s.Store.Forget(ctx, s.id, gone, FromReconcile)
	if err != nil {
		return err
	}
	s.log.InfoContext(ctx, "conversations gone upstream", "count", len(gone))
	s.publish(applied.Changes)
	return nil
}
