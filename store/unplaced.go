package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// placeBatch is how many conversations one turn of the writer places: some tens of milliseconds in which webhooks have to wait.
const placeBatch = 500

// placeAnew has a board place all conversations of its account anew. That begins when the transaction is through, with placeRest. Nobody
// moved anything, so what changes by it is no news of today.
func placeAnew(ctx context.Context, q *db.Queries, b kanban.Board, source kanban.Source) error {
	return q.SaveUnplaced(ctx, int64(b.ID), int64(b.Account), string(source))
}

// placeRest places what the boards of an account have yet to place, in turns of the writer with others' writes between them. It goes on
// when its caller hangs up. What a crash or a full disk leaves over is placed by the next call: at the start, or when the catalogue is saved.
func (s *Store) placeRest(ctx context.Context, account kanban.AccountID) error {
	ctx = context.WithoutCancel(ctx)
	for {
		boards, err := db.New(s.read).UnplacedBoards(ctx, int64(account))
		if err != nil || len(boards) == 0 {
			return err
		}
		err = s.writePatiently(ctx, func(ctx context.Context, q *db.Queries) error { return s.placeSome(ctx, q, kanban.BoardID(boards[0])) })
		if err != nil {
			return err
		}
	}
}

// placeSome places the next conversations of a board.
func (s *Store) placeSome(ctx context.Context, q *db.Queries, id kanban.BoardID) error {
	left, err := q.Unplaced(ctx, int64(id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil // somebody else placed the last ones
	}
	if err != nil {
		return err
	}
	b, err := s.Board(ctx, id)
	if err != nil {
		return err
	}
	rows, err := q.ConversationsAfter(ctx, int64(b.Account), left.AfterID, placeBatch)
	if err != nil {
		return err
	}
	p := placing{q: q, deal: s.dealKeys(b.Account), now: s.now(), quiet: true, order: &s.order}
	for _, r := range rows {
		if err := p.placeRow(ctx, b, r, kanban.Source(left.Source)); err != nil {
			return err
		}
	}
	if len(rows) < placeBatch {
		return q.DeleteUnplaced(ctx, int64(id))
	}
	return q.SetPlaced(ctx, rows[len(rows)-1].ID, int64(id))
}

func (p placing) placeRow(ctx context.Context, b kanban.Board, r db.Conversation, source kanban.Source) error {
	c, err := conversationOf(r)
	if err != nil {
		return err
	}
	_, _, err = p.place(ctx, b, c, c.InboxID, news{source: source})
	return err
}

// conversation reads a cached conversation that something is about to happen to. On boards that have not come to it yet it is placed
// first: or what happens would pass for the reason why it is where it is.
func (a applying) conversation(ctx context.Context, id kanban.ConversationID) (db.Conversation, error) {
	r, err := a.q.Conversation(ctx, int64(a.account), int64(id))
	if err != nil {
		return r, err
	}
	waiting, err := a.q.NotYetPlaced(ctx, int64(a.account), int64(id))
	if err != nil {
		return r, err
	}
	p := a.placing
	p.quiet = true
	for _, w := range waiting {
		for _, b := range a.boards {
			if int64(b.ID) != w.BoardID {
				continue
			}
			if err := p.placeRow(ctx, b, r, kanban.Source(w.Source)); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// placesAlike reports whether two states of a board differ only in what places no card, such as names and colours.
func placesAlike(a, b kanban.Board) bool {
	return listOf(a.Scope) == listOf(b.Scope) && a.Winner == b.Winner && slices.EqualFunc(a.Stages, b.Stages, func(s, t kanban.Stage) bool {
		return s.ID == t.ID && s.Title == t.Title && s.LabelGone == t.LabelGone && slices.Equal(s.Former, t.Former)
	})
}
