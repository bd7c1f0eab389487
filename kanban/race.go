package kanban

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Chatwoot offers no compare-and-set: whoever writes labels replaces what somebody else wrote a moment before (CONTRACT 6.2.7).
// This file finds both sides of such a race afterwards, and mends them.
//
//   - We overwrote somebody: the webhook of our own write tells other labels "before" than the ones we had read.
//   - Somebody overwrote us: the stage we left is back, and with it a change of another label, which is what they wanted.

// raceWindow is how long after a write of ours its traces are looked for. A person who moves a card back later means it.
const raceWindow = 10 * time.Second

// labelWrite is one write of ours.
type labelWrite struct {
	move          Move
	base, written []string
	at            time.Time
	mend          bool // restored labels and left the stage as it was
	told          bool // its webhook came
	repeated      bool // its move was accepted once more
}

// races remembers the latest label writes of ours.
type races struct {
	mu     sync.Mutex
	writes map[conversationKey][]*labelWrite
}

type conversationKey struct {
	account AccountID
	id      ConversationID
}

func newRaces() *races { return &races{writes: map[conversationKey][]*labelWrite{}} }

// begin remembers a write before it is sent: its webhook may be here before its answer.
func (r *races) begin(w labelWrite) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(w.at)
	key := conversationKey{w.move.Account, w.move.Conversation}
	r.writes[key] = append(r.writes[key], &w)
}

func (r *races) expire(now time.Time) {
	for key, writes := range r.writes {
		writes = slices.DeleteFunc(writes, func(w *labelWrite) bool { return now.Sub(w.at) > 6*raceWindow })
		if len(writes) == 0 {
			delete(r.writes, key)
		} else {
			r.writes[key] = writes
		}
	}
}

// latest is the newest move of a conversation within the window, with the labels as the newest write of all left them.
func (r *races) latest(key conversationKey, now time.Time) (labelWrite, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	writes := r.writes[key]
	for _, write := range slices.Backward(writes) {
		if w := *write; !w.mend {
			w.written = writes[len(writes)-1].written
			return w, now.Sub(w.at) <= raceWindow
		}
	}
	return labelWrite{}, false
}

// overwritten reports whether a conversation shows that somebody's older view of the labels replaced our latest write: the stage
// is the one we had left, and another label changed with it. Whoever only puts the stage back, or chooses a third one, means it.
func (r *races) overwritten(account AccountID, board Board, c Conversation, now time.Time) bool {
	w, ok := r.latest(conversationKey{account, c.ID}, now)
	if !ok || w.move.Board != board.ID {
		return false
	}
	return overwrote(board, w.base, w.written, c.Labels)
}

// repairs counts the writes of a conversation that repeated a move.
func (r *races) repairs(w labelWrite) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, x := range r.writes[conversationKey{w.move.Account, w.move.Conversation}] {
		if x.move.Repair && !x.mend {
			n++
		}
	}
	return n
}

// repeat reports whether the move of a write may be accepted once more, and takes that leave: only once, for the repetition may be
// refused, and each refusal has the conversation read and looked at again.
func (r *races) repeat(w labelWrite) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.writes[conversationKey{w.move.Account, w.move.Conversation}] {
		if x.move.ID == w.move.ID && x.at.Equal(w.at) {
			first := !x.repeated
			x.repeated = true
			return first
		}
	}
	return false
}

func overwrote(board Board, base, written, now []string) bool {
	return !sameStages(board, now, written) && sameStages(board, now, base) && !sameTitles(board.foreign(now), board.foreign(written))
}

func sameStages(b Board, x, y []string) bool {
	return slices.EqualFunc(b.StagesIn(x), b.StagesIn(y), func(s, t Stage) bool { return s.ID == t.ID })
}

// foreign are the labels that are no stage of the board.
func (b Board) foreign(titles []string) []string {
	return slices.DeleteFunc(slices.Clone(titles), func(t string) bool { return len(b.StagesIn([]string{t})) > 0 })
}

// lost is what our write undid of somebody else's: labels they added and labels they removed between our read and our write, as the
// webhook of our write tells them. Each write is told of once.
func (r *races) lost(board func(BoardID) (Board, bool), key conversationKey, before, after []string) (add, remove []string, mv Move, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.writes[key] {
		if w.told || !sameTitles(after, w.written) {
			continue
		}
		b, ok := board(w.move.Board)
		if !ok {
			continue
		}
		if sameStages(b, before, after) && !w.mend {
			continue // not ours, which changed the stage: somebody took back what they had added
		}
		w.told = true
		theirs, ours := before, w.base
		if !w.mend { // a move means its stage
			theirs, ours = b.foreign(theirs), b.foreign(ours)
		}
		return minus(theirs, ours), minus(ours, theirs), w.move, true
	}
	return nil, nil, Move{}, false
}

// minus are the titles of a that b lacks.
func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(t string) bool { return slices.Contains(b, t) })
}

// witness hears of each label change that a webhook tells, and mends what our own writes undid.
func (m *mover) witness(ctx context.Context, account AccountID, id ConversationID, before, after []string) {
	board := func(id BoardID) (Board, bool) {
		b, err := m.Store.Board(ctx, id)
		return b, err == nil
	}
	add, remove, mv, found := m.race.lost(board, conversationKey{account, id}, before, after)
	if found && len(add)+len(remove) > 0 {
		m.sync(account).mendSoon(mend{conversation: id, add: add, remove: remove, move: mv})
	}
}

// inspect looks whether the cache shows that a write of ours was replaced, and moves the card once more if so.
func (m *mover) inspect(ctx context.Context, account AccountID, snaps []Snapshot) {
	for _, s := range snaps {
		w, ok := m.race.latest(conversationKey{account, s.ID}, m.Clock())
		if !ok {
			continue
		}
		if err := m.again(ctx, w); err != nil && ctx.Err() == nil {
			m.Logger.WarnContext(ctx, "look for an overwritten move", "conversation", int64(s.ID), "error", err.Error())
		}
	}
}

// again accepts a move once more in the name of whoever made it, if somebody's older view of the labels replaced it. Something that
// overwrites it each time wins in the end: two programs must not fight for ever.
func (m *mover) again(ctx context.Context, w labelWrite) error {
	board, err := m.Store.Board(ctx, w.move.Board)
	if err != nil {
		return err
	}
	conv, err := m.Store.Conversation(ctx, w.move.Account, w.move.Conversation) // the cache, because a snapshot may be an old one
	if err != nil {
		return err
	}
	if !m.race.overwritten(w.move.Account, board, conv, m.Clock()) {
		return nil
	}
	if m.race.repairs(w) >= overwrites {
		m.Logger.WarnContext(ctx, "move overwritten again and again, left as it is", "conversation", int64(conv.ID))
		return nil
	}
	if !m.race.repeat(w) {
		return nil
	}
	m.Logger.WarnContext(ctx, "move lost in a race repeated", "conversation", int64(conv.ID), "move", int64(w.move.ID))
	by := Viewer{Actor: w.move.By, Account: w.move.Account, Role: RoleAdministrator}
	_, _, err = m.Accept(ctx, by, Move{Account: w.move.Account, Board: board.ID, Conversation: conv.ID, To: w.move.To, Repair: true})
	if errors.Is(err, ErrStale) {
		return nil // a newer move is on its way
	}
	return err
}
