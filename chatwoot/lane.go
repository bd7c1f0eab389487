package chatwoot

import (
	"context"
	"sync"
	"time"
)

// Lane says who a call is for, and so who goes first.
type Lane int

// The lanes.
const (
	// LaneInteractive: a person waits for the page. The default.
	LaneInteractive Lane = iota
	// LaneMove: a card that a person moved. It may use the part of the budget kept for moves.
	LaneMove
	// LaneBackground: import and reconciliation. At most two calls at a time on a server, and none starts while a move is under way.
	LaneBackground
)

// String returns the lane's name.
func (l Lane) String() string {
	switch l {
	case LaneMove:
		return "move"
	case LaneBackground:
		return "background"
	}
	return "interactive"
}

const (
	// A small server gains nothing by more readers and is only slower for its people (recordings, 12).
	maxBackground = 2
	// However many moves there are, reconciliation must go on.
	maxYield = 5 * time.Second
)

// lanes counts what is in flight on a server.
type lanes struct {
	mu         sync.Mutex
	moves      int
	background int
	changed    chan struct{} // closed and replaced when a call ends
}

func newLanes() *lanes { return &lanes{changed: make(chan struct{})} }

// enter waits for the lane to be free and returns the function that leaves it.
func (l *lanes) enter(ctx context.Context, lane Lane) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch lane {
	case LaneMove:
		return l.enterMove(), nil
	case LaneBackground:
		return l.enterBackground(ctx)
	}
	return func() {}, nil
}

func (l *lanes) enterMove() func() {
	l.mu.Lock()
	l.moves++
	l.mu.Unlock()
	return func() { l.leave(&l.moves) }
}

func (l *lanes) enterBackground(ctx context.Context) (func(), error) {
	patience := time.NewTimer(maxYield)
	defer patience.Stop()
	yields := true
	for {
		l.mu.Lock()
		if l.background < maxBackground && (l.moves == 0 || !yields) {
			l.background++
			l.mu.Unlock()
			return func() { l.leave(&l.background) }, nil
		}
		changed := l.changed
		l.mu.Unlock()
		select {
		case <-changed:
		case <-patience.C:
			yields = false
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (l *lanes) leave(count *int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*count--
	close(l.changed)
	l.changed = make(chan struct{})
}
