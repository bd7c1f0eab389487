package chatwoottest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Server is one simulated installation of Chatwoot.
type Server struct {
	opts    Options
	handler http.Handler

	mu        sync.RWMutex // guards the state
	accounts  map[int64]*account
	users     map[int64]*user
	tokens    map[string]actor
	platform  string
	sessions  map[string]int64 // access-token of a signed-in session → user
	mfaTokens map[string]mfaStep
	ids       map[string]int64
	lastStamp time.Time
	secrets   *secrets

	work       *work
	jobs       *lane // one worker: jobs keep their order
	deliveries *lane // ten workers: deliveries do not
	casts      *lane // one worker: streams tell in order

	ctx         context.Context //nolint:containedctx // ends deliveries and hanging answers at Close
	cancel      context.CancelFunc
	transport   http.RoundTripper
	pace        *pace
	throttle    *throttle
	faults      faults
	requests    counters
	deliveryLog deliveryLog
	guarded     atomic.Bool // no webhook goes to a private address
	watchers    watchers
	cables      cables

	listener net.Listener
	closing  sync.Once
}

// New makes the state of a Chatwoot; it listens nowhere yet.
func New(o Options) *Server {
	o = o.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		opts:      o,
		accounts:  map[int64]*account{},
		users:     map[int64]*user{},
		tokens:    map[string]actor{},
		sessions:  map[string]int64{},
		mfaTokens: map[string]mfaStep{},
		ids:       map[string]int64{},
		secrets:   newSecrets(o.Seed),
		work:      newWork(),
		ctx:       ctx,
		cancel:    cancel,
		pace:      newPace(o.Latency),
		throttle:  newThrottle(),
	}
	s.jobs = &lane{work: s.work, workers: 1}
	s.deliveries = &lane{work: s.work, workers: 10}
	s.casts = &lane{work: s.work, workers: 1}
	s.transport = o.WebhookTransport
	if s.transport == nil {
		s.transport = &http.Transport{DisableKeepAlives: true}
	}
	s.guarded.Store(o.BlockPrivateWebhooks)
	s.cables.closed.Store(o.NoCable)
	s.populate()
	s.handler = s.routes()
	return s
}

// Handler answers as Chatwoot does.
func (s *Server) Handler() http.Handler { return s.handler }

// Start serves a Chatwoot on a free loopback port until the test ends.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := New(o)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		tb.Fatalf("simulated Chatwoot: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	tb.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			tb.Errorf("simulated Chatwoot: %v", err)
		}
	})
	return s
}

// Listen takes the address, so that URL is known and a taken port is said
// before Run serves it.
func (s *Server) Listen(addr string) error {
	listener, err := new(net.ListenConfig).Listen(s.ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	s.listener = listener
	return nil
}

// Run serves the address taken by Listen until ctx ends, then closes.
func (s *Server) Run(ctx context.Context) error {
	if s.listener == nil {
		return errors.New("simulated Chatwoot: Run before Listen")
	}
	server := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(s.listener) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	s.Close()
	_ = server.Close()
	if err == nil {
		err = <-served
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// URL is where it listens, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends deliveries, jobs and hanging answers and waits for them.
func (s *Server) Close() {
	s.closing.Do(func() {
		s.cancel()
		if s.listener != nil {
			_ = s.listener.Close()
		}
		s.work.close()
	})
}

// WaitIdle returns when every job has run and every queued delivery was made.
func (s *Server) WaitIdle(ctx context.Context) error { return s.work.wait(ctx) }

// DrainWebhooks is WaitIdle without a deadline.
func (s *Server) DrainWebhooks() { _ = s.work.wait(s.ctx) }

// tx is one change of the state: the time it happens at and what is to follow
// once the lock is off.
type tx struct {
	*Server
	now   time.Time
	after []func()
	// created is the conversation this change made together with its first
	// message: Rails then lists its number among what that message changed.
	created *conversation
}

// write runs fn with the state to itself and starts what fn asked for after.
func (s *Server) write(fn func(*tx)) {
	t := &tx{Server: s}
	s.mu.Lock()
	func() {
		defer s.mu.Unlock()
		t.now = s.stamp()
		fn(t)
	}()
	for _, follow := range t.after {
		follow()
	}
}

// later runs fn as a job: after the answer, in the order of the jobs.
func (t *tx) later(fn func(*tx)) {
	t.after = append(t.after, func() {
		t.jobs.add(t.opts.JobDelay, func() { t.write(fn) })
	})
}

// stamp is the time for a write: microseconds, as PostgreSQL keeps them, and
// never the same twice.
func (s *Server) stamp() time.Time {
	now := s.opts.Clock().UTC().Truncate(time.Microsecond)
	if !now.After(s.lastStamp) {
		now = s.lastStamp.Add(time.Microsecond)
	}
	s.lastStamp = now
	return now
}

// now is the time for a read.
func (s *Server) now() time.Time {
	now := s.opts.Clock().UTC()
	if now.Before(s.lastStamp) {
		return s.lastStamp
	}
	return now
}

// id numbers the next record of a kind.
func (s *Server) id(kind string) int64 {
	s.ids[kind]++
	return s.ids[kind]
}
