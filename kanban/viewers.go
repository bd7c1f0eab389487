package kanban

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// seatStale is how old what Chatwoot said of a person may get before it is asked anew, while requests go on with what is known.
	seatStale = 25 * time.Second
	// seatFresh is how long it is believed without asking. With the time between two looks of a stream it stays below a minute, which is
	// how long something taken away upstream may still be seen.
	seatFresh = 40 * time.Second
	// seatHold is how long it is believed while Chatwoot does not answer at all: the board stays readable when Chatwoot is away.
	seatHold = 12 * time.Hour
	// seatAway is how long after a failure nobody waits for Chatwoot, and seatAgain how long until it is asked again behind their backs.
	seatAway  = 30 * time.Second
	seatAgain = 5 * time.Second
	// seatsAtOnce bounds the people that are asked about behind their backs.
	seatsAtOnce = 4
)

// viewers remembers what Chatwoot said of people, and asks once however many of their requests wait.
type viewers struct {
	stale chan seatKey

	mu   sync.Mutex
	kept map[seatKey]*seated
}

func newViewers() *viewers {
	return &viewers{stale: make(chan seatKey, 256), kept: map[seatKey]*seated{}}
}

type seatKey struct {
	person  PersonID
	account AccountID
}

// seated is what is known of one person in one account.
type seated struct {
	asking turn // held while Chatwoot is asked

	mu     sync.Mutex
	viewer Viewer
	at     time.Time // when Chatwoot said so; zero: not known
	missed time.Time // when it last did not answer
	queued bool      // to be asked about behind their back
}

func (s *seated) known() (Viewer, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.viewer, s.at
}

func (s *seated) learn(v Viewer, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.viewer, s.at = v, at
}

// miss notes that Chatwoot did not answer.
func (s *seated) miss(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missed = now
}

// held reports whether what is known holds without asking because Chatwoot was away a moment ago, and how long ago that was.
func (s *seated) held(now time.Time) (missed time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	missed = now.Sub(s.missed)
	return missed, !s.at.IsZero() && missed < seatAway && now.Sub(s.at) < seatHold
}

func (v *viewers) of(key seatKey) *seated {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, ok := v.kept[key]
	if !ok {
		s = &seated{asking: newTurn()}
		v.kept[key] = s
	}
	return s
}

// forget makes what was said of a person in an account be asked anew.
func (v *viewers) forget(p PersonID, a AccountID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.kept, seatKey{p, a})
}

// soon has a person asked about while they go on.
func (v *viewers) soon(key seatKey, s *seated) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queued {
		return
	}
	select {
	case v.stale <- key:
		s.queued = true
	default: // so many wait that this one's next request asks by itself
	}
}

// Viewer is what a person may see in an account, as Chatwoot said with their own token within the last minute. While Chatwoot is away
// what it said last holds. ErrNotFound: nothing, they are no member. ErrSignedOut: their token is no longer taken.
func (e *Engine) Viewer(ctx context.Context, person PersonID, account AccountID) (Viewer, error) {
	key := seatKey{person, account}
	s := e.viewers.of(key)
	v, at := s.known()
	age := e.Clock().Sub(at)
	missed, held := s.held(e.Clock())
	switch {
	case held && missed >= seatAgain:
		e.viewers.soon(key, s)
	case held:
	case at.IsZero() || age >= seatFresh:
		return e.seat(ctx, key, s, seatFresh)
	case age >= seatStale:
		e.viewers.soon(key, s)
	}
	return v, seatError(v)
}

// refreshSeats asks about people while their requests go on with what is known.
func (e *Engine) refreshSeats(ctx context.Context) error {
	var g errgroup.Group
	g.SetLimit(seatsAtOnce)
	defer func() { _ = g.Wait() }()
	for {
		select {
		case key := <-e.viewers.stale:
			g.Go(func() error {
				s := e.viewers.of(key)
				s.mu.Lock()
				s.queued = false
				s.mu.Unlock()
				if _, err := e.seat(ctx, key, s, seatStale); err != nil && ctx.Err() == nil && !errors.Is(err, ErrNotFound) {
					e.Logger.InfoContext(ctx, "what a person may see", "account", int64(key.account), "error", err.Error())
				}
				return nil
			})
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// seat asks Chatwoot about a person, unless that was done within an age while this waited for its turn.
func (e *Engine) seat(ctx context.Context, key seatKey, s *seated, age time.Duration) (Viewer, error) {
	if err := s.asking.take(ctx); err != nil {
		return Viewer{}, err
	}
	defer s.asking.leave()
	p, err := e.Store.Person(ctx, key.person)
	if err != nil {
		return Viewer{}, err
	}
	if p.Token == "" {
		s.learn(Viewer{}, time.Time{})
		return Viewer{}, ErrSignedOut
	}
	if err := e.recall(ctx, s, p, key.account); err != nil {
		return Viewer{}, err
	}
	v, at := s.known()
	missed, held := s.held(e.Clock())
	if !at.IsZero() && e.Clock().Sub(at) < age || held && missed < seatAgain {
		return v, seatError(v)
	}
	seat, err := e.askSeat(ctx, p, key.account)
	switch {
	case err == nil:
		v = seat.Viewer(p.Actor)
		s.learn(v, seat.CheckedAt)
		s.miss(time.Time{})
	case away(err) && !at.IsZero() && e.Clock().Sub(at) < seatHold:
		s.miss(e.Clock())
	default:
		s.learn(Viewer{}, time.Time{})
		return Viewer{}, err
	}
	return v, seatError(v)
}

// recall reads what the database keeps of a person's seat, if nothing is known.
func (e *Engine) recall(ctx context.Context, s *seated, p Person, account AccountID) error {
	if _, at := s.known(); !at.IsZero() {
		return nil
	}
	seats, err := e.Store.Seats(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, seat := range seats {
		if seat.Account == account {
			s.learn(seat.Viewer(p.Actor), seat.CheckedAt)
		}
	}
	return nil
}

func seatError(v Viewer) error {
	if v.Role == "" {
		return ErrNotFound
	}
	return nil
}
