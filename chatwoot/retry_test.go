package chatwoot_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// failing answers with the failure as often as told, then well.
type failing struct {
	times int
	fail  func(*http.Request) (*http.Response, error)
	good  string
	calls int
	at    []time.Time
	body  []string
}

func (f *failing) RoundTrip(r *http.Request) (*http.Response, error) {
	f.calls++
	f.at = append(f.at, time.Now())
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		f.body = append(f.body, string(b))
	}
	if f.calls <= f.times {
		return f.fail(r)
	}
	return response(200, "application/json", f.good), nil
}

func (f *failing) client(t *testing.T) *chatwoot.Client {
	t.Helper()
	return newClient(t, nil, func(c *chatwoot.ServerConfig) { c.Transport = f })
}

func response(status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

func status(code int, body string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return response(code, "application/json", body), nil }
}

func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// pass lets time pass in a synctest bubble.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // it moves the bubble's clock, and nobody waits
}

func reset(*http.Request) (*http.Response, error) { return nil, syscall.ECONNRESET }

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
func (brokenBody) Close() error             { return nil }

func cutOff(*http.Request) (*http.Response, error) {
	r := response(200, "application/json", "")
	r.Body = brokenBody{}
	return r, nil
}

var failures = map[string]struct {
	fail func(*http.Request) (*http.Response, error)
	kind chatwoot.Kind
}{
	"500":                 {status(500, `{"status":500,"error":"Internal Server Error"}`), chatwoot.KindUnavailable},
	"502 page":            {status(502, `<html>`), chatwoot.KindUnavailable},
	"hang":                {hang, chatwoot.KindTimeout},
	"reset":               {reset, chatwoot.KindBroken},
	"refused":             {func(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }, chatwoot.KindUnreachable},
	"cut off":             {cutOff, chatwoot.KindBroken},
	"cut short":           {status(200, `{"payload":["a","b`), chatwoot.KindBroken},
	"cut after a bracket": {status(200, `{"payload":["a","b"]`), chatwoot.KindBroken},
}

func TestReadsAreRepeated(t *testing.T) {
	t.Parallel()
	for name, f := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				far := &failing{times: 2, fail: f.fail, good: `{"payload":["a"]}`}
				labels, err := far.client(t).ConversationLabels(t.Context(), 1)
				require.NoError(t, err)
				require.Equal(t, []string{"a"}, labels)
				require.Equal(t, 3, far.calls)
			})
			synctest.Test(t, func(t *testing.T) {
				far := &failing{times: 9, fail: f.fail}
				_, err := far.client(t).ConversationLabels(t.Context(), 1)
				require.ErrorIs(t, err, f.kind)
				require.Equal(t, 4, far.calls)
			})
			synctest.Test(t, func(t *testing.T) {
				far := &failing{times: 9, fail: f.fail}
				_, err := far.client(t).Once().ConversationLabels(t.Context(), 1)
				require.ErrorIs(t, err, f.kind)
				require.Equal(t, 1, far.calls)
			})
		})
	}
}

func TestWritesThatAreRepeated(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*chatwoot.Client) error{
		"labels": func(c *chatwoot.Client) error {
			return second(c.SetConversationLabels(context.Background(), 1, []string{"a"}))
		},
		"attributes": func(c *chatwoot.Client) error { return second(c.SetCustomAttributes(context.Background(), 1, nil)) },
		"assign":     func(c *chatwoot.Client) error { return second(c.Assign(context.Background(), 1, 2)) },
		"team":       func(c *chatwoot.Client) error { return c.AssignTeam(context.Background(), 1, 2) },
		"priority":   func(c *chatwoot.Client) error { return c.SetPriority(context.Background(), 1, "low") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				far := &failing{times: 1, fail: reset, good: `{"payload":["a"]}`}
				require.NoError(t, write(far.client(t)))
				require.Len(t, far.body, 2)
				require.Equal(t, far.body[0], far.body[1], "the body is sent again")
				require.NotEmpty(t, far.body[0])
			})
		})
	}
}

