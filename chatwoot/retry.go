package chatwoot

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

const (
	maxRetries   = 3
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 8 * time.Second

	// Five failures one after another open the breaker; after the delay one request may try.
	breakerFailures = 5
	breakerDelay    = 5 * time.Second
)

// judge decides whether do may repeat the call after this error, and when.
func (c *call) judge(ctx context.Context, e *Error) {
	switch {
	case e.Kind == KindThrottled:
		e.RetryAt = nextWindow(time.Now(), e.date)
		if c.sharedLimit() {
			c.client.server.budget.pause(e.RetryAt)
		}
		// Chatwoot counts before it works, so a throttled write was not carried out and may be repeated whatever it is.
		deadline, ok := ctx.Deadline()
		e.again = !c.signIn && (!ok || deadline.After(e.RetryAt))
	case e.Kind.passing():
		e.again = c.repeatable
	}
}

// sharedLimit reports whether a 429 to this call says that the whole server is tired of us. The calls with a limit of their own
// say nothing of the others (CONTRACT 3.1).
func (c *call) sharedLimit() bool {
	return !c.signIn && !strings.HasSuffix(c.path, "/conversations/meta") && !strings.HasSuffix(c.path, "/contacts/search")
}

// nextWindow is when Chatwoot counts anew: its windows are minutes of its own clock, and it sends no Retry-After (CONTRACT 3.1).
// A little is added so that not all waiters come at the same moment.
func nextWindow(now time.Time, theirs time.Time) time.Time {
	var skew time.Duration
	if !theirs.IsZero() {
		skew = theirs.Sub(now)
	}
	boundary := now.Add(skew).Truncate(time.Minute).Add(time.Minute).Add(-skew)
	return boundary.Add(time.Second + rand.N(2*time.Second))
}

// serverDate reads the clock of whoever answered; zero when it does not say, or says something absurd.
func serverDate(h http.Header) time.Time {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil || time.Since(at).Abs() > time.Hour {
		return time.Time{}
	}
	return at
}

func newRetryPolicy() retrypolicy.RetryPolicy[*answer] {
	return retrypolicy.NewBuilder[*answer]().
		HandleIf(func(_ *answer, err error) bool {
			var e *Error
			return errors.As(err, &e) && e.again
		}).
		WithMaxRetries(maxRetries).
		WithDelayFunc(func(exec failsafe.ExecutionAttempt[*answer]) time.Duration {
			return retryDelay(exec.LastError(), exec.Attempts())
		}).
		ReturnLastFailure().
		Build()
}

// retryDelay is how long to wait after the given attempt, counted from 1.
func retryDelay(err error, attempt int) time.Duration {
	var e *Error
	if errors.As(err, &e) && !e.RetryAt.IsZero() {
		return max(0, time.Until(e.RetryAt))
	}
	d := min(firstBackoff<<(attempt-1), maxBackoff)
	return d*3/4 + rand.N(d/2) // spread, so that callers that failed together do not come back together
}

func newBreaker(log *slog.Logger) circuitbreaker.CircuitBreaker[*answer] {
	return circuitbreaker.NewBuilder[*answer]().
		WithFailureThreshold(breakerFailures).
		WithSuccessThreshold(1).
		WithDelay(breakerDelay).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			log.Warn("circuit breaker", "was", e.OldState.String(), "is", e.NewState.String())
		}).
		Build()
}
