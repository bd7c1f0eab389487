package store

import (
	"context"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// KeepBeginning keeps a lead that is begun, or finds how far one with that key has come.
func (s *Store) KeepBeginning(ctx context.Context, account kanban.AccountID, by kanban.AgentID, key string) (kanban.Beginning, error) {
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.KeepBeginning(ctx, db.KeepBeginningParams{Account: int64(account), ByID: int64(by), Key: key, Now: s.now()})
	})
	if err != nil {
		return kanban.Beginning{}, err
	}
	row, err := db.New(s.read).Beginning(ctx, int64(account), int64(by), key)
	if err != nil {
		return kanban.Beginning{}, found(err)
	}
	return kanban.Beginning{
		Account: account, By: by, Key: key, Contact: kanban.ContactID(row.ContactID), Conversation: kanban.ConversationID(row.ConversationID),
		BegunAt: fromMillis(row.BegunAt),
	}, nil
}

// SaveBeginning notes how far a lead has come; it is durable when SaveBeginning returns.
func (s *Store) SaveBeginning(ctx context.Context, l kanban.Beginning) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.SaveBeginning(ctx, db.SaveBeginningParams{
			Contact: int64(l.Contact), Conversation: int64(l.Conversation), BegunAt: millis(l.BegunAt), Account: int64(l.Account), ByID: int64(l.By), Key: l.Key,
		})
	})
}

// DeleteOldBeginnings forgets leads that were begun before a time.
func (s *Store) DeleteOldBeginnings(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.DeleteOldBeginnings(ctx, millis(before)) })
}
