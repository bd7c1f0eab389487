package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// AcceptMove checks a move, writes it to the outbox and shows the card where it goes, in one transaction. A move to where the card is
// shown already is done at once and written nowhere.
func (s *Store) AcceptMove(ctx context.Context, by kanban.Viewer, mv kanban.Move, admit func(kanban.Board, kanban.Conversation) error) (kanban.Move, []kanban.CardChange, error) {
	var out kanban.Applied
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		board, err := s.Board(ctx, mv.Board) // in here, where nobody can change it
		if err != nil {
			return err
		}
		if err := mine(board, by); err != nil {
			return err
		}
		mv.Account = board.Account
		out = kanban.Applied{}
		a := s.applying(q, board.Account, &out)
		return a.accept(ctx, by, board, &mv, admit)
	})
	return mv, out.Changes, err
}

func (a applying) accept(ctx context.Context, by kanban.Viewer, board kanban.Board, mv *kanban.Move, admit func(kanban.Board, kanban.Conversation) error) error {
	row, err := a.conversation(ctx, mv.Conversation)
	if err != nil {
		return found(err)
	}
	c, err := conversationOf(row)
	if err != nil {
		return err
	}
	if !by.Opens(c) {
		return kanban.ErrNotFound
	}
	if err := admit(board, c); err != nil {
		return err
	}
	p, on, err := a.placement(ctx, board.ID, c.ID)
	if err != nil {
		return err
	}
	if !on {
		return kanban.ErrNotFound
	}
	if mv.Repair && p.PendingID != 0 {
		return kanban.ErrStale // somebody has decided otherwise meanwhile
	}
	mv.From = kanban.StageID(p.StageID)
	switch {
	case mv.Expect != nil && *mv.Expect != mv.From:
		return kanban.ErrStale
	case mv.To == mv.From && p.Conflict == 0:
		mv.State = kanban.MoveDone
		return nil
	}
	if err := a.enqueue(ctx, board, mv); err != nil {
		return err
	}
	return a.show(ctx, board, c, mv.By)
}

// enqueue writes a move to the outbox in place of those of the same card that have not begun.
func (a applying) enqueue(ctx context.Context, board kanban.Board, mv *kanban.Move) error {
	if err := a.q.SupersedeMoves(ctx, db.SupersedeMovesParams{Now: a.now, Account: int64(a.account), Conversation: int64(mv.Conversation), Board: int64(board.ID)}); err != nil {
		return err
	}
	id, err := a.q.InsertMove(ctx, db.InsertMoveParams{
		Account: int64(a.account), Board: int64(board.ID), Conversation: int64(mv.Conversation), FromID: int64(mv.From), ToID: int64(mv.To), ByID: int64(mv.By.ID),
		ByName: mv.By.Name, Undoes: int64(mv.Undoes), Repair: flag(mv.Repair), Now: a.now, LostReason: mv.LostReason, Carries: int64(mv.Carries), DueAt: max(a.now, millis(mv.DueAt)),
	})
	if err != nil {
		return err
	}
	mv.ID, mv.State, mv.CreatedAt, mv.DueAt = kanban.MoveID(id), kanban.MovePending, fromMillis(a.now), fromMillis(max(a.now, millis(mv.DueAt)))
	return a.q.ClearRefused(ctx, int64(board.ID), int64(mv.Conversation))
}

// show brings the card of a conversation up to date after something happened to a move.
func (a applying) show(ctx context.Context, b kanban.Board, c kanban.Conversation, by kanban.Actor) error {
	change, changed, err := a.place(ctx, b, c, c.InboxID, news{by: by})
	if err == nil && changed {
		a.out.Changes = append(a.out.Changes, change)
	}
	return err
}

// ClaimMoves leases due moves: the oldest of each conversation, and only if it is not leased already.
func (s *Store) ClaimMoves(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]kanban.Move, error) {
	var moves []kanban.Move
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		rows, err := q.ClaimMoves(ctx, millis(now.Add(lease)), millis(now), int64(limit))
		moves = moves[:0]
		for _, r := range rows {
			moves = append(moves, moveOf(r))
		}
		return err
	})
	return moves, err
}

