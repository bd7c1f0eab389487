package chatwoot

import (
	"sync"
	"time"
)

// Health is what a server's page says of the connection.
type Health struct {
	RequestsLastMinute int
	Budget             int       // requests a minute that we allow ourselves
	PausedUntil        time.Time // after a 429; zero when not paused
	Breaker            string    // closed, open, half-open
	Throttled          int       // 429 answers since the start
	LastSuccessAt      time.Time
	LastError          Kind // empty when there was none
	LastErrorAt        time.Time
}

type health struct {
	mu          sync.Mutex
	throttled   int
	successAt   time.Time
	lastError   Kind
	lastErrorAt time.Time
}

// record keeps what an attempt tells about the connection. An answer that refuses something proves the connection well.
func (h *health) record(e *Error, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case e == nil:
		h.successAt = at
		return
	case e.Kind == KindCanceled, e.Kind == KindNotFound, e.Kind == KindInvalid, e.Kind == KindNotAllowed:
		return
	case e.Kind == KindThrottled:
		h.throttled++
	}
	h.lastError, h.lastErrorAt = e.Kind, at
}

// Health returns how the connection to the server is.
func (s *Server) Health() Health {
	used, paused := s.budget.usage(time.Now())
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	return Health{
		RequestsLastMinute: used,
		Budget:             s.budget.total,
		PausedUntil:        paused,
		Breaker:            s.breaker.State().String(),
		Throttled:          s.health.throttled,
		LastSuccessAt:      s.health.successAt,
		LastError:          s.health.lastError,
		LastErrorAt:        s.health.lastErrorAt,
	}
}
