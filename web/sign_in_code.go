package web

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// codeLife is how long Chatwoot takes the second factor after the first (CONTRACT 2.4).
	codeLife = 5 * time.Minute
	// codeTries is how many codes may be tried before the password is due again.
	codeTries = 5
	// codeKey is where a session keeps which sign-in of codes is its own.
	codeKey = "code"
)

// codes are the sign-ins that wait for a second factor, each bound to a session. They are in memory alone: Chatwoot's token of the
// first step is in no form, no cookie and no database.
type codes struct {
	mu   sync.Mutex
	kept map[string]codeDue
}

// codeDue is a sign-in whose e-mail address and password were right.
type codeDue struct {
	server, mfaToken string
	back             string // where to go afterwards
	tries            int
	ends             time.Time
}

// awaitCode keeps a sign-in that waits for its code.
func (s *Server) awaitCode(c echo.Context, d door, due codeDue) error {
	ctx, now := c.Request().Context(), s.Clock()
	if err := d.sessions.RenewToken(ctx); err != nil {
		return err
	}
	key := rand.Text()
	due.ends = now.Add(codeLife)
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	for k, old := range s.codes.kept {
		if now.After(old.ends) {
			delete(s.codes.kept, k)
		}
	}
	if s.codes.kept == nil {
		s.codes.kept = map[string]codeDue{}
	}
	delete(s.codes.kept, d.sessions.GetString(ctx, codeKey))
	s.codes.kept[key] = due
	d.sessions.Put(ctx, codeKey, key)
	return nil
}

// codeAwaited is the sign-in of the request's session that waits for a code; false when there is none, or not any more.
func (s *Server) codeAwaited(c echo.Context, d door) (codeDue, bool) {
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	due, ok := s.codes.kept[d.sessions.GetString(c.Request().Context(), codeKey)]
	return due, ok && s.Clock().Before(due.ends)
}

// tryCode counts a try of a code; false when there were too many, or it took too long: the password is due again.
func (s *Server) tryCode(c echo.Context, d door) (codeDue, bool) {
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	key := d.sessions.GetString(c.Request().Context(), codeKey)
	due, ok := s.codes.kept[key]
	if !ok || !s.Clock().Before(due.ends) || due.tries >= codeTries {
		delete(s.codes.kept, key)
		return codeDue{}, false
	}
	due.tries++
	s.codes.kept[key] = due
	return due, true
}

// codeDone ends the waiting.
func (s *Server) codeDone(c echo.Context, d door) {
	ctx := c.Request().Context()
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	delete(s.codes.kept, d.sessions.GetString(ctx, codeKey))
	d.sessions.Remove(ctx, codeKey)
}
