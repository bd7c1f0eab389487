package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// KeepBatch keeps a batch with its cards; it is durable when KeepBatch returns.
func (s *Store) KeepBatch(ctx context.Context, b kanban.Batch, cards []kanban.BatchCard) (kanban.Batch, error) {
	err := s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error {
		id, err := q.InsertBatch(ctx, db.InsertBatchParams{
			Account: int64(b.Account), Board: int64(b.Board), Person: int64(b.Person), ByID: int64(b.By.ID), ByName: b.By.Name, Field: string(b.Deed.Field),
			Value: b.Deed.Wish.Value, More: b.Deed.Wish.More, Undoes: int64(b.Undoes), Now: s.now(),
		})
		if err != nil {
			return err
		}
		b.ID, b.CreatedAt = kanban.BatchID(id), fromMillis(s.now())
		for i, c := range cards {
			err := q.InsertBatchCard(ctx, db.InsertBatchCardParams{
				Batch: id, Place: int64(i), Conversation: int64(c.Conversation), Value: c.Wish.Value, More: c.Wish.More, Guarded: flag(c.Guarded),
				Expected: c.Expected, State: string(c.State), Reason: c.Reason, Now: s.now(),
			})
			if err != nil {
				return err
			}
		}
		return q.EndBatch(ctx, s.now(), id) // all of them may be beyond reach
	}, s.own.forget)
	return b, err
}

// Batch is one batch, whatever has become of it.
func (s *Store) Batch(ctx context.Context, id kanban.BatchID) (kanban.Batch, error) {
	r, err := db.New(s.read).Batch(ctx, int64(id))
	if err != nil {
		return kanban.Batch{}, found(err)
	}
	return batchOf(r), nil
}

// ShownBatches are the batches of somebody on a board that they have not closed and that ended since a time, if at all; the newest first.
func (s *Store) ShownBatches(ctx context.Context, b kanban.BoardID, v kanban.Viewer, since time.Time, most int) ([]kanban.Batch, error) {
	some, err := ownOf(&s.own, ownKey{"batches", v.Person, b}, func() (bool, error) { return db.New(s.read).HasBatches(ctx, int64(b)) })
	if err != nil || !some {
		return nil, err
	}
	rows, err := db.New(s.read).ShownBatches(ctx, db.ShownBatchesParams{
		Board: int64(b), Person: int64(v.Person), ByID: int64(v.ID), Since: millis(since), Most: int64(most),
	})
	batches := make([]kanban.Batch, len(rows))
	for i, r := range rows {
		batches[i] = batchOf(r)
	}
	return batches, err
}

// AccountsWithBatches are those where a card of a batch is due.
func (s *Store) AccountsWithBatches(ctx context.Context, now time.Time) ([]kanban.AccountID, error) {
	rows, err := db.New(s.read).AccountsWithBatches(ctx, millis(now))
	ids := make([]kanban.AccountID, len(rows))
	for i, id := range rows {
		ids[i] = kanban.AccountID(id)
	}
	return ids, err
}

// NextBatchCard is the card of an account that is next: of the batch that waited longest. ErrNotFound: none is due.
func (s *Store) NextBatchCard(ctx context.Context, account kanban.AccountID, now time.Time) (kanban.Batch, kanban.BatchCard, error) {
	q := db.New(s.read)
	open, err := q.OpenBatches(ctx, int64(account))
	if err != nil {
		return kanban.Batch{}, kanban.BatchCard{}, err
	}
	for _, b := range open {
		c, err := q.NextBatchCard(ctx, b.ID, millis(now))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		return batchOf(b), batchCardOf(c), err
	}
	return kanban.Batch{}, kanban.BatchCard{}, kanban.ErrNotFound
}

// BeginBatchCard notes, before a card is changed, what its field said. It is false for a card that does not wait any more.
func (s *Store) BeginBatchCard(ctx context.Context, c kanban.BatchCard, was kanban.DeedValue) (waits bool, err error) {
	err = s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		n, err := q.BeginBatchCard(ctx, db.BeginBatchCardParams{Was: was.Value, WasMore: was.More, Batch: int64(c.Batch), Place: int64(c.Place)})
		waits = n == 1
		return errors.Join(err, q.ServedBatch(ctx, s.now(), int64(c.Batch)))
	})
	return waits, err
}

