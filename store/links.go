package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// ChangeLink changes what is known of an account's link to Chatwoot: several look after it at the same time.
func (s *Store) ChangeLink(ctx context.Context, id kanban.AccountID, change func(*kanban.Link)) (kanban.Link, error) {
	var link kanban.Link
	err := s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		text, err := q.Link(ctx, int64(id))
		if err != nil {
			return found(err)
		}
		link = kanban.Link{}
		if err := json.Unmarshal([]byte(text), &link); err != nil {
			return err
		}
		change(&link)
		changed, err := json.Marshal(link)
		if err != nil {
			return err
		}
		return q.SetLink(ctx, string(changed), int64(id))
	})
	return link, err
}

// DeleteAccount removes an account with everything that is kept of it, and the people of a Chatwoot that no account is left of.
func (s *Store) DeleteAccount(ctx context.Context, id kanban.AccountID) error {
	return s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		if err := q.DeleteAccountDeliveries(ctx, int64(id)); err != nil {
			return err
		}
		if err := q.DeleteAccount(ctx, int64(id)); err != nil {
			return err
		}
		return q.DeleteStrandedPeople(ctx)
	})
}

// DisconnectAccount forgets how an account is reached, token and webhook. Boards, conversations and history stay.
func (s *Store) DisconnectAccount(ctx context.Context, id kanban.AccountID, at time.Time) error {
	link, err := json.Marshal(kanban.Link{DisconnectedAt: at})
	if err != nil {
		return err
	}
	return s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		if _, err := q.Link(ctx, int64(id)); err != nil {
			return found(err)
		}
		if err := q.SetAccountToken(ctx, s.sealAccount("", id, "token"), int64(id)); err != nil {
			return err
		}
		if err := q.SetWebhook(ctx, db.SetWebhookParams{
			WebhookUrl: s.sealAccount("", id, "webhook_url"), WebhookKey: s.sealAccount("", id, "webhook_key"),
			WebhookSecret: s.sealAccount("", id, "webhook_secret"), ID: int64(id),
		}); err != nil {
			return err
		}
		return q.SetLink(ctx, string(link), int64(id))
	})
}
