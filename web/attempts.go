package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// attempts limits how often somebody may guess the password: a handful at once and then one every few seconds for each address,
// and a larger number for all addresses together, since whoever has many is still guessing the same password.
type attempts struct {
	clock func() time.Time

	mu   sync.Mutex
	all  *rate.Limiter
	each map[string]*attempt
}

type attempt struct {
	*rate.Limiter
	last time.Time
}

const (
	attemptsAtOnce    = 5
	attemptEvery      = 12 * time.Second
	attemptsAllAtOnce = 100
	attemptsForgotten = 10 * time.Minute
)

func newAttempts(clock func() time.Time) *attempts {
	return &attempts{
		clock: clock,
		all:   rate.NewLimiter(rate.Every(time.Second), attemptsAllAtOnce),
		each:  map[string]*attempt{},
	}
}

// allow counts an attempt from an address and reports whether it may be made.
func (a *attempts) allow(address string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now, key := a.clock(), network(address)
	one, ok := a.each[key]
	if !ok {
		a.forget(now)
		one = &attempt{Limiter: rate.NewLimiter(rate.Every(attemptEvery), attemptsAtOnce)}
		a.each[key] = one
	}
	one.last = now
	return one.AllowN(now, 1) && a.all.AllowN(now, 1)
}

// forget drops addresses that were not heard of for so long that they may guess afresh anyway.
func (a *attempts) forget(now time.Time) {
	for key, one := range a.each {
		if now.Sub(one.last) > attemptsForgotten {
			delete(a.each, key)
		}
	}
}

// network is what counts as one address: with IPv6 a household has a whole /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
