package desk

import (
	"context"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// batchStore is what batches need of the database.
type batchStore interface {
	Board(context.Context, kanban.BoardID) (kanban.Board, error)
	// FoundCards are the cards among some that a look finds.
	FoundCards(context.Context, kanban.Board, kanban.Viewer, *kanban.Look, []kanban.ConversationID) ([]kanban.Card, error)
	KeepBatch(context.Context, kanban.Batch, []kanban.BatchCard) (kanban.Batch, error)
	Batch(context.Context, kanban.BatchID) (kanban.Batch, error)
	AccountsWithBatches(context.Context, time.Time) ([]kanban.AccountID, error)
	NextBatchCard(context.Context, kanban.AccountID, time.Time) (kanban.Batch, kanban.BatchCard, error)
	BeginBatchCard(context.Context, kanban.BatchCard, kanban.DeedValue) (waits bool, err error)
	SettleBatchCard(context.Context, kanban.BatchCard) error
	StopBatch(context.Context, kanban.BatchID) error
	RetryBatch(context.Context, kanban.BatchID) error
	CloseBatch(context.Context, kanban.BatchID) error
	SentOfBatches(context.Context, kanban.AccountID) (int, error)
	TallyBatch(context.Context, kanban.BatchID) (kanban.BatchTally, error)
	FailedBatchCards(ctx context.Context, id kanban.BatchID, most int) ([]kanban.BatchCard, error)
	DoneBatchCards(context.Context, kanban.BatchID) ([]kanban.BatchCard, error)
	DeleteOldBatches(context.Context, time.Time) error
}

// batchPart is how many cards are read at once.
const batchPart = 500

// BeginBatch keeps a deed that is to be done with cards of a board, as the viewer. Cards that they do not see fail, as those will that somebody
// moves before their turn comes.
func (d *Desk) BeginBatch(ctx context.Context, v kanban.Viewer, b kanban.Board, deed kanban.Deed, ids []kanban.ConversationID) (kanban.Batch, error) {
	cat, err := d.Store.Catalog(ctx, b.Account)
	if err != nil {
		return kanban.Batch{}, err
	}
	if err := deed.Check(b, cat, d.Clock()); err != nil {
		return kanban.Batch{}, err
	}
	if deed.Field == kanban.DeedNextStep {
		a, err := d.Store.Account(ctx, b.Account)
		if err != nil {
			return kanban.Batch{}, err
		}
		if a.Deal.NextStep == "" || deed.Wish.More != "" && a.Deal.NextStepOn == "" {
			return kanban.Batch{}, kanban.Invalid("batch.no_next_step")
		}
	}
	if len(ids) == 0 {
		return kanban.Batch{}, kanban.Invalid("batch.nothing")
	}
	known, err := d.cardsOf(ctx, v, b, ids)
	if err != nil {
		return kanban.Batch{}, err
	}
	cards := make([]kanban.BatchCard, 0, len(ids))
	for _, id := range ids {
		c := kanban.BatchCard{Conversation: id, Wish: deed.Wish, State: kanban.BatchWaiting}
		card, ok := known[id]
		if !ok {
			c.State, c.Reason = kanban.BatchFailed, batchGone
		}
		if deed.Field == kanban.DeedStage { // whoever moves it meanwhile knows better
			c.Guarded, c.Expected = true, deed.On(card).Value
		}
		cards = append(cards, c)
	}
	return d.keep(ctx, kanban.Batch{Account: b.Account, Board: b.ID, Person: v.Person, By: v.Actor, Deed: deed}, cards)
}

func (d *Desk) keep(ctx context.Context, b kanban.Batch, cards []kanban.BatchCard) (kanban.Batch, error) {
	b, err := d.Store.KeepBatch(ctx, b, cards)
	if err == nil {
		d.wakeBatches()
	}
	return b, err
}

// cardsOf are the cards among some that the viewer sees on a board.
func (d *Desk) cardsOf(ctx context.Context, v kanban.Viewer, b kanban.Board, ids []kanban.ConversationID) (map[kanban.ConversationID]kanban.Card, error) {
	known := make(map[kanban.ConversationID]kanban.Card, len(ids))
	look := kanban.Filter{}.Look(b, v, d.Clock())
	for len(ids) > 0 {
		part := ids[:min(len(ids), batchPart)]
		ids = ids[len(part):]
		cards, err := d.Store.FoundCards(ctx, b, v, look, part)
		if err != nil {
			return nil, err
		}
		for _, c := range cards {
			known[c.Conversation.ID] = c
		}
	}
	return known, nil
}

// BatchOf is a batch of the viewer's own on a board.
func (d *Desk) BatchOf(ctx context.Context, v kanban.Viewer, board kanban.BoardID, id kanban.BatchID) (kanban.Batch, error) {
	b, err := d.Store.Batch(ctx, id)
	if err != nil {
		return kanban.Batch{}, err
	}
	if b.Board != board || b.Account != v.Account || b.Person != v.Person || b.By.ID != v.ID {
		return kanban.Batch{}, kanban.ErrNotFound
	}
	return b, nil
}

// StopBatch leaves the cards that a batch has not come to as they are.
func (d *Desk) StopBatch(ctx context.Context, b kanban.Batch) error {
	return d.Store.StopBatch(ctx, b.ID)
}

// RetryBatch tries those cards again that failed.
func (d *Desk) RetryBatch(ctx context.Context, b kanban.Batch) error {
	err := d.Store.RetryBatch(ctx, b.ID)
	if err == nil {
		d.wakeBatches()
	}
	return err
}

// UndoBatch begins a batch that takes another one back: of each card that it changed, to what it was, unless somebody changed that since.
func (d *Desk) UndoBatch(ctx context.Context, b kanban.Batch) (kanban.Batch, error) {
	done, err := d.Store.DoneBatchCards(ctx, b.ID)
	if err != nil {
		return kanban.Batch{}, err
	}
	if len(done) == 0 {
		return kanban.Batch{}, kanban.Invalid("batch.nothing")
	}
	cards := make([]kanban.BatchCard, len(done))
	back := b
	back.Undoes, back.Deed = b.ID, kanban.Deed{Field: b.Deed.Back(kanban.DeedValue{}).Field, Wish: b.Deed.Wish}
	for i, c := range done {
		was := kanban.Deed{Field: b.Deed.Field, Wish: c.Wish}
		cards[i] = kanban.BatchCard{Conversation: c.Conversation, Wish: was.Back(c.Was).Wish, Guarded: true, Expected: was.Expected(), State: kanban.BatchWaiting}
	}
	back, err = d.keep(ctx, back, cards)
	if err != nil {
		return kanban.Batch{}, err
	}
	return back, d.Store.CloseBatch(ctx, b.ID)
}

// Progress is how far a batch has come, with the first cards that failed and, of those that the viewer sees, their faces.
type Progress struct {
	Batch  kanban.Batch
	Tally  kanban.BatchTally
	Failed []kanban.BatchCard
	Cards  map[kanban.ConversationID]kanban.Card
}

// failedShown bounds the cards that are told one by one.
const failedShown = 200

// BatchProgress says how far a batch has come.
func (d *Desk) BatchProgress(ctx context.Context, v kanban.Viewer, on kanban.Board, b kanban.Batch) (Progress, error) {
	p := Progress{Batch: b}
	var err error
	if p.Tally, err = d.Store.TallyBatch(ctx, b.ID); err != nil || p.Tally[kanban.BatchFailed] == 0 {
		return p, err
	}
	if p.Failed, err = d.Store.FailedBatchCards(ctx, b.ID, failedShown); err != nil {
		return p, err
	}
	ids := make([]kanban.ConversationID, len(p.Failed))
	for i, c := range p.Failed {
		ids[i] = c.Conversation
	}
	p.Cards, err = d.cardsOf(ctx, v, on, ids)
	return p, err
}
