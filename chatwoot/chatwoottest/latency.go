package chatwoottest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Latency says what answers cost. The zero value costs nothing.
type Latency struct {
	fixed time.Duration
	small bool
	scale float64
}

// Fixed makes every answer take d, half before and half after it is decided.
func Fixed(d time.Duration) Latency { return Latency{fixed: d} }

// SmallServer is a machine with two cores as measured (recordings, 12): about
// 70 rows a second shared by all readers, a page of 25 in 360 ms, and 500 for
// what takes longer than 15 s. Scale speeds it up: 0.1 is ten times as fast.
func SmallServer(scale float64) Latency { return Latency{small: true, scale: scale} }

// ParseLatency reads "none", "small-server" or a duration like "50ms".
func ParseLatency(text string) (Latency, error) {
	switch text {
	case "", "none":
		return Latency{}, nil
	case "small-server":
		return SmallServer(1), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return Latency{}, fmt.Errorf("latency %q: want none, small-server or a duration like 50ms", text)
	}
	return Fixed(d), nil
}

// Costs of the small server.
const (
	rowCost        = 14600 * time.Microsecond
	showCost       = 30 * time.Millisecond
	readLabelsCost = 15 * time.Millisecond
	setLabelsCost  = 74 * time.Millisecond
	writeCost      = 60 * time.Millisecond
	otherCost      = 15 * time.Millisecond
	requestTimeout = 15 * time.Second
	slice          = 15 * time.Millisecond
)

// pace is the server's capacity: one processor that everybody's requests share
// in turns, a slice at a time.
type pace struct {
	Latency
	processor chan struct{}
}

func newPace(l Latency) *pace {
	if l.scale <= 0 {
		l.scale = 1
	}
	return &pace{Latency: l, processor: make(chan struct{}, 1)}
}

// cost is what a request costs besides its rows.
func (p *pace) cost(r *http.Request) time.Duration {
	if !p.small {
		return p.fixed
	}
	labels := strings.HasSuffix(r.URL.Path, "/labels") && strings.Contains(r.URL.Path, "/conversations/")
	switch {
	case labels && r.Method == http.MethodGet:
		return readLabelsCost
	case labels:
		return setLabelsCost
	case strings.HasSuffix(r.URL.Path, "/conversations") && r.Method == http.MethodGet, strings.HasSuffix(r.URL.Path, "/filter"):
		return 0 // the rows cost
	case r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/conversations/"):
		return showCost
	case r.Method == http.MethodGet:
		return otherCost
	}
	return writeCost
}

// spend takes d of the server's time; false when the request has run out of
// the fifteen seconds it may take, or has gone away.
func (p *pace) spend(ctx context.Context, started time.Time, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	if !p.small {
		return sleep(ctx, d)
	}
	for ; d > 0; d -= slice {
		if time.Since(started) > p.scaled(requestTimeout) || !p.turn(ctx, p.scaled(min(d, slice))) {
			return false
		}
	}
	return true
}

func (p *pace) turn(ctx context.Context, d time.Duration) bool {
	select {
	case p.processor <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-p.processor }()
	return sleep(ctx, d)
}

func (p *pace) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) * p.scale) }

// sleep waits, or returns false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// startedKey is where front keeps the start of a request.
type startedKey struct{}

// spendRows pays for the rows of a list; false means the request timed out.
func (c *call) spendRows(rows int) bool {
	if !c.pace.small {
		return true
	}
	started, _ := c.r.Context().Value(startedKey{}).(time.Time)
	return c.pace.spend(c.r.Context(), started, time.Duration(rows)*rowCost)
}
