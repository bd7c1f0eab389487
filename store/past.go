package store

import (
	"context"
	"errors"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Unsought are conversations that were found in a stage and whose past nobody has looked for, the latest first.
func (s *Store) Unsought(ctx context.Context, account kanban.AccountID, limit int) ([]kanban.ConversationID, error) {
	ids, err := db.New(s.read).Unsought(ctx, int64(account), int64(limit))
	all := make([]kanban.ConversationID, 0, len(ids))
	for _, id := range ids {
		all = append(all, kanban.ConversationID(id))
	}
	return all, err
}

// Remember replaces, on each board that found a conversation in a stage, that finding by what past makes of it, if that is anything.
func (s *Store) Remember(ctx context.Context, account kanban.AccountID, id kanban.ConversationID, past func(kanban.Board, kanban.Transition) []kanban.Transition) (kanban.Applied, error) {
	var out kanban.Applied
	err := s.writePatiently(ctx, func(ctx context.Context, q *db.Queries) error {
		out = kanban.Applied{}
		a := s.applying(q, account, &out)
		for _, b := range a.boards {
			if err := a.remember(ctx, b, id, past); err != nil {
				return err
			}
		}
		return q.Sought(ctx, int64(account), int64(id))
	})
	return out, err
}

func (a applying) remember(ctx context.Context, b kanban.Board, id kanban.ConversationID, past func(kanban.Board, kanban.Transition) []kanban.Transition) error {
	rows, err := a.q.Transitions(ctx, int64(b.ID), int64(id))
	if err != nil || len(rows) == 0 {
		return err
	}
	found := transitionsOf(rows[:1])[0]
	if found.Source != kanban.FromImport || found.AtKnown || rows[0].Sought == 1 {
		return nil
	}
	before := past(b, found)
	if len(before) == 0 {
		return nil
	}
	if err := a.rewrite(ctx, rows, before); err != nil {
		return err
	}
	return a.remembered(ctx, b, id, rows, before)
}

// rewrite puts transitions in the place of the first. The order of a history is that of its ids, so those that follow are written anew, too.
func (a applying) rewrite(ctx context.Context, rows []db.Transition, before []kanban.Transition) error {
	first := rows[0]
	errs := []error{a.q.DeleteTransitions(ctx, first.BoardID, first.ConversationID)}
	for i, t := range before {
		left := first.LeftAt
		if i+1 < len(before) && left >= 0 { // -1: the conversation is gone
			left = millis(before[i+1].At)
		}
		errs = append(errs, a.q.RewriteTransition(ctx, db.RewriteTransitionParams{
			Account: first.AccountID, Board: first.BoardID, Conversation: first.ConversationID, FromID: int64(t.From), ToID: int64(t.To), At: millis(t.At),
			AtKnown: flag(t.AtKnown), Source: string(t.Source), ByID: int64(t.By.ID), ByName: t.By.Name, LeftAt: left,
		}))
	}
	for _, r := range rows[1:] {
		errs = append(errs, a.q.RewriteTransition(ctx, db.RewriteTransitionParams{
			Account: r.AccountID, Board: r.BoardID, Conversation: r.ConversationID, FromID: r.FromID, ToID: r.ToID, At: r.At,
			AtKnown: r.AtKnown, Source: r.Source, ByID: r.ByID, ByName: r.ByName, MoveID: r.MoveID, LeftAt: r.LeftAt,
		}))
	}
	return errors.Join(errs...)
}

// remembered brings up to date what follows from the history: since when the card is where it is, and what reports count of it.
func (a applying) remembered(ctx context.Context, b kanban.Board, id kanban.ConversationID, rows []db.Transition, before []kanban.Transition) error {
	row, err := a.q.Conversation(ctx, int64(a.account), int64(id))
	if err != nil {
		return found(err)
	}
	c, err := conversationOf(row)
	if err != nil {
		return err
	}
	if len(rows) == 1 {
		if err := a.q.SetEntered(ctx, millis(before[len(before)-1].At), int64(b.ID), int64(id)); err != nil {
			return err
		}
	}
	p, on, err := a.placement(ctx, b.ID, id)
	if err != nil {
		return err
	}
	if err := a.follow(ctx, b, c, kanban.DealOf(c.Attributes, a.deal), placeOf(on, p), true); err != nil {
		return err
	}
	change, changed, err := a.place(ctx, b, c, c.InboxID, news{source: kanban.FromReconcile})
	if changed {
		a.out.Changes = append(a.out.Changes, change)
	}
	return err
}