// NextDue is when the next move can be claimed.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	due, err := db.New(s.read).NextDue(ctx)
	if err != nil || due < 0 {
		return time.Time{}, false, err
	}
	return time.UnixMilli(due), true, nil
}

// ReleaseLeases gives back what a process that is gone had claimed.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.ReleaseLeases(ctx) })
}

// RecordBase saves, before a move is sent, what it was worked out from: a race is told from a decision by it.
func (s *Store) RecordBase(ctx context.Context, id kanban.MoveID, base, written []string, at time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.RecordBase(ctx, db.RecordBaseParams{Base: textList(base), Written: textList(written), At: millis(at), ID: int64(id)})
	})
}

// SettleMove ends a move. With it goes the snapshot that proves it done; a refused one goes back to where the labels say, with a mark.
func (s *Store) SettleMove(ctx context.Context, id kanban.MoveID, state kanban.MoveState, reason string, snap *kanban.Snapshot) (kanban.Applied, error) {
	return s.changeMove(ctx, id, func(ctx context.Context, a applying, m db.Move) error {
		if snap != nil { // first, while the move is pending: its transition is ours
			if err := a.apply(ctx, *snap); err != nil {
				return err
			}
		}
		n, err := a.q.SettleMove(ctx, db.SettleMoveParams{State: string(state), Reason: reason, Now: a.now, ID: m.ID})
		if err != nil || n == 0 || state != kanban.MoveRefused {
			return err
		}
		return a.markRefused(ctx, m)
	})
}

// markRefused marks the card, unless the person has already moved it on.
func (a applying) markRefused(ctx context.Context, m db.Move) error {
	_, err := a.q.PendingMove(ctx, m.AccountID, m.ConversationID, m.BoardID)
	if errors.Is(err, sql.ErrNoRows) {
		return a.q.SetRefused(ctx, m.ID, m.BoardID, m.ConversationID)
	}
	return err
}

// DeferMove puts a move off and says why on its card.
func (s *Store) DeferMove(ctx context.Context, id kanban.MoveID, due time.Time, reason string) (kanban.Applied, error) {
	return s.changeMove(ctx, id, func(ctx context.Context, a applying, m db.Move) error {
		return a.q.DeferMove(ctx, millis(due), reason, m.ID)
	})
}

// RetryMove makes a waiting move due.
func (s *Store) RetryMove(ctx context.Context, id kanban.MoveID, now time.Time) (kanban.Applied, error) {
	return s.changeMove(ctx, id, func(ctx context.Context, a applying, m db.Move) error { return a.q.HastenMove(ctx, millis(now), m.ID) })
}

// HastenMovesOf makes the waiting moves of somebody due: they have signed in again.
func (s *Store) HastenMovesOf(ctx context.Context, account kanban.AccountID, by kanban.AgentID, now time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.HastenMovesOf(ctx, millis(now), int64(account), int64(by))
	})
}

// AcknowledgeRefusal takes the mark of a refused move off its card.
func (s *Store) AcknowledgeRefusal(ctx context.Context, id kanban.MoveID) ([]kanban.CardChange, error) {
	applied, err := s.changeMove(ctx, id, func(ctx context.Context, a applying, m db.Move) error {
		return a.q.ClearRefused(ctx, m.BoardID, m.ConversationID)
	})
	return applied.Changes, err
}

// changeMove changes a move and shows its card as it is afterwards. A card whose conversation or board is gone is shown nowhere.
func (s *Store) changeMove(ctx context.Context, id kanban.MoveID, change func(context.Context, applying, db.Move) error) (kanban.Applied, error) {
	var out kanban.Applied
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		out = kanban.Applied{}
		m, err := q.Move(ctx, int64(id))
		if err != nil {
			return found(err)
		}
		a := s.applying(q, kanban.AccountID(m.AccountID), &out)
		if err := change(ctx, a, m); err != nil {
			return err
		}
		board, err := s.Board(ctx, kanban.BoardID(m.BoardID))
		if errors.Is(err, kanban.ErrNotFound) {
			return nil
		}
		row, err := a.conversation(ctx, kanban.ConversationID(m.ConversationID))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		c, err := conversationOf(row)
		if err != nil {
			return err
		}
		return a.show(ctx, board, c, kanban.Actor{ID: kanban.AgentID(m.ByID), Name: m.ByName})
	})
	out.Changes = latest(out.Changes)
	return out, err
}

