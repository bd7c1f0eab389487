package chatwoot

import (
	"sync"
	"time"
)

// budget counts the requests of the last minute and says whether one more may go. The minute slides, so the count holds however
// the server's clock stands to ours.
type budget struct {
	total   int // what we allow ourselves
	reserve int // the part of it kept for moves

	mu     sync.Mutex
	slots  [budgetSeconds]slot
	paused time.Time // after a 429: nothing goes before
}

// slot is one second.
type slot struct {
	second int64
	count  int
}

// budgetSeconds is a minute and one second more, because a request counted in the oldest second may have been made at its end.
const budgetSeconds = 61

func newBudget(perMinute int) *budget {
	total := max(1, perMinute*9/10)
	return &budget{total: total, reserve: total / 10}
}

// limit is what a lane may use. The background leaves a tenth to people as well, or an import would make them wait for minutes.
func (b *budget) limit(lane Lane) int {
	switch lane {
	case LaneMove:
		return b.total
	case LaneBackground:
		return b.total - 2*b.reserve
	}
	return b.total - b.reserve
}

// take counts a request and returns 0, or returns how long to wait before asking again.
func (b *budget) take(now time.Time, lane Lane) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if wait := b.paused.Sub(now); wait > 0 {
		return wait
	}
	used, oldest := b.used(now)
	if used >= b.limit(lane) {
		return time.Unix(oldest+budgetSeconds, 0).Sub(now)
	}
	second := now.Unix()
	s := &b.slots[second%budgetSeconds]
	if s.second != second {
		*s = slot{second: second}
	}
	s.count++
	return 0
}

// pause holds everything back until the given moment.
func (b *budget) pause(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until.After(b.paused) {
		b.paused = until
	}
}

// used returns the requests that still count and the second of the oldest.
func (b *budget) used(now time.Time) (count int, oldest int64) {
	since := now.Unix() - budgetSeconds
	for _, s := range b.slots {
		if s.count == 0 || s.second <= since {
			continue
		}
		count += s.count
		if oldest == 0 || s.second < oldest {
			oldest = s.second
		}
	}
	return count, oldest
}

func (b *budget) usage(now time.Time) (used int, paused time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	used, _ = b.used(now)
	if b.paused.After(now) {
		paused = b.paused
	}
	return used, paused
}
