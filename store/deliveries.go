package store

import (
	"context"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// SaveDelivery keeps a webhook, secrets blanked. It is durable when SaveDelivery returns. key tells a replay, which is not kept again:
// fresh is false then.
func (s *Store) SaveDelivery(ctx context.Context, account kanban.AccountID, key, body []byte, at time.Time) (fresh bool, err error) {
	err = s.writer.do(&job{ctx: ctx, atomic: true, fn: func(ctx context.Context, q *db.Queries) error {
		n, err := q.InsertDelivery(ctx, db.InsertDeliveryParams{Account: int64(account), Key: key, Body: body, At: millis(at)})
		fresh = n == 1
		return err
	}})
	return fresh, err
}

// Deliveries are the oldest webhooks that are not consumed.
func (s *Store) Deliveries(ctx context.Context, account kanban.AccountID, limit int) ([]kanban.Delivery, error) {
	rows, err := db.New(s.read).Deliveries(ctx, int64(account), int64(limit))
	out := make([]kanban.Delivery, 0, len(rows))
	for _, r := range rows {
		out = append(out, kanban.Delivery{ID: r.ID, Account: account, Body: r.Body, ReceivedAt: fromMillis(r.ReceivedAt)})
	}
	return out, err
}

// DeliveriesWaiting counts the webhooks that are not consumed.
func (s *Store) DeliveriesWaiting(ctx context.Context, account kanban.AccountID) (int, error) {
	n, err := db.New(s.read).DeliveriesWaiting(ctx, int64(account))
	return int(n), err
}

// PruneDeliveries forgets consumed webhooks received before a time; a replay of one would be applied again, which changes nothing.
func (s *Store) PruneDeliveries(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.PruneDeliveries(ctx, millis(before)) })
}
