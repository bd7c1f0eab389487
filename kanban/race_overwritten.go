package kanban

import (
	"context"
	"errors"
	"slices"
	"time"
)

// latest is the newest move of a conversation within the window, with the labels as the newest write of all left them.
func (r *races) latest(key conversationKey, now time.Time) (labelWrite, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, ok := r.traces[key]
	if !ok {
		return labelWrite{}, false
	}
	for _, write := range slices.Backward(t.writes) {
		if w := *write; !w.mend {
			w.written = t.writes[len(t.writes)-1].written
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

// repairs counts the writes of a conversation that repeated a move.
func (r *races) repairs(w labelWrite, now time.Time) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, x := range r.trace(conversationKey{w.move.Account, w.move.Conversation}).writes {
		if x.move.Repair && !x.mend && now.Sub(x.at) <= 6*raceWindow {
			n++
		}
	}
	return n
}

// repeat reports whether the move of a write may be accepted once more, and takes that leave: only once, for the repetition may be
// refused, and each refusal has the conversation read and looked at again.
func (r *races) repeat(w labelWrite) bool { return r.mark(w, true) }

// notRepeated gives the leave back: nothing came of it, because the move was still on its way.
func (r *races) notRepeated(w labelWrite) { r.mark(w, false) }

// mark notes whether the move of a write was accepted once more, and reports whether that is news.
func (r *races) mark(w labelWrite, repeated bool) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.trace(conversationKey{w.move.Account, w.move.Conversation}).writes {
		if x.move.ID == w.move.ID && x.at.Equal(w.at) {
			changed = x.repeated != repeated
			x.repeated = repeated
			return changed
		}
	}
	return false
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
	if m.race.repairs(w, m.Clock()) >= overwrites {
		m.Logger.WarnContext(ctx, "move overwritten again and again, left as it is", "conversation", int64(conv.ID))
		return nil
	}
	if !m.race.repeat(w) {
		return nil
	}
	m.Logger.WarnContext(ctx, "move lost in a race repeated", "conversation", int64(conv.ID), "move", int64(w.move.ID))
	by := Viewer{Actor: w.move.By, Account: w.move.Account, Role: RoleAdministrator}
	mv, _, err := m.Accept(ctx, by, Move{Account: w.move.Account, Board: board.ID, Conversation: conv.ID, To: w.move.To, Repair: true})
	if mv.ID == 0 {
		m.race.notRepeated(w)
	}
	if errors.Is(err, ErrStale) {
		return nil // a newer move is on its way
	}
	return err
}
