package chatwoot_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// slow answers after the given time and knows how many are in flight.
type slow struct {
	takes time.Duration

	mu      sync.Mutex
	now     int
	most    int
	started []time.Time
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.started = append(s.started, time.Now())
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.now--
		s.mu.Unlock()
	}()
	select {
	case <-time.After(s.takes):
		return response(200, "application/json", `{"id":1}`), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func (s *slow) inFlight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *slow) client(t *testing.T, perMinute int) *chatwoot.Client {
	t.Helper()
	return newClient(t, nil, func(c *chatwoot.ServerConfig) { c.Transport, c.RequestsPerMinute = s, perMinute })
}

// together makes n calls at once and waits for them.
func together(t *testing.T, n int, c *chatwoot.Client) {
	t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			_, err := c.Profile(t.Context())
			require.NoError(t, err)
		})
	}
	all.Wait()
}

func TestBackgroundMakesTwoCallsAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &slow{takes: time.Second}
		c := far.client(t, 0)
		started := time.Now()
		together(t, 10, c.In(chatwoot.LaneBackground))
		require.Equal(t, 2, far.most)
		require.Equal(t, 5*time.Second, time.Since(started))
	})
	synctest.Test(t, func(t *testing.T) {
		far := &slow{takes: time.Second}
		started := time.Now()
		together(t, 10, far.client(t, 0))
		require.Equal(t, 10, far.most)
		require.Equal(t, time.Second, time.Since(started))
	})
}

func TestBackgroundYieldsToMoves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &slow{takes: 2 * time.Second}
		c := far.client(t, 0)
		var all sync.WaitGroup
		all.Go(func() { together(t, 1, c.In(chatwoot.LaneMove)) })
		synctest.Wait()
		started := time.Now()
		all.Go(func() { together(t, 2, c.In(chatwoot.LaneBackground)) })
		synctest.Wait()
		require.Equal(t, 1, far.inFlight(), "the background waits")
		all.Wait()
		require.Equal(t, 4*time.Second, time.Since(started))
	})
}

func TestMovesDoNotStarveTheBackground(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &slow{takes: 19 * time.Second}
		c := far.client(t, 0)
		var all sync.WaitGroup
		all.Go(func() { together(t, 1, c.In(chatwoot.LaneMove)) })
		synctest.Wait()
		started := time.Now()
		all.Go(func() { together(t, 1, c.In(chatwoot.LaneBackground)) })
		all.Wait()
		require.Equal(t, 24*time.Second, time.Since(started))
	})
}

func TestBackgroundThatGivesUpWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &slow{takes: 3 * time.Second}
		c := far.client(t, 0)
		var all sync.WaitGroup
		all.Go(func() { together(t, 1, c.In(chatwoot.LaneMove)) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.In(chatwoot.LaneBackground).Profile(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		all.Wait()
		together(t, 4, c.In(chatwoot.LaneBackground)) // no place was lost
		require.Equal(t, 2, far.most)
	})
}

// In any minute at most nine tenths are used: two tenths less in the background, one less for people, all of it for moves.
func TestBudget(t *testing.T) {
	t.Parallel()
	for lane, limit := range map[chatwoot.Lane]int{
		chatwoot.LaneInteractive: 81, chatwoot.LaneMove: 90, chatwoot.LaneBackground: 72,
	} {
		synctest.Test(t, func(t *testing.T) {
			far := &slow{}
			c := far.client(t, 100).In(lane)
			for range 3 * limit {
				_, err := c.Profile(t.Context())
				require.NoError(t, err)
			}
			for i := limit; i < len(far.started); i++ {
				require.Greater(t, far.started[i].Sub(far.started[i-limit]), time.Minute, "%s, request %d", lane, i)
			}
			require.LessOrEqual(t, c.Server().Health().RequestsLastMinute, limit)
			require.Equal(t, 90, c.Server().Health().Budget)
		})
	}
}

func TestMovesHaveAReserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &slow{}
		c := far.client(t, 100)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var err error
		for err == nil {
			_, err = c.Profile(ctx)
		}
		require.ErrorIs(t, err, chatwoot.KindThrottled)
		require.Len(t, far.started, 81)
		for range 9 {
			_, err = c.In(chatwoot.LaneMove).Profile(ctx)
			require.NoError(t, err)
		}
		_, err = c.In(chatwoot.LaneMove).Profile(ctx)
		require.ErrorIs(t, err, chatwoot.KindThrottled)
	})
}

func TestSmallestBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := &slow{}
		c := far.client(t, 1)
		started := time.Now()
		for _, lane := range []chatwoot.Lane{chatwoot.LaneBackground, chatwoot.LaneInteractive, chatwoot.LaneMove} {
			_, err := c.In(lane).Profile(t.Context())
			require.NoError(t, err)
		}
		require.Greater(t, time.Since(started), 2*time.Minute)
	})
}
