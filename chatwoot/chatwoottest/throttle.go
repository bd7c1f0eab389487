package chatwoottest

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// throttle counts in fixed windows aligned to the epoch, as rack-attack does.
type throttle struct {
	mu      sync.Mutex
	windows map[string]window
}

type window struct {
	start int64
	count int
}

func newThrottle() *throttle { return &throttle{windows: map[string]window{}} }

// over counts one more for the key and says whether that is too many.
func (t *throttle) over(key string, limit int, period time.Duration, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	start := now.Unix() / int64(period.Seconds())
	w := t.windows[key]
	if w.start != start {
		w = window{start: start}
	}
	w.count++
	t.windows[key] = w
	return w.count > limit
}

// throttled applies one of Chatwoot's special rules. Loopback is exempt, as in
// Chatwoot, unless the server was asked to limit (Options.RateLimit) or the
// request came through a proxy (X-Forwarded-For).
func (c *call) throttled(rule, key string, limit int, period time.Duration) bool {
	if c.exempt(c.r) {
		return false
	}
	return c.throttle.over(rule+"|"+key, limit, period, c.opts.Clock())
}

// signInThrottled is throttled for the rules of sign-in, which may be asked for
// on their own (Options.ThrottleSignIn).
func (c *call) signInThrottled(rule, key string, limit int, period time.Duration) bool {
	if c.exempt(c.r) && !c.opts.ThrottleSignIn {
		return false
	}
	return c.throttle.over("sign_in/"+rule+"|"+key, limit, period, c.opts.Clock())
}

func (s *Server) exempt(r *http.Request) bool {
	ip := net.ParseIP(clientIP(r))
	return s.opts.RateLimit <= 0 && (ip == nil || ip.IsLoopback())
}

// clientIP is the address a request is counted under.
func clientIP(r *http.Request) string {
	if forwarded, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); forwarded != "" {
		return strings.TrimSpace(forwarded)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// signInLimit is per address and window of five minutes.
const signInLimit = 5

// limited applies the general rule, and the one of sign-in by address.
func (s *Server) limited(r *http.Request) bool {
	signIn := r.Method == http.MethodPost && r.URL.Path == "/auth/sign_in"
	free := s.exempt(r) && (!signIn || !s.opts.ThrottleSignIn)
	if r.URL.Path == "/health" || free {
		return false
	}
	now, ip := s.opts.Clock(), clientIP(r)
	if s.opts.RateLimit > 0 && s.throttle.over("req|"+ip, s.opts.RateLimit, time.Minute, now) {
		return true
	}
	return signIn && s.throttle.over("sign_in|"+ip, signInLimit, 5*time.Minute, now)
}
