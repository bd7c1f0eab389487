package web

import (
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// attempts limits how often somebody may guess: a handful at once and then one every few seconds from each address, and fewer at each
// account, since whoever has many addresses is still guessing the same password.
type attempts struct {
	clock func() time.Time

	mu     sync.Mutex
	each   map[attemptKey]*attempt
	looked time.Time // when the map was last tidied
}

// attemptKey is an address or an account, hashed: neither has to be kept, and its length is bounded.
type attemptKey [sha256.Size]byte

type attempt struct {
	*rate.Limiter
	last time.Time
}

// limit is how many guesses are free, and how soon another one is.
type limit struct {
	atOnce int
	every  time.Duration
}

var (
	addressLimit = limit{5, 12 * time.Second}
	// accountLimit is a little narrower than Chatwoot's own of ten in a quarter of an hour (CONTRACT 3.1).
	accountLimit = limit{8, 2 * time.Minute}
	// operatorLimit is for the one password that everybody may guess at: nobody can lock the operator out for long.
	operatorLimit = limit{100, time.Second}
)

// attemptsForgotten is after how long any limit is as fresh as in the beginning.
const attemptsForgotten = 20 * time.Minute

func newAttempts(clock func() time.Time) *attempts {
	return &attempts{clock: clock, each: map[attemptKey]*attempt{}}
}

// operatorAccount is the operator's among the accounts that are guessed at. No address is empty.
const operatorAccount = "operator"

// personAccount is a person's: their e-mail address at a Chatwoot.
func personAccount(server, email string) string {
	return "person " + server + " " + strings.ToLower(strings.TrimSpace(email))
}

// allow counts a guess from an address at an account, which may be empty: nothing that could be counted. forgive takes a guess back
// that was right. ok is false when the guess may not be made; then the account does not suffer for it.
func (a *attempts) allow(address, account string) (forgive func(), ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock()
	a.tidy(now)
	first := a.take("address "+network(address), addressLimit, now)
	if first == nil {
		return nil, false
	}
	if account == "" {
		return func() { first.CancelAt(now) }, true
	}
	second := a.take("account "+account, limitOf(account), now)
	if second == nil {
		return nil, false
	}
	return func() { first.CancelAt(now); second.CancelAt(now) }, true
}

func limitOf(account string) limit {
	if account == operatorAccount {
		return operatorLimit
	}
	return accountLimit
}

// take counts a guess; nil when there were too many.
func (a *attempts) take(name string, l limit, now time.Time) *rate.Reservation {
	key := sha256.Sum256([]byte(name))
	one, ok := a.each[key]
	if !ok {
		one = &attempt{Limiter: rate.NewLimiter(rate.Every(l.every), l.atOnce)}
		a.each[key] = one
	}
	one.last = now
	r := one.ReserveN(now, 1)
	if r.DelayFrom(now) > 0 {
		r.CancelAt(now)
		return nil
	}
	return r
}

// tidy drops those that were not heard of for so long that they may guess afresh anyway.
func (a *attempts) tidy(now time.Time) {
	if now.Sub(a.looked) < time.Minute {
		return
	}
	a.looked = now
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
