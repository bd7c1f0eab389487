package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// rememberGone is for how long a conversation that is gone is known as such: longer than any news of it is on its way.
const rememberGone = 7 * 24 * time.Hour

// Forget removes conversations that Chatwoot no longer has. Moves on their way are refused.
func (s *Store) Forget(ctx context.Context, account kanban.AccountID, ids []kanban.ConversationID, source kanban.Source) (kanban.Applied, error) {
	var out kanban.Applied
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		out = kanban.Applied{}
		a := s.applying(q, account, &out)
		if err := q.PruneForgotten(ctx, int64(account), a.now-rememberGone.Milliseconds()); err != nil {
			return err
		}
		for _, id := range ids {
			if err := a.forget(ctx, id, source); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (a applying) forget(ctx context.Context, id kanban.ConversationID, source kanban.Source) error {
	if err := a.q.SaveForgotten(ctx, int64(a.account), int64(id), a.now); err != nil {
		return err
	}
	row, err := a.conversation(ctx, id)
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
	for _, b := range a.boards {
		old, on, err := a.placement(ctx, b.ID, id)
		if err != nil {
			return err
		}
		if !on {
			if err := a.q.HideStays(ctx, int64(b.ID), int64(id)); err != nil {
				return err
			}
			continue
		}
		if _, err := a.transition(ctx, b, c, old, true, &db.Placement{}, false, news{source: source}); err != nil {
			return err
		}
		if err := a.q.HideStays(ctx, int64(b.ID), int64(id)); err != nil {
			return err
		}
		a.out.Changes = append(a.out.Changes, kanban.CardChange{Card: kanban.Card{Board: b.ID, Conversation: c}, Was: kanban.StageID(old.StageID), WasOn: true, WasInbox: c.InboxID, Order: a.order.Add(1)})
	}
	if err := a.q.DeleteMoves(ctx, a.now, int64(a.account), int64(id)); err != nil {
		return err
	}
	return a.q.DeleteConversation(ctx, int64(a.account), int64(id))
}

// stillGone reports whether news of an unknown conversation is older than its end. A webhook may always be; a read counts if it was asked
// for after Chatwoot had said that there is none, and brings the conversation back.
func (a applying) stillGone(ctx context.Context, snap kanban.Snapshot) (bool, error) {
	at, err := a.q.ForgottenAt(ctx, int64(a.account), int64(snap.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !snap.Read || millis(snap.At) <= at {
		a.out.Stale++
		return true, nil
	}
	return false, a.q.DeleteForgotten(ctx, int64(a.account), int64(snap.ID))
}
