package web

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/chatlane/chatlane/templates"
)

// ticketLife is how long a sign-in link is good for.
const ticketLife = time.Hour

// tickets are the sign-in links that were made and not yet used. They live as long as the process: a restart prints a new one.
type tickets struct {
	mu   sync.Mutex
	open map[[sha256.Size]byte]time.Time // hash of the ticket → when it ends
}

// SignInLink makes a path that lets one person in, once, within an hour.
func (s *Server) SignInLink() string { return templates.SignInPath + "/" + s.tickets.issue(s.Clock()) }

func (t *tickets) issue(now time.Time) string {
	ticket := rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = map[[sha256.Size]byte]time.Time{}
	}
	t.open[sha256.Sum256([]byte(ticket))] = now.Add(ticketLife)
	return ticket
}

// valid reports whether a ticket can be used. Looking does not use it up: mail scanners and browsers open links in advance.
func (t *tickets) valid(ticket string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return now.Before(t.open[sha256.Sum256([]byte(ticket))])
}

// redeem uses a ticket up.
func (t *tickets) redeem(ticket string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := sha256.Sum256([]byte(ticket))
	ends := t.open[key]
	delete(t.open, key)
	return now.Before(ends)
}
