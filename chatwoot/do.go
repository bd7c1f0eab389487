package chatwoot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go"
)

// do makes the call: it takes its lane and its part of the budget, asks the breaker, and repeats what may be repeated.
func (c *call) do(ctx context.Context) (*answer, error) {
	if c.broken != nil {
		return nil, fmt.Errorf("chatwoot: %s %s: encode: %w", c.method, c.path, c.broken)
	}
	if c.client.once {
		return c.attempt(ctx)
	}
	var last error
	a, err := failsafe.With[*answer](c.client.server.retry).WithContext(ctx).Get(func() (*answer, error) {
		a, err := c.attempt(ctx)
		last = err
		return a, err
	})
	var e *Error
	if err != nil && !errors.As(err, &e) {
		return nil, c.interrupted(ctx, last, err)
	}
	return a, err
}

// interrupted is the error when the context ended between two attempts. The last failure says more than the deadline does.
func (c *call) interrupted(ctx context.Context, last, err error) error {
	var e *Error
	if !errors.As(last, &e) || errors.Is(ctx.Err(), context.Canceled) {
		return c.ended(ctx, err)
	}
	f := *e
	f.cause = errors.Join(e.cause, context.Cause(ctx))
	return &f
}

// ended is the error of a caller's context that is over, or of err when it is not.
func (c *call) ended(ctx context.Context, err error) *Error {
	e := c.fail(KindCanceled)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Kind = KindTimeout
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	e.cause = err
	return e
}

// attempt makes one request.
func (c *call) attempt(ctx context.Context) (*answer, error) {
	s := c.client.server
	leave, err := s.lanes.enter(ctx, c.client.lane)
	if err != nil {
		return nil, c.ended(ctx, err)
	}
	defer leave()
	if err := c.pay(ctx); err != nil {
		return nil, err
	}
	if !s.breaker.TryAcquirePermit() {
		return nil, c.fail(KindBreakerOpen)
	}
	started := time.Now()
	a, err := c.send(ctx)
	var e *Error
	if errors.As(err, &e) {
		c.judge(ctx, e)
	}
	c.record(ctx, e, started)
	return a, err
}

// pay takes the request from the server's budget, waiting if it is used up and the caller has the time.
func (c *call) pay(ctx context.Context) error {
	s := c.client.server
	for {
		wait := s.budget.take(time.Now(), c.client.lane)
		if wait == 0 {
			return nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			e := c.fail(KindThrottled)
			e.RetryAt = time.Now().Add(wait)
			return e
		}
		if err := sleep(ctx, wait); err != nil {
			return c.ended(ctx, err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// send sends the request and reads the whole answer within the attempt's time.
func (c *call) send(ctx context.Context) (*answer, error) {
	s := c.client.server
	attempt, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	req, err := c.request(attempt)
	if err != nil {
		return nil, err
	}
	res, err := s.http.Do(req)
	if err != nil {
		return nil, c.unsent(ctx, attempt, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, c.limit+1))
	if err != nil {
		e := c.brokenOff(ctx, attempt, err)
		e.Status = res.StatusCode
		return nil, e
	}
	a := &answer{call: c, status: res.StatusCode, header: res.Header, body: body}
	switch {
	case int64(len(body)) > c.limit:
		e := c.fail(KindTooLarge)
		e.Status = a.status
		return nil, e
	case a.status < 200 || a.status > 299:
		return nil, c.refused(a)
	case cutShort(a):
		e := c.fail(KindBroken)
		e.Status, e.Reason = a.status, "cut short"
		return nil, e
	}
	return a, nil
}

// cutShort reports whether a body that says it is JSON ends in the middle. Proxies end such answers as if they were complete.
func cutShort(a *answer) bool {
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") || len(a.body) == 0 {
		return false
	}
	if first := firstByte(a.body); first != '{' && first != '[' {
		return false
	}
	last := bytes.TrimRight(a.body, " \t\r\n")
	if end := last[len(last)-1]; end != '}' && end != ']' {
		return true
	}
	return !json.Valid(a.body)
}

// unsent is the error of a request that got no answer.
func (c *call) unsent(ctx, attempt context.Context, err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // the outer error repeats the address with its query
	}
	if ctx.Err() != nil {
		return c.ended(ctx, err)
	}
	e := c.fail(KindUnreachable)
	e.cause = err
	switch {
	case attempt.Err() != nil:
		e.Kind = KindTimeout
	case errors.Is(err, KindPrivateAddress):
		e.Kind = KindPrivateAddress
	default:
		e.Kind, e.Reason = networkReason(err)
	}
	return e
}

func (c *call) brokenOff(ctx, attempt context.Context, err error) *Error {
	if ctx.Err() != nil {
		return c.ended(ctx, err)
	}
	e := c.fail(KindBroken)
	e.Reason, e.cause = "reset", err
	switch {
	case attempt.Err() != nil:
		e.Kind, e.Reason = KindTimeout, ""
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Reason = "cut short"
	}
	return e
}

// fairPatience is how long a caller has to have waited before its giving up counts against the server.
const fairPatience = 5 * time.Second

// record tells the breaker, the health page and the log what became of an attempt.
func (c *call) record(ctx context.Context, e *Error, started time.Time) {
	s := c.client.server
	switch {
	case e == nil:
		s.breaker.RecordSuccess()
	case e.Kind == KindCanceled, e.Kind == KindPrivateAddress, ctx.Err() != nil && time.Since(started) < fairPatience:
		// It says nothing of the server. But a probe of a half-open breaker has to give its permit back.
		if s.breaker.IsHalfOpen() {
			s.breaker.RecordFailure()
		}
	case e.Kind.passing():
		s.breaker.RecordFailure()
	default:
		s.breaker.RecordSuccess() // it answers
	}
	s.health.record(e, time.Now())
	status, kind := http.StatusOK, Kind("")
	if e != nil {
		status, kind = e.Status, e.Kind
	}
	s.log.Debug("request", "method", c.method, "path", c.path, "status", status, "kind", string(kind),
		"took", time.Since(started), "lane", fmt.Sprint(c.client.lane))
}