// creations must never be made twice because an answer was lost.
var creations = map[string]func(*chatwoot.Client) error{
	"message": func(c *chatwoot.Client) error {
		return second(c.CreateMessage(context.Background(), 1, chatwoot.NewMessage{Content: "x"}))
	},
	"conversation": func(c *chatwoot.Client) error {
		return second(c.CreateConversation(context.Background(), chatwoot.NewConversation{}))
	},
	"contact": func(c *chatwoot.Client) error {
		return second(c.CreateContact(context.Background(), chatwoot.ContactFields{}))
	},
	"label": func(c *chatwoot.Client) error { return second(c.CreateLabel(context.Background(), chatwoot.Label{})) },
	"webhook": func(c *chatwoot.Client) error {
		return second(c.CreateWebhook(context.Background(), chatwoot.Webhook{}))
	},
}

func TestCreationsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for name, create := range creations {
		for how, f := range failures {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					far := &failing{times: 9, fail: f.fail}
					err := create(far.client(t))
					require.ErrorIs(t, err, f.kind)
					require.Equal(t, 1, far.calls)
					var e *chatwoot.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, f.kind != chatwoot.KindUnreachable, e.MayHaveHappened())
				})
			})
		}
	}
}

func TestRefusalsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for _, code := range []int{400, 401, 402, 403, 404, 409, 422, 301} {
		synctest.Test(t, func(t *testing.T) {
			far := &failing{times: 9, fail: status(code, `{"error":"x"}`)}
			_, err := far.client(t).Profile(t.Context())
			require.Error(t, err)
			require.Equal(t, 1, far.calls)
		})
	}
}

func TestBackOffGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &failing{times: 9, fail: status(503, "")}
		_, err := far.client(t).Profile(t.Context())
		require.Error(t, err)
		for i, want := range []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second} {
			waited := far.at[i+1].Sub(far.at[i])
			require.InDelta(t, want.Seconds(), waited.Seconds(), want.Seconds()/4+0.001)
		}
	})
}

func TestThrottledCallsWaitForTheNextMinute(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*chatwoot.Client) error{
		"read":   func(c *chatwoot.Client) error { return second(c.ConversationLabels(context.Background(), 1)) },
		"create": func(c *chatwoot.Client) error { return second(c.CreateLabel(context.Background(), chatwoot.Label{})) },
	} {
		synctest.Test(t, func(t *testing.T) {
			pass(17 * time.Second) // into the minute
			far := &failing{times: 1, fail: status(429, "Retry later\n"), good: `{"payload":[],"id":1,"title":"x"}`}
			c := far.client(t)
			require.NoError(t, do(c), name)
			require.Len(t, far.at, 2)
			boundary := far.at[0].Truncate(time.Minute).Add(time.Minute)
			require.Greater(t, far.at[1], boundary)
			require.Less(t, far.at[1].Sub(boundary), 4*time.Second)
			require.Equal(t, 1, c.Server().Health().Throttled)
		})
	}
}

func TestTheirClockDecidesTheMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &failing{times: 1, good: `{"payload":[]}`, fail: func(*http.Request) (*http.Response, error) {
			r := response(429, "text/plain", "Retry later\n")
			r.Header.Set("Date", time.Now().Add(40*time.Second).UTC().Format(http.TimeFormat))
			return r, nil
		}}
		_, err := far.client(t).ConversationLabels(t.Context(), 1)
		require.NoError(t, err)
		require.Greater(t, far.at[1].Sub(far.at[0]), 20*time.Second)
		require.Less(t, far.at[1].Sub(far.at[0]), 24*time.Second)
	})
}

func TestWhoCannotWaitForTheMinuteIsToldAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		far := &failing{times: 9, fail: status(429, "Retry later\n")}
		c := far.client(t)
		started := time.Now()
		_, err := c.Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindThrottled)
		require.Zero(t, time.Since(started))
		var e *chatwoot.Error
		require.ErrorAs(t, err, &e)
		require.Greater(t, time.Until(e.RetryAt), 50*time.Second)

		// Others do not knock in vain.
		_, err = c.In(chatwoot.LaneMove).Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindThrottled)
		require.Equal(t, 1, far.calls)
		require.NotZero(t, c.Server().Health().PausedUntil)
	})
}

func TestTheOwnLimitOfACallHoldsNobodyElseUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &failing{times: 1, fail: status(429, "Retry later\n"), good: `{"id":1}`}
		c := far.client(t)
		_, err := c.Once().ConversationCounts(t.Context(), chatwoot.ListOptions{})
		require.ErrorIs(t, err, chatwoot.KindThrottled)
		started := time.Now()
		_, err = c.Profile(t.Context())
		require.NoError(t, err)
		require.Zero(t, time.Since(started))
	})
}

