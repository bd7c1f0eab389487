package web

import (
	"context"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
)

// forgottenFor is how long it is remembered that a session ended: longer than any request that may still want to save it.
const forgottenFor = 15 * time.Minute

// sessionStore lets sessions that ended stay so. A request that began before somebody signed out, and saves its session after that,
// would otherwise bring it back.
type sessionStore struct {
	scs.CtxStore
	clock func() time.Time

	mu    sync.RWMutex
	ended map[string]time.Time
}

func newSessionStore(s scs.CtxStore, clock func() time.Time) *sessionStore {
	return &sessionStore{CtxStore: s, clock: clock, ended: map[string]time.Time{}}
}

// CommitCtx saves a session, unless it ended.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ended := s.ended[token]; ended {
		return nil
	}
	return s.CtxStore.CommitCtx(ctx, token, data, expiry)
}

// DeleteCtx ends a session.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	s.end(token)
	return s.CtxStore.DeleteCtx(ctx, token)
}

// end waits for those who save sessions at this moment; whoever comes later is not heard.
func (s *sessionStore) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for t, at := range s.ended {
		if now.Sub(at) > forgottenFor {
			delete(s.ended, t)
		}
	}
	s.ended[token] = now
}
