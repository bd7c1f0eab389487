package kanban

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// seatStale is how old what Chatwoot said of a person may get before it is asked anew, while requests go on with what is known.
	seatStale = 25 * time.Second
	// seatFresh is how long it is believed without asking. With the time between two looks of a stream it stays below a minute, which is
	// how long something taken away upstream may still be seen.
	seatFresh = 40 * time.Second
	// seatHold is how long it is believed while Chatwoot does not answer at all: the board stays readable when Chatwoot is away.
	seatHold = 12 * time.Hour
	// seatPatience bounds the asking.
	seatPatience = 15 * time.Second
	// onlyPages bounds the pages that are read of what a narrow custom role may see; it is Chatwoot that pays for each.
	onlyPages = 40
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
	asking sync.Mutex // held while Chatwoot is asked

	mu     sync.Mutex
	viewer Viewer
	at     time.Time // when Chatwoot said so; zero: not known
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

func (v *viewers) of(key seatKey) *seated {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, ok := v.kept[key]
	if !ok {
		s = new(seated)
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
	switch {
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
	s.asking.Lock()
	defer s.asking.Unlock()
	p, err := e.Store.Person(ctx, key.person)
	if err != nil {
		return Viewer{}, err
	}
	if err := e.recall(ctx, s, p, key.account); err != nil {
		return Viewer{}, err
	}
	v, at := s.known()
	if !at.IsZero() && e.Clock().Sub(at) < age {
		return v, seatError(v)
	}
	seat, err := e.askSeat(ctx, p, key.account)
	switch {
	case err == nil:
		v = seat.Viewer(p.Actor)
		s.learn(v, seat.CheckedAt)
	case away(err) && !at.IsZero() && e.Clock().Sub(at) < seatHold:
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

// away reports whether a failure says nothing about the person: Chatwoot, or the way to it, is not in order.
func away(err error) bool {
	for _, k := range []chatwoot.Kind{
		chatwoot.KindUnavailable, chatwoot.KindTimeout, chatwoot.KindUnreachable, chatwoot.KindBroken, chatwoot.KindThrottled,
		chatwoot.KindBreakerOpen, chatwoot.KindNotChatwoot, chatwoot.KindTooLarge, chatwoot.KindHeaderDropped,
	} {
		if errors.Is(err, k) {
			return true
		}
	}
	return false
}

// askSeat asks Chatwoot with the person's own token what they are and may see.
func (e *Engine) askSeat(ctx context.Context, p Person, account AccountID) (Seat, error) {
	// Whoever gives up meanwhile must not make the others, who wait for the same answer, fail.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), seatPatience)
	defer cancel()
	a, err := e.Store.Account(ctx, account)
	if err != nil {
		return Seat{}, err
	}
	if a.BaseURL != p.BaseURL {
		return Seat{}, ErrNotFound
	}
	if p.Token == "" {
		return Seat{}, ErrSignedOut
	}
	server, err := e.server(a.BaseURL, a.AllowPrivateNetwork)
	if err != nil {
		return Seat{}, err
	}
	seat := Seat{Person: p.ID, Account: account, CheckedAt: e.Clock()}
	err = fillSeat(ctx, server.Client(p.Token, a.ChatwootID).Once(), &seat)
	switch {
	case errors.Is(err, chatwoot.KindBadToken):
		return Seat{}, errors.Join(ErrSignedOut, e.Store.DropToken(ctx, p.ID))
	case errors.Is(err, chatwoot.KindNotMember), errors.Is(err, chatwoot.KindSuspended), errors.Is(err, chatwoot.KindNotFound):
		seat.Role, seat.Inboxes, seat.Teams, seat.Only = "", nil, nil, nil
	case err != nil:
		return Seat{}, err
	}
	return seat, e.Store.SaveSeat(ctx, seat)
}

// fillSeat reads role, inboxes and teams. Nothing but the role is asked for administrators, who see all.
func fillSeat(ctx context.Context, c *chatwoot.Client, seat *Seat) error {
	profile, err := c.Profile(ctx)
	if err != nil {
		return err
	}
	in, ok := profile.Account(c.AccountID())
	if !ok || in.Status == "suspended" {
		return nil
	}
	if in.Role == string(RoleAdministrator) {
		seat.Role = RoleAdministrator
		return nil
	}
	inboxes, err := c.Inboxes(ctx)
	if err != nil {
		return err
	}
	for _, i := range inboxes {
		seat.Inboxes = append(seat.Inboxes, InboxID(i.ID))
	}
	teams, err := c.Teams(ctx)
	if err != nil {
		return err
	}
	for _, t := range teams {
		if t.IsMember {
			seat.Teams = append(seat.Teams, TeamID(t.ID))
		}
	}
	if seat.Narrow = narrow(in); seat.Narrow {
		if seat.Only, err = onlyThese(ctx, c); err != nil {
			return err
		}
	}
	seat.Role = RoleAgent
	return nil
}

// narrow reports whether a custom role sees less than the conversations of its inboxes.
func narrow(in chatwoot.ProfileAccount) bool {
	return in.CustomRoleID != 0 && !slices.Contains(in.Permissions, "conversation_manage")
}

// onlyThese are the conversations that Chatwoot lists for the owner of a token: what a custom role sees is Chatwoot's to say.
func onlyThese(ctx context.Context, c *chatwoot.Client) ([]ConversationID, error) {
	var only []ConversationID
	for page := 1; page <= onlyPages; page++ {
		p, err := c.Conversations(ctx, chatwoot.ListOptions{Status: "all", SortBy: "last_activity_at_desc", Page: page})
		if err != nil {
			return nil, err
		}
		for _, conv := range p.Conversations {
			only = append(only, ConversationID(conv.ID))
		}
		if len(p.Conversations) == 0 {
			break
		}
	}
	slices.Sort(only)
	return slices.Compact(only), nil
}