// latest keeps of several changes of one card the last one, with where it was before the first.
func latest(changes []kanban.CardChange) []kanban.CardChange {
	type key struct {
		b kanban.BoardID
		c kanban.ConversationID
	}
	at := map[key]int{}
	var out []kanban.CardChange
	for _, c := range changes {
		k := key{c.Card.Board, c.Card.Conversation.ID}
		if i, ok := at[k]; ok {
			c.Was, c.WasOn, c.WasInbox = out[i].Was, out[i].WasOn, out[i].WasInbox
			out[i] = c
			continue
		}
		at[k] = len(out)
		out = append(out, c)
	}
	return out
}

// RecentMoves are the moves of a conversation that were settled or written since a time, the newest first.
func (s *Store) RecentMoves(ctx context.Context, account kanban.AccountID, id kanban.ConversationID, since time.Time) ([]kanban.Move, error) {
	rows, err := db.New(s.read).RecentMoves(ctx, int64(account), int64(id), millis(since))
	moves := make([]kanban.Move, 0, len(rows))
	for _, r := range rows {
		moves = append(moves, moveOf(r))
	}
	return moves, err
}

// RefusedMoves are the latest moves of a card that Chatwoot would not have, the newest first.
func (s *Store) RefusedMoves(ctx context.Context, b kanban.Board, id kanban.ConversationID, most int) ([]kanban.Move, error) {
	rows, err := db.New(s.read).RefusedMoves(ctx, db.RefusedMovesParams{Account: int64(b.Account), Conversation: int64(id), Board: int64(b.ID), Most: int64(most)})
	moves := make([]kanban.Move, 0, len(rows))
	for _, r := range rows {
		moves = append(moves, moveOf(r))
	}
	return moves, err
}

// WrittenMoves are the moves that were sent to Chatwoot since a time, the oldest first.
func (s *Store) WrittenMoves(ctx context.Context, since time.Time) ([]kanban.Move, error) {
	rows, err := db.New(s.read).WrittenMoves(ctx, millis(since))
	moves := make([]kanban.Move, 0, len(rows))
	for _, r := range rows {
		moves = append(moves, moveOf(r))
	}
	return moves, err
}

// Move is one move, whatever its state.
func (s *Store) Move(ctx context.Context, id kanban.MoveID) (kanban.Move, error) {
	r, err := db.New(s.read).Move(ctx, int64(id))
	if err != nil {
		return kanban.Move{}, found(err)
	}
	return moveOf(r), nil
}

// MovesWaiting counts the moves that Chatwoot does not have yet.
func (s *Store) MovesWaiting(ctx context.Context, account kanban.AccountID) (int, error) {
	n, err := db.New(s.read).MovesWaiting(ctx, int64(account))
	return int(n), err
}

func moveOf(r db.Move) kanban.Move {
	return kanban.Move{
		ID: kanban.MoveID(r.ID), Account: kanban.AccountID(r.AccountID), Board: kanban.BoardID(r.BoardID), Conversation: kanban.ConversationID(r.ConversationID),
		From: kanban.StageID(r.FromID), To: kanban.StageID(r.ToID), By: kanban.Actor{ID: kanban.AgentID(r.ByID), Name: r.ByName}, Undoes: kanban.MoveID(r.Undoes),
		Repair: r.Repair == 1, State: kanban.MoveState(r.State), Attempts: int(r.Attempts), DueAt: fromMillis(r.DueAt), CreatedAt: fromMillis(r.CreatedAt),
		SettledAt: fromMillis(r.SettledAt), Reason: r.Reason, Base: listIn(r.Base), Written: listIn(r.Written), WrittenAt: fromMillis(r.WrittenAt), LostReason: r.LostReason,
		Carries: kanban.ConversationID(r.Carries),
	}
}