// SettleBatchCard notes what became of a card, or when to try it again.
func (s *Store) SettleBatchCard(ctx context.Context, c kanban.BatchCard) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		err := q.SettleBatchCard(ctx, db.SettleBatchCardParams{
			State: string(c.State), Reason: c.Reason, Move: int64(c.Move), Attempts: int64(c.Attempts), DueAt: millis(c.DueAt), Batch: int64(c.Batch), Place: int64(c.Place),
		})
		return errors.Join(err, q.ServedBatch(ctx, s.now(), int64(c.Batch)), q.EndBatch(ctx, s.now(), int64(c.Batch)))
	})
}

// StopBatch leaves the cards of a batch that still wait as they are.
func (s *Store) StopBatch(ctx context.Context, id kanban.BatchID) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return errors.Join(q.LeaveBatchCards(ctx, int64(id)), q.EndBatch(ctx, s.now(), int64(id)))
	})
}

// RetryBatch has the cards of a batch that failed tried again.
func (s *Store) RetryBatch(ctx context.Context, id kanban.BatchID) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		n, err := q.RetryBatchCards(ctx, s.now(), int64(id))
		if err != nil || n == 0 {
			return err
		}
		return q.ReopenBatch(ctx, int64(id))
	})
}

// CloseBatch takes a batch off its person's board.
func (s *Store) CloseBatch(ctx context.Context, id kanban.BatchID) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.CloseBatch(ctx, s.now(), int64(id)) })
}

// SentOfBatches counts the moves of an account's batches that Chatwoot has yet to be told of for the first time.
func (s *Store) SentOfBatches(ctx context.Context, account kanban.AccountID) (int, error) {
	n, err := db.New(s.read).SentOfBatches(ctx, int64(account))
	return int(n), err
}

// TallyBatch counts how far the cards of a batch have come.
func (s *Store) TallyBatch(ctx context.Context, id kanban.BatchID) (kanban.BatchTally, error) {
	rows, err := db.New(s.read).TallyBatch(ctx, int64(id))
	tally := kanban.BatchTally{}
	for _, r := range rows {
		tally[kanban.BatchState(r.State)] = int(r.Cards)
	}
	return tally, err
}

// FailedBatchCards are the first cards of a batch that could not be changed, each with its reason.
func (s *Store) FailedBatchCards(ctx context.Context, id kanban.BatchID, most int) ([]kanban.BatchCard, error) {
	rows, err := db.New(s.read).FailedBatchCards(ctx, int64(id), int64(most))
	cards := make([]kanban.BatchCard, len(rows))
	for i, r := range rows {
		cards[i] = kanban.BatchCard{Batch: id, Place: int(r.Place), Conversation: kanban.ConversationID(r.ConversationID), State: kanban.BatchFailed, Reason: r.Reason}
	}
	return cards, err
}

// DoneBatchCards are the cards that a batch changed.
func (s *Store) DoneBatchCards(ctx context.Context, id kanban.BatchID) ([]kanban.BatchCard, error) {
	rows, err := db.New(s.read).DoneBatchCards(ctx, int64(id))
	cards := make([]kanban.BatchCard, len(rows))
	for i, r := range rows {
		cards[i] = batchCardOf(r)
	}
	return cards, err
}

// DeleteOldBatches forgets batches that ended before a time.
func (s *Store) DeleteOldBatches(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.DeleteOldBatches(ctx, millis(before)) })
}

func batchOf(r db.Batch) kanban.Batch {
	return kanban.Batch{
		ID: kanban.BatchID(r.ID), Account: kanban.AccountID(r.AccountID), Board: kanban.BoardID(r.BoardID), Person: kanban.PersonID(r.PersonID),
		By: kanban.Actor{ID: kanban.AgentID(r.ByID), Name: r.ByName}, Undoes: kanban.BatchID(r.Undoes), CreatedAt: fromMillis(r.CreatedAt), EndedAt: fromMillis(r.EndedAt),
		Deed: kanban.Deed{Field: kanban.DeedField(r.Field), Wish: kanban.DeedValue{Value: r.Value, More: r.More}},
	}
}

func batchCardOf(r db.BatchCard) kanban.BatchCard {
	return kanban.BatchCard{
		Batch: kanban.BatchID(r.BatchID), Place: int(r.Place), Conversation: kanban.ConversationID(r.ConversationID), Wish: kanban.DeedValue{Value: r.Value, More: r.More},
		Guarded: r.Guarded == 1, Expected: r.Expected, Was: kanban.DeedValue{Value: r.Was, More: r.WasMore}, Begun: r.Begun == 1, State: kanban.BatchState(r.State),
		Reason: r.Reason, Move: kanban.MoveID(r.MoveID), Attempts: int(r.Attempts), DueAt: fromMillis(r.DueAt),
	}
}
