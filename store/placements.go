package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
	"github.com/chatlane/chatlane/store/db"
)

// placing puts one conversation where its boards show it, within a transaction.
type placing struct {
	q    *db.Queries
	deal kanban.DealKeys
	now  int64
	// quiet says that nobody is told card by card, so none is drawn.
	quiet bool
	// order numbers changes as they are committed. The writer runs one transaction after the other.
	order *atomic.Uint64
}

// news is what the transaction learned of a conversation; it gives transitions their source.
type news struct {
	source kanban.Source
	at     time.Time // of the change, if known
	known  bool
	by     kanban.Actor
	move   kanban.MoveID
}

// place brings the placement of a conversation on a board up to date and records the transition, if its stage by labels changed.
// wasInbox is the inbox before, so that a viewer who loses the card is told.
func (p placing) place(ctx context.Context, b kanban.Board, c kanban.Conversation, wasInbox kanban.InboxID, n news) (kanban.CardChange, bool, error) {
	old, wasOn, err := p.placement(ctx, b.ID, c.ID)
	if err != nil {
		return kanban.CardChange{}, false, err
	}
	_, on := b.Place(c)
	deal := kanban.DealOf(c.Attributes, p.deal)
	if !on && !wasOn {
		return kanban.CardChange{}, false, p.follow(ctx, b, c, deal, report.OffBoard, false)
	}
	next, err := p.next(ctx, b, c, old, deal)
	if err != nil {
		return kanban.CardChange{}, false, err
	}
	moved, err := p.transition(ctx, b, c, old, wasOn, &next, on, n)
	if err != nil {
		return kanban.CardChange{}, false, err
	}
	if err := p.follow(ctx, b, c, deal, placeOf(on, next), moved); err != nil {
		return kanban.CardChange{}, false, err
	}
	change := kanban.CardChange{On: on, Was: kanban.StageID(old.StageID), WasOn: wasOn, WasInbox: wasInbox, By: n.by, Order: p.order.Add(1)}
	if !on {
		change.Card = kanban.Card{Board: b.ID, Conversation: c}
		return change, true, p.q.DeletePlacement(ctx, int64(b.ID), int64(c.ID))
	}
	if next != old {
		if err := p.save(ctx, next); err != nil {
			return kanban.CardChange{}, false, err
		}
	}
	if p.quiet {
		return change, true, nil
	}
	change.Card, err = p.card(ctx, next, c, deal)
	return change, true, err
}

