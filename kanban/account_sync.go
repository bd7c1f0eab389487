package kanban

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
)

// accountSync keeps one account's cache equal to Chatwoot.
type accountSync struct {
	*Engine
	id  AccountID
	log *slog.Logger

	delivered   chan struct{} // a webhook was stored
	wanted      chan struct{} // somebody wants a round now
	leaving     chan struct{} // a stage is to be emptied, or one of its cards has arrived
	reads       *readQueue
	strangers   strangers
	mends       *readQueue     // conversations whose labels are to be restored
	mending     sync.WaitGroup // attributes that are being restored
	lastWebhook atomic.Int64   // ms, 0 = none since the start
	arrivals    atomic.Int64   // counts deliveries since the start
	lastAnswer  atomic.Int64   // ms: Chatwoot last answered
	trouble     atomic.Pointer[trouble]
	shown       atomic.Pointer[Connection] // what viewers were told last

	// catalog is held by whoever lists what the account consists of and saves it: an older list must not replace a newer one.
	catalog turn

	// registrations is held by whoever changes what we registered in Chatwoot.
	registrations turn
	versionAt     time.Time // when Chatwoot was last asked for its version; the upkeep's own
	proofAsked    chan struct{}
	asked         atomic.Bool // a proof is to be tried, whenever the last one was
	proving       atomic.Bool
	listening     atomic.Bool // Chatwoot's event stream is open

	// rounds is held by whoever reconciles; it guards what follows.
	rounds               sync.Mutex
	countedAt, catalogAt time.Time
	miscounted           int
}

// trouble is why Chatwoot could not be asked.
type trouble struct {
	at  time.Time
	err error
}

func newAccountSync(e *Engine, id AccountID) *accountSync {
	return &accountSync{
		Engine: e, id: id, log: e.Logger.With("account", int64(id)),
		delivered: make(chan struct{}, 1), wanted: make(chan struct{}, 1), leaving: make(chan struct{}, 1),
		reads: newReadQueue(), mends: newReadQueue(), catalog: newTurn(),
		registrations: newTurn(), proofAsked: make(chan struct{}, 1),
	}
}

func (s *accountSync) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.applyDeliveries(ctx) })
	g.Go(func() error { return s.follow(ctx) })
	g.Go(func() error { return s.readQueued(ctx) })
	g.Go(func() error { return s.mendAll(ctx) })
	g.Go(func() error { return s.lookAfter(ctx) })
	g.Go(func() error { return s.emptyStages(ctx) })
	g.Go(func() error { return s.recall(ctx) })
	g.Go(func() error { return s.listenWhenNeeded(ctx) })
	defer s.mending.Wait() // those that hear of races have ended then
	return g.Wait()
}

// follow imports the account, then reconciles for ever. Trouble is remembered, shown and tried again.
func (s *accountSync) follow(ctx context.Context) error {
	failures := 0
	for {
		s.rounds.Lock()
		err := s.round(ctx)
		s.rounds.Unlock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.heard(err)
		wait := s.pause()
		if err != nil {
			failures++
			wait = min(wait, backoff(time.Second, failures))
			s.log.WarnContext(ctx, "reconcile", "error", err.Error())
		} else {
			failures = 0
		}
		if !s.sleep(ctx, wait) {
			return ctx.Err()
		}
	}
}

// round is one turn: whatever is due of catalogue, import, changes, count and sweep.
func (s *accountSync) round(ctx context.Context) error {
	c, a, err := s.client(ctx, s.id)
	if err != nil {
		return err
	}
	c = c.In(chatwoot.LaneBackground)
	if err := s.refreshCatalog(ctx, c, a); err != nil {
		return err
	}
	if !a.Import.Finished() {
		return s.importAll(ctx, c, a)
	}
	return s.reconcileRound(ctx, c, a)
}

// pause is how long until the next round: half as long while nothing else brings the news.
func (s *accountSync) pause() time.Duration {
	a, err := s.Store.Account(context.Background(), s.id) // from memory
	if err == nil && s.feed(a) != FeedPolling {
		return s.PollEvery
	}
	return s.PollEvery / 2
}

// sleep waits for a while or until somebody asks for a round; false when ctx ended.
func (s *accountSync) sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.wanted:
		return true
	case <-ctx.Done():
		return false
	}
}

// heard remembers whether Chatwoot answered, for the connection pill.
func (s *accountSync) heard(err error) {
	if err == nil {
		s.lastAnswer.Store(s.Clock().UnixMilli())
		s.trouble.Store(nil)
	} else {
		s.trouble.Store(&trouble{at: s.Clock(), err: err})
	}
	s.connectionChanged()
}

// apply hands snapshots to the cache and tells of what changed.
func (s *accountSync) apply(ctx context.Context, snaps []Snapshot, consumed []int64) (Applied, error) {
	s.meetLabels(ctx, snaps)
	applied, err := s.Store.Apply(ctx, s.id, snaps, consumed)
	if err != nil {
		return Applied{}, err
	}
	s.publish(applied.Changes)
	if applied.Carried > 0 {
		s.mover.wake()
	}
	return applied, nil
}

// backoff doubles from a first wait up to a minute. failures counts from 1.
func backoff(first time.Duration, failures int) time.Duration {
	return min(first<<min(failures-1, 16), time.Minute)
}
