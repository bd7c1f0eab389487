package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// carryStage puts a new conversation where its contact's latest earlier one is, on boards that wish it. The move is in the transaction
// that brings the conversation, so it is wished exactly once.
func (a applying) carryStage(ctx context.Context, snap kanban.Snapshot) error {
	for _, b := range a.boards {
		if !b.Carries(snap.Conversation, snap.Source, fromMillis(a.now)) {
			continue
		}
		if err := a.carryOn(ctx, b, snap.Conversation); err != nil {
			return err
		}
	}
	return nil
}

func (a applying) carryOn(ctx context.Context, b kanban.Board, c kanban.Conversation) error {
	if _, on, err := a.placement(ctx, b.ID, c.ID); err != nil || !on {
		return err
	}
	earlier, err := a.q.EarlierPlacement(ctx, db.EarlierPlacementParams{Account: int64(a.account), Contact: int64(c.Contact.ID), Before: int64(c.ID), Board: int64(b.ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	to := kanban.StageID(earlier.StageID)
	if err != nil || !b.CarriedOn(to) {
		return err
	}
	mv := kanban.Move{
		Account: a.account, Board: b.ID, Conversation: c.ID, From: kanban.NoStage, To: to, By: kanban.CarriedBy,
		Carries: kanban.ConversationID(earlier.ConversationID), DueAt: fromMillis(a.now).Add(carryPause),
	}
	if err := a.enqueue(ctx, b, &mv); err != nil {
		return err
	}
	a.out.Carried++
	return a.show(ctx, b, c, mv.By)
}

// carryPause lets Chatwoot's own automations, which run right after a conversation was created, have the first word.
const carryPause = 2 * time.Second
