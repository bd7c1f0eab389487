package kanban

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
)

// EngineConfig is what the engine is made of. Zero durations mean the product's defaults.
type EngineConfig struct {
	Store  Store
	Hub    *Hub
	Logger *slog.Logger
	// Server makes the connection to an account's Chatwoot. The engine asks once per address.
	Server func(baseURL string, allowPrivate bool) (*chatwoot.Server, error)
	// PublicURL is where Chatwoot reaches us, if the operator said so. Webhooks registered elsewhere follow it.
	PublicURL string
	// Look tells what is found at our own public address; chatwoot.LookAt unless a test sets it.
	Look func(ctx context.Context, address, header string, allowPrivate bool) chatwoot.Sight
	// Clock is time.Now unless a test sets it.
	Clock func() time.Time

	// PollEvery is how often changes are asked for while webhooks arrive (30 s); without webhooks it is twice as often.
	PollEvery time.Duration
	// SweepEvery is how often everything is read again, for what Chatwoot changes in silence (8 h).
	SweepEvery time.Duration
	// CountEvery is how often the number of conversations is compared with Chatwoot's (5 min).
	CountEvery time.Duration
	// CatalogEvery is how often agents, who have no cache key, are listed (5 min).
	CatalogEvery time.Duration
	// UpkeepEvery is how often our webhook and our dashboard app are looked for in Chatwoot (1 min).
	UpkeepEvery time.Duration
	// ProofWait is how long a webhook may take that is to prove that webhooks arrive (15 s).
	ProofWait time.Duration
	// RecallEvery is how often cards are looked for whose past is unknown (1 min), RecallPause how long after each of them (250 ms).
	RecallEvery, RecallPause time.Duration
	// RetryAfter is how long a move waits after its first failed attempt (1 s); it doubles up to a minute.
	RetryAfter time.Duration
}

func (c *EngineConfig) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&c.PollEvery, 30*time.Second)
	set(&c.SweepEvery, 8*time.Hour)
	set(&c.CountEvery, 5*time.Minute)
	set(&c.CatalogEvery, 5*time.Minute)
	set(&c.UpkeepEvery, time.Minute)
	set(&c.ProofWait, 15*time.Second)
	set(&c.RecallEvery, recallEvery)
	set(&c.RecallPause, recallPause)
	set(&c.RetryAfter, time.Second)
	if c.Look == nil {
		c.Look = chatwoot.LookAt
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
}

// Engine keeps the cache equal to Chatwoot and carries moves there. It does nothing until Run.
type Engine struct {
	EngineConfig
	mover   *mover
	viewers *viewers
	// fieldRaces are our latest writes of custom attributes.
	fieldRaces *fieldRaces

	setup   atomic.Pointer[SetupTrouble]
	process string

	mu      sync.Mutex
	servers map[serverKey]*chatwoot.Server
	syncs   map[AccountID]*accountSync
	added   chan struct{}
}

// NewEngine makes an engine; Run starts it.
func NewEngine(c EngineConfig) *Engine {
	c.defaults()
	e := &Engine{EngineConfig: c, servers: map[serverKey]*chatwoot.Server{}, syncs: map[AccountID]*accountSync{}, added: make(chan struct{}, 1), viewers: newViewers(), fieldRaces: newFieldRaces(), process: rand.Text()}
	e.mover = newMover(e)
	return e
}

// Run works until ctx ends: one sync per account and one mover for all. It returns nil when it was told to stop.
func (e *Engine) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return e.mover.run(ctx) })
	g.Go(func() error { return e.refreshSeats(ctx) })
	g.Go(func() error { return e.forgetTheIdle(ctx) })
	g.Go(func() error { return e.runSyncs(ctx, g) })
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Deliver says that a webhook of the account was stored.
func (e *Engine) Deliver(id AccountID) {
	s := e.sync(id)
	s.lastWebhook.Store(e.Clock().UnixMilli())
	s.arrivals.Add(1)
	poke(s.delivered)
}

// Accept takes a move: from here on it is durable, shown, and on its way to Chatwoot.
func (e *Engine) Accept(ctx context.Context, by Viewer, mv Move) (Move, []CardChange, error) {
	mv.By = by.Actor
	admit := func(b Board, c Conversation) error { return errors.Join(b.Admits(c, mv.To), b.asksWhy(mv)) }
	mv, changes, err := e.Store.AcceptMove(ctx, by, mv, admit)
	if err != nil {
		return Move{}, nil, err
	}
	e.publish(changes) // after the commit: an event describes what a reader can already see
	e.mover.wake()
	e.sync(mv.Account).connectionChanged()
	return mv, changes, nil
}

// Retry makes a waiting move due at once.
func (e *Engine) Retry(ctx context.Context, id MoveID) error {
	applied, err := e.Store.RetryMove(ctx, id, e.Clock())
	if err != nil {
		return err
	}
	e.publish(applied.Changes)
	e.mover.wake()
	return nil
}

// Acknowledge takes the mark of a refused move off its card.
func (e *Engine) Acknowledge(ctx context.Context, id MoveID) ([]CardChange, error) {
	changes, err := e.Store.AcknowledgeRefusal(ctx, id)
	if err != nil {
		return nil, err
	}
	e.publish(changes)
	return changes, nil
}

// publish tells of changes that are committed.
func (e *Engine) publish(changes []CardChange) {
	events := make([]*Event, 0, len(changes))
	for _, c := range changes {
		events = append(events, &Event{Account: c.Card.Conversation.Account, Board: c.Card.Board, Kind: CardChanged, Change: c})
	}
	e.Hub.Publish(events...)
}

// serverKey tells connections apart: what the operator vouched for must not lend its leave to what somebody typed.
type serverKey struct {
	baseURL      string
	allowPrivate bool
}

// server is the shared connection to an address: budget, breaker and the number of requests in flight are per server.
func (e *Engine) server(baseURL string, allowPrivate bool) (*chatwoot.Server, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := serverKey{strings.TrimRight(baseURL, "/"), allowPrivate}
	if s, ok := e.servers[key]; ok {
		return s, nil
	}
	s, err := e.Server(baseURL, allowPrivate)
	if err != nil {
		return nil, err
	}
	e.servers[key] = s
	return s, nil
}

// client speaks for the account's synchronisation token.
func (e *Engine) client(ctx context.Context, id AccountID) (*chatwoot.Client, Account, error) {
	a, err := e.Store.Account(ctx, id)
	if err != nil {
		return nil, Account{}, err
	}
	s, err := e.server(a.BaseURL, a.AllowPrivateNetwork)
	if err != nil {
		return nil, Account{}, err
	}
	return s.Client(a.Token, a.ChatwootID), a, nil
}

// poke wakes whoever waits on a channel of capacity one; a second poke before that changes nothing.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
