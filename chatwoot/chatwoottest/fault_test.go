package chatwoottest_test

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

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// post sets labels and returns whatever comes of it.
func post(ctx context.Context, s *chatwoottest.Server, id int64) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/api/v1/accounts/1/conversations/"+itoa(id)+"/labels", strings.NewReader(`{"labels":["vip"]}`))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Api-Access-Token", s.AdminToken())
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		kind   chatwoottest.FaultKind
		status int
		body   string
		done   bool
		err    error
	}{
		{chatwoottest.FaultLatency, 200, `{"payload":["vip"]}`, true, nil},
		{chatwoottest.FaultStatus500, 500, `{"error":"Internal Server Error","status":500}`, false, nil},
		{chatwoottest.FaultStatus502, 502, "<html>", false, nil},
		{chatwoottest.FaultStatus429, 429, "Retry later\n", false, nil},
		{chatwoottest.FaultRefuse401, 401, `{"error":"You are not authorized to do this action"}`, false, nil},
		{chatwoottest.FaultInvalidToken, 401, `{"error":"Invalid Access Token"}`, false, nil},
		{chatwoottest.FaultHTML, 200, "<!DOCTYPE html>", false, nil},
		{chatwoottest.FaultTruncate, 200, `{"payloa`, true, io.ErrUnexpectedEOF},
		{chatwoottest.FaultReset, 0, "", false, syscall.ECONNRESET},
		{chatwoottest.FaultHang, 0, "", false, syscall.ECONNRESET},
		{chatwoottest.FaultTimeoutAfterCommit, 0, "", true, syscall.ECONNRESET},
	} {
		t.Run(string(one.kind), func(t *testing.T) {
			t.Parallel()
			require.True(t, one.kind.Known())
			s := chatwoottest.Start(t, chatwoottest.Options{})
			id := s.CreateConversation(0, chatwoottest.NewConversation{})
			s.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: one.kind, Times: 1, Duration: time.Millisecond})
			status, body, err := post(t.Context(), s, id)
			if one.err != nil {
				require.ErrorIs(t, err, one.err)
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, one.status, status)
			require.True(t, strings.HasPrefix(body, one.body), body)
			require.Equal(t, one.done, len(s.Labels(id)) == 1)
			status, _, err = post(t.Context(), s, id)
			require.NoError(t, err, "it was to happen once")
			require.Equal(t, http.StatusOK, status)
		})
	}
}

func TestAHangEndsWithTheClientOrTheServer(t *testing.T) {
	t.Parallel()
	s := chatwoottest.New(chatwoottest.Options{})
	require.NoError(t, s.Listen("127.0.0.1:0"))
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	s.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultHang})
	impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, _, err := post(impatient, s, 1)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	asked := make(chan error, 1)
	go func() {
		_, _, err := post(context.WithoutCancel(t.Context()), s, 1)
		asked <- err
	}()
	require.Eventually(t, func() bool { return s.Requests()[""].Count == 2 }, 5*time.Second, time.Millisecond)
	stop()
	require.Error(t, <-asked)
	require.NoError(t, <-ran)
}

func TestFaultsMatchAndComeByChance(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	s.Fault(chatwoottest.Fault{Match: "/api/v1/accounts/1/agents", Kind: chatwoottest.FaultStatus500, Probability: 0.5})
	c.api("GET", "labels", nil)
	failed := 0
	for range 200 {
		status, _ := c.do("GET", "/api/v1/accounts/1/agents", nil)
		failed += map[int]int{500: 1}[status]
	}
	require.InDelta(t, 100, failed, 40)
	s.ClearFaults()
	c.api("GET", "agents", nil)
}

func TestRateLimitWindows(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 30, 0, time.UTC)
	s := chatwoottest.Start(t, chatwoottest.Options{RateLimit: 3, Clock: func() time.Time { return now }})
	c := admin(t, s)
	ask := func() int {
		status, _ := c.do("GET", "/api/v1/profile", nil)
		return status
	}
	require.Equal(t, []int{200, 200, 200, 429, 429}, []int{ask(), ask(), ask(), ask(), ask()})
	refused := request(t, http.MethodGet, s.URL()+"/api", nil)
	require.Equal(t, "Retry later\n", refused.body)
	require.Equal(t, "text/plain", refused.header.Get("Content-Type"))
	require.Empty(t, refused.header.Get("Retry-After"))
	status, _ := c.do("GET", "/health", nil)
	require.Equal(t, http.StatusOK, status)
	now = now.Add(30 * time.Second)
	require.Equal(t, http.StatusOK, ask(), "the next minute is another window")
}

func TestThrottlesSpareLoopbackUnlessForwarded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{Clock: func() time.Time { return now }}))
	count := func(n int, header ...string) (ok int) {
		for range n {
			status, _ := c.do("GET", "/api/v1/accounts/1/conversations/meta", nil, header...)
			ok += map[int]int{200: 1}[status]
		}
		return ok
	}
	require.Equal(t, 40, count(40))
	require.Equal(t, 30, count(40, "X-Forwarded-For", "203.0.113.7"))
	refused := 0
	for range 8 {
		status, _ := c.do("POST", "/auth/sign_in", map[string]any{"email": "x@example.com"}, "X-Forwarded-For", "203.0.113.8")
		refused += map[int]int{429: 1}[status]
	}
	require.Equal(t, 3, refused)
}

func TestSmallServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := chatwoottest.New(chatwoottest.Options{Seed: 1, Conversations: 1100, Latency: chatwoottest.SmallServer(1)})
		defer s.Close()
		took := func(path string) (time.Duration, int) {
			start := time.Now()
			status := ask(s, "GET", "/api/v1/accounts/1/"+path, "").Code
			return time.Since(start), status
		}
		page, _ := took("conversations?status=all")
		require.InDelta(t, 0.36, page.Seconds(), 0.02)
		one, _ := took("conversations/5")
		require.Equal(t, 30*time.Millisecond, one)
		labels, _ := took("conversations/5/labels")
		require.Equal(t, 15*time.Millisecond, labels)
		wide, status := took("conversations?status=all&updated_within=99999999")
		require.Equal(t, http.StatusInternalServerError, status)
		require.InDelta(t, 15, wide.Seconds(), 0.1)

		start := time.Now()
		done := make(chan struct{})
		for range 4 {
			go func() {
				took("conversations?status=all")
				done <- struct{}{}
			}()
		}
		for range 4 {
			<-done
		}
		require.InDelta(t, 4*0.36, time.Since(start).Seconds(), 0.1, "readers share one capacity")
		require.Equal(t, 4, s.Requests()["lists"].MaxInFlight)
	})
}

func TestFixedLatencyLeavesTimeForARace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		latency, err := chatwoottest.ParseLatency("50ms")
		require.NoError(t, err)
		s := chatwoottest.New(chatwoottest.Options{Latency: latency})
		defer s.Close()
		start := time.Now()
		require.Equal(t, http.StatusOK, ask(s, "GET", "/api", "").Code)
		require.Equal(t, 50*time.Millisecond, time.Since(start))
	})
	for _, wrong := range []string{"fast", "-1s"} {
		_, err := chatwoottest.ParseLatency(wrong)
		require.Error(t, err)
	}
}

func TestATakenPortIsSaid(t *testing.T) {
	t.Parallel()
	taken := chatwoottest.Start(t, chatwoottest.Options{Blank: true})
	err := chatwoottest.New(chatwoottest.Options{Blank: true}).Listen(strings.TrimPrefix(taken.URL(), "http://"))
	require.ErrorIs(t, err, syscall.EADDRINUSE)
}