// next is the placement that follows from labels and pending move. Since when it is in its stage is left as it was.
func (p placing) next(ctx context.Context, b kanban.Board, c kanban.Conversation, old db.Placement, deal kanban.Deal) (db.Placement, error) {
	at, on := b.Place(c)
	r := db.Placement{
		BoardID: int64(b.ID), ConversationID: int64(c.ID), AccountID: int64(c.Account), StageID: int64(at.Stage), ConfirmedID: int64(at.Stage),
		Conflict: flag(at.Conflict), InboxID: int64(c.InboxID), SortKey: millis(c.LastActivityAt), EnteredAt: old.EnteredAt, RefusedID: old.RefusedID, Rank: old.Rank,
		Value: int64(deal.Value), Valued: flag(deal.HasValue),
	}
	if r.Rank == 0 {
		r.Rank = kanban.FirstRank(c.CreatedAt)
	}
	pending, err := p.q.PendingMove(ctx, int64(c.Account), int64(c.ID), int64(b.ID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return r, nil
	case err != nil || !on:
		return r, err
	}
	r.PendingID = pending.ID
	if hasStage(b, kanban.StageID(pending.ToID)) {
		r.StageID = pending.ToID
	}
	return r, nil
}

func (p placing) save(ctx context.Context, r db.Placement) error {
	return p.q.SavePlacement(ctx, db.SavePlacementParams{
		Board: r.BoardID, Conversation: r.ConversationID, Account: r.AccountID, Stage: r.StageID, Confirmed: r.ConfirmedID, Conflict: r.Conflict,
		Inbox: r.InboxID, SortKey: r.SortKey, Value: r.Value, Valued: r.Valued, EnteredAt: r.EnteredAt, Pending: r.PendingID, Refused: r.RefusedID, Rank: r.Rank,
	})
}

// hasStage reports whether a board can show a card there. A stage may be taken off the board while a move to it is on its way.
func hasStage(b kanban.Board, id kanban.StageID) bool {
	_, ok := b.Stage(id)
	return ok || id == kanban.NoStage
}

func (p placing) placement(ctx context.Context, b kanban.BoardID, c kanban.ConversationID) (db.Placement, bool, error) {
	old, err := p.q.Placement(ctx, int64(b), int64(c))
	if errors.Is(err, sql.ErrNoRows) {
		return db.Placement{}, false, nil
	}
	return old, err == nil, err
}

// transition records that the stage by labels changed; what a pending move merely shows is no fact yet. Being first seen in No stage
// is no transition, and neither is leaving the board from there.
func (p placing) transition(ctx context.Context, b kanban.Board, c kanban.Conversation, old db.Placement, wasOn bool, next *db.Placement, on bool, n news) (recorded bool, err error) {
	from, to := int64(kanban.NoStage), int64(kanban.NoStage)
	if wasOn {
		from = old.ConfirmedID
	}
	if on {
		to = next.ConfirmedID
	}
	if from == to {
		if !wasOn {
			next.EnteredAt = millis(c.CreatedAt) // it waits in the intake since it began
		}
		return false, nil
	}
	n, err = p.explain(ctx, b, c, to, n)
	if err != nil {
		return false, err
	}
	if n.at.IsZero() {
		n.at, n.known = fromMillis(p.now), false
	}
	row, err := p.q.InsertTransition(ctx, db.InsertTransitionParams{
		Account: int64(c.Account), Board: int64(b.ID), Conversation: int64(c.ID), FromID: from, ToID: to, At: millis(n.at), AtKnown: flag(n.known),
		Source: string(n.source), ByID: int64(n.by.ID), ByName: n.by.Name, MoveID: int64(n.move),
	})
	if err != nil {
		return false, err
	}
	next.EnteredAt = row.At // as the history says it: never before the transition that it follows
	if n.source == kanban.FromImport {
		next.EnteredAt = 0 // since before our time: not invented
	}
	return true, p.q.EndStay(ctx, db.EndStayParams{At: row.At, Board: int64(b.ID), Conversation: int64(c.ID), Before: row.ID})
}

// moveTraces is for how long after a write of ours the news of it is expected.
const moveTraces = time.Minute

// explain finds the move of ours that brought a conversation into a stage, if news that names none tells of it.
func (p placing) explain(ctx context.Context, b kanban.Board, c kanban.Conversation, to int64, n news) (news, error) {
	if n.move != 0 || n.source == kanban.FromImport {
		return n, nil
	}
	m, err := p.q.MoveInto(ctx, db.MoveIntoParams{
		Account: int64(c.Account), Conversation: int64(c.ID), Board: int64(b.ID), Stage: to, Since: p.now - moveTraces.Milliseconds(),
	})
	if errors.Is(err, sql.ErrNoRows) {
		return n, nil
	}
	n.source, n.by, n.move = kanban.FromMove, kanban.Actor{ID: kanban.AgentID(m.ByID), Name: m.ByName}, kanban.MoveID(m.ID)
	return n, err
}

// card draws a card from its placement.
func (p placing) card(ctx context.Context, r db.Placement, c kanban.Conversation, deal kanban.Deal) (kanban.Card, error) {
	card := cardOf(r, c, deal)
	for id, to := range map[int64]**kanban.CardMove{r.PendingID: &card.Pending, r.RefusedID: &card.Refused} {
		if id == 0 {
			continue
		}
		m, err := p.q.Move(ctx, id)
		if err != nil {
			return kanban.Card{}, err
		}
		*to = cardMoveOf(m)
	}
	if card.Pending != nil {
		card.EnteredAt = card.Pending.At
	}
	return card, nil
}

func cardOf(r db.Placement, c kanban.Conversation, deal kanban.Deal) kanban.Card {
	return kanban.Card{
		Board: kanban.BoardID(r.BoardID), Conversation: c, Deal: deal, Stage: kanban.StageID(r.StageID), Conflict: r.Conflict == 1,
		EnteredAt: fromMillis(r.EnteredAt), SortKey: r.SortKey, Rank: r.Rank,
	}
}

func cardMoveOf(m db.Move) *kanban.CardMove {
	return &kanban.CardMove{
		ID: kanban.MoveID(m.ID), From: kanban.StageID(m.FromID), To: kanban.StageID(m.ToID), By: kanban.Actor{ID: kanban.AgentID(m.ByID), Name: m.ByName},
		Reason: m.Reason, Attempts: int(m.Attempts), At: fromMillis(m.CreatedAt),
	}
}