func TestSignInIsTriedOnce(t *testing.T) {
	t.Parallel()
	for _, fail := range []func(*http.Request) (*http.Response, error){reset, hang, status(500, "{}"), status(429, "Retry later\n")} {
		synctest.Test(t, func(t *testing.T) {
			far := &failing{times: 9, fail: fail}
			_, err := far.client(t).Server().SignIn(t.Context(), chatwoot.SignIn{Email: "a@example.com", Password: "pass-word"})
			require.Error(t, err)
			require.Equal(t, 1, far.calls)
		})
	}
}

func TestCallersThatGiveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // in the middle of a request
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		far := &failing{times: 9, fail: hang}
		_, err := far.client(t).Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindCanceled)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 1, far.calls)
	})
	synctest.Test(t, func(t *testing.T) { // while waiting to try again
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		far := &failing{times: 9, fail: status(503, "")}
		_, err := far.client(t).Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindUnavailable, "what failed says more than that time ran out")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 1, far.calls)
	})
	synctest.Test(t, func(t *testing.T) { // before it began
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		far := &failing{}
		_, err := far.client(t).Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindCanceled)
		require.Zero(t, far.calls)
	})
	synctest.Test(t, func(t *testing.T) { // the caller's own deadline is a timeout
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		far := &failing{times: 9, fail: hang}
		_, err := far.client(t).Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindTimeout)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 1, far.calls)
	})
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &failing{times: 6, fail: reset, good: `{"id":1}`}
		c := far.client(t).Once()
		for range 5 {
			_, err := c.Profile(t.Context())
			require.ErrorIs(t, err, chatwoot.KindBroken)
		}
		require.Equal(t, "open", c.Server().Health().Breaker)
		_, err := c.Profile(t.Context())
		require.ErrorIs(t, err, chatwoot.KindBreakerOpen)
		require.Equal(t, 5, far.calls, "nothing is sent")

		pass(6 * time.Second)
		_, err = c.Profile(t.Context()) // the probe fails
		require.ErrorIs(t, err, chatwoot.KindBroken)
		_, err = c.Profile(t.Context())
		require.ErrorIs(t, err, chatwoot.KindBreakerOpen)

		pass(6 * time.Second)
		_, err = c.Profile(t.Context())
		require.NoError(t, err)
		require.Equal(t, "closed", c.Server().Health().Breaker)
		require.Equal(t, chatwoot.KindBroken, c.Server().Health().LastError)
	})
}

func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	for _, code := range []int{400, 401, 404, 422, 429} {
		synctest.Test(t, func(t *testing.T) {
			far := &failing{times: 99, fail: status(code, `{"error":"x"}`)}
			c := far.client(t).Once()
			for range 20 {
				_, err := c.ConversationCounts(t.Context(), chatwoot.ListOptions{}) // its 429 pauses nobody
				require.Error(t, err)
			}
			require.Equal(t, 20, far.calls)
			require.Equal(t, "closed", c.Server().Health().Breaker)
		})
	}
}

func TestProbeThatIsGivenUpLeavesTheBreakerUsable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &failing{times: 6, good: `{"id":1}`}
		far.fail = func(r *http.Request) (*http.Response, error) {
			if far.calls == 6 {
				return hang(r)
			}
			return reset(r)
		}
		c := far.client(t).Once()
		for range 5 {
			_, _ = c.Profile(t.Context())
		}
		pass(6 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Profile(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		pass(6 * time.Second)
		_, err = c.Profile(t.Context())
		require.NoError(t, err)
	})
}

func TestImpatientCallersDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	for patience, state := range map[time.Duration]string{time.Second: "closed", 10 * time.Second: "open"} {
		synctest.Test(t, func(t *testing.T) {
			far := &failing{times: 99, fail: hang}
			c := far.client(t).Once()
			for range 5 {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				_, err := c.Profile(ctx)
				cancel()
				require.ErrorIs(t, err, chatwoot.KindTimeout)
			}
			require.Equal(t, state, c.Server().Health().Breaker)
		})
	}
}

func TestEncodingErrorsAreNotSent(t *testing.T) {
	t.Parallel()
	far := &failing{}
	_, err := far.client(t).SetCustomAttributes(t.Context(), 1, map[string]any{"x": func() {}})
	require.Error(t, err)
	require.NotErrorIs(t, err, chatwoot.KindInvalid)
	require.Zero(t, far.calls)
}
