package store

import "time"

// patience is how much longer others have the writer to themselves than a patient job had it. Chatwoot waits for the answer to a
// webhook and a person for the answer to a move, but nobody waits for what a webhook means: while many come, it may lag behind.
const patience = 3

// turn says when patient jobs may run. Only the writer's goroutine uses it.
type turn struct {
	at     time.Time // not before; zero when nobody else writes
	others bool      // somebody else wrote since the last patient job
	timer  *time.Timer
}

// open returns the queue of patient jobs if it is their turn, else when to look again.
func (t *turn) open(patient <-chan *job) (<-chan *job, <-chan time.Time) {
	wait := time.Until(t.at)
	if t.at.IsZero() || wait <= 0 {
		return patient, nil
	}
	if t.timer == nil {
		t.timer = time.NewTimer(wait)
	} else {
		t.timer.Reset(wait)
	}
	return nil, t.timer.C
}

// took notes that a patient job, and what shared its commit, had the writer for a while.
func (t *turn) took(d time.Duration) {
	t.at = time.Time{}
	if t.others {
		t.at = time.Now().Add(patience * d)
	}
	t.others = false
}
