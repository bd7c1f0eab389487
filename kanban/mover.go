package kanban

import (
	"context"
	"errors"
	"fmt"
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
	case m.awaitsSignIn(ctx, mv, err):
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

// push writes the labels of a move and returns the snapshot that proves them. It always begins by reading, so that it may be repeated
// after anything. Two writers in a race both get 200 and their own list back, so only a later read counts (CONTRACT 6.2.7).
func (m *mover) push(ctx context.Context, mv Move, log *slog.Logger) (Snapshot, error) {
	c, board, err := m.prepare(ctx, mv)
	if err != nil {
		return Snapshot{}, err
	}
	leave, err := m.race.turns.take(ctx, conversationKey{mv.Account, mv.Conversation})
	if err != nil {
		return Snapshot{}, err
	}
	defer leave()
	for range overwrites {
		conv, at, err := m.write(ctx, c, board, mv)
		if err != nil {
			return Snapshot{}, err
		}
		snap := SnapshotOf(mv.Account, conv, FromMove, at, true)
		snap.By, snap.Move = mv.By, mv.ID
		if !m.race.overwritten(mv.Account, board, snap.Conversation, m.Clock()) {
			return snap, nil
		}
		log.InfoContext(ctx, "move overwritten by somebody's older view, written again")
	}
	return Snapshot{}, errOverwritten
}

// prepare finds what a move needs: the board, a client for moves, and the target's label, created anew if Chatwoot lost it.
func (m *mover) prepare(ctx context.Context, mv Move) (*chatwoot.Client, Board, error) {
	board, err := m.Store.Board(ctx, mv.Board)
	if err != nil {
		return nil, Board{}, fmt.Errorf("board of move: %w", err)
	}
	c, err := m.clientOf(ctx, mv)
	if err != nil {
		return nil, Board{}, err
	}
	c = c.In(chatwoot.LaneMove).Once()
	if s, ok := board.Stage(mv.To); ok && s.LabelGone {
		board, err = m.sync(mv.Account).restoreLabel(ctx, c, board.ID, s)
	}
	return c, board, err
}

// write reads the labels, writes those after the move if they differ, and reads what became of it. at is when the first reading began:
// what proves the move is newer.
func (m *mover) write(ctx context.Context, c *chatwoot.Client, board Board, mv Move) (conv chatwoot.Conversation, at time.Time, err error) {
	at = m.Clock()
	conv, err = m.labelled(ctx, c, mv.Account, mv.Conversation)
	if err != nil {
		return conv, at, err
	}
	next := board.LabelsAfter(conv.Labels, mv.To)
	if sameTitles(conv.Labels, next) {
		return conv, at, nil
	}
	begun := m.Clock()
	if err := m.Store.RecordBase(ctx, mv.ID, conv.Labels, next, begun); err != nil {
		return conv, at, err
	}
	conv, err = m.rewrite(ctx, c, labelWrite{move: mv, base: conv.Labels, written: next, at: begun, since: int64(conv.UpdatedAt)})
	return conv, begun, err
}

// labelled reads a conversation whose labels are to be written, or have been. Its version says what they were worked out from; a list of
// labels alone has none.
func (m *mover) labelled(ctx context.Context, c *chatwoot.Client, account AccountID, id ConversationID) (chatwoot.Conversation, error) {
	conv, err := c.Conversation(ctx, int64(id))
	if err != nil {
		return chatwoot.Conversation{}, err
	}
	if conv.Labels == nil {
		return chatwoot.Conversation{}, errNoLabels
	}
	m.race.saw(conversationKey{account, id}, conv.Labels, int64(conv.UpdatedAt))
	return conv, nil
}

// rewrite replaces the labels of a conversation and reads what became of it.
func (m *mover) rewrite(ctx context.Context, c *chatwoot.Client, w labelWrite) (chatwoot.Conversation, error) {
	begun := m.race.begin(w)
	if _, err := c.SetConversationLabels(ctx, int64(w.move.Conversation), w.written); err != nil {
		return chatwoot.Conversation{}, err
	}
	conv, err := m.labelled(ctx, c, w.move.Account, w.move.Conversation)
	if err != nil {
		return chatwoot.Conversation{}, err
	}
	m.race.answered(begun, int64(conv.UpdatedAt))
	return conv, nil
}

var errNoLabels = errors.New("no labels in Chatwoot's answer")

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
