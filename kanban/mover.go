package kanban

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// moversAtOnce bounds the moves on their way to Chatwoot. One conversation has at most one.
	moversAtOnce = 4
	// moveLease is how long a claimed move is left alone: longer than its calls may take together. After a crash it is claimed again,
	// which is harmless because a move begins by reading.
	moveLease = 2 * time.Minute
	// overwrites is how often a move is written again when somebody's older view of the labels overwrote it.
	overwrites = 5
)

// mover carries accepted moves to Chatwoot, in order for each conversation.
type mover struct {
	*Engine
	more chan struct{}
	race *races
}

func newMover(e *Engine) *mover {
	return &mover{Engine: e, more: make(chan struct{}, 1), race: newRaces()}
}

// wake says that a move may be due.
func (m *mover) wake() { poke(m.more) }

// run claims due moves and carries them out until ctx ends; then it waits for those under way.
func (m *mover) run(ctx context.Context) error {
	var g errgroup.Group
	g.SetLimit(moversAtOnce)
	defer func() { _ = g.Wait() }()
	if err := m.Store.ReleaseLeases(ctx); err != nil {
		return err
	}
	if err := m.recall(ctx); err != nil {
		return err
	}
	for {
		n, err := m.dispatch(ctx, &g)
		if err != nil && ctx.Err() == nil {
			m.Logger.ErrorContext(ctx, "claim moves", "error", err.Error())
			wait(ctx, time.Second)
			continue
		}
		if n > 0 {
			continue
		}
		if err := m.idle(ctx); err != nil {
			return err
		}
	}
}

// recall remembers what the process before this one wrote shortly before it ended: what became of that may still be told.
func (m *mover) recall(ctx context.Context) error {
	moves, err := m.Store.WrittenMoves(ctx, m.Clock().Add(-raceMemory))
	if err == nil {
		m.race.recall(moves)
	}
	return err
}

// dispatch starts the moves that are due and returns how many.
func (m *mover) dispatch(ctx context.Context, g *errgroup.Group) (int, error) {
	moves, err := m.Store.ClaimMoves(ctx, m.Clock(), moveLease, moversAtOnce)
	if err != nil {
		return 0, err
	}
	for _, mv := range moves {
		g.Go(func() error {
			m.carry(ctx, mv)
			m.wake() // the next move of this conversation may be waiting
			return nil
		})
	}
	return len(moves), nil
}

// idle waits until a move is accepted or the next one is due.
func (m *mover) idle(ctx context.Context) error {
	due, some, err := m.Store.NextDue(ctx)
	if err != nil && ctx.Err() == nil {
		due, some = m.Clock().Add(time.Second), true
	}
	var timer <-chan time.Time
	if some {
		t := time.NewTimer(max(due.Sub(m.Clock()), 10*time.Millisecond))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-m.more:
	case <-timer:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// carry brings one move to its end or puts it off.
func (m *mover) carry(ctx context.Context, mv Move) {
	log := m.Logger.With("account", int64(mv.Account), "conversation", int64(mv.Conversation), "move", int64(mv.ID))
	defer poke(m.sync(mv.Account).leaving)
	defer m.sync(mv.Account).connectionChanged()
	snap, err := m.push(ctx, mv, log)
	if ctx.Err() != nil {
		return // the lease ends, and the next run begins by reading
	}
	var applied Applied
	switch {
	case err == nil:
		m.sync(mv.Account).heard(nil)
		applied, err = m.Store.SettleMove(ctx, mv.ID, MoveDone, "", &snap)
	case refusal(err) != "":
		applied, err = m.refuse(ctx, mv, refusal(err), log)
	case errors.Is(err, errAwaitsSignIn):
		applied, err = m.awaitSignIn(ctx, mv, log)
	default:
		log.WarnContext(ctx, "move put off", "attempts", mv.Attempts+1, "error", err.Error())
		m.sync(mv.Account).heard(err)
		applied, err = m.Store.DeferMove(ctx, mv.ID, m.Clock().Add(backoff(m.RetryAfter, mv.Attempts+1)), waitingFor(err))
	}
	if err != nil {
		log.ErrorContext(ctx, "settle move", "error", err.Error())
		return
	}
	m.publish(applied.Changes)
}

// refuse gives a move back: Chatwoot will not have it.
func (m *mover) refuse(ctx context.Context, mv Move, reason string, log *slog.Logger) (Applied, error) {
	log.InfoContext(ctx, "move refused", "reason", reason)
	m.sync(mv.Account).readSoon([]ConversationID{mv.Conversation})
	return m.Store.SettleMove(ctx, mv.ID, MoveRefused, reason, nil)
}

var errOverwritten = errors.New("overwritten each time it was written")

// refusal is the message key of why Chatwoot will not have a move, or empty when it may succeed later.
func refusal(err error) string {
	switch {
	case errors.Is(err, chatwoot.KindNotFound):
		return "move.refused.gone"
	case errors.Is(err, chatwoot.KindNotAllowed), errors.Is(err, chatwoot.KindNotMember):
		return "move.refused.not_allowed"
	case errors.Is(err, chatwoot.KindSuspended):
		return "move.refused.suspended"
	case errors.Is(err, chatwoot.KindInvalid):
		return "move.refused.invalid"
	case errors.Is(err, errLabelRefused):
		return "move.refused.label"
	case errors.Is(err, ErrNotFound):
		return "move.refused.board_gone"
	}
	return ""
}

// waitingFor is the message key of why a move waits.
func waitingFor(err error) string {
	switch {
	case errors.Is(err, errAwaitsSignIn):
		return "move.waiting.sign_in"
	case errors.Is(err, chatwoot.KindBadToken), errors.Is(err, chatwoot.KindHeaderDropped):
		return "move.waiting.token"
	case errors.Is(err, chatwoot.KindThrottled):
		return "move.waiting.throttled"
	case errors.Is(err, errOverwritten):
		return "move.waiting.overwritten"
	}
	return "move.waiting.unavailable"
}

// sameTitles compares label lists as sets: their order means nothing to Chatwoot.
func sameTitles(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, t := range a {
		if !slices.Contains(b, t) {
			return false
		}
	}
	return true
}
