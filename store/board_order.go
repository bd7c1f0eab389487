package store

import (
	"context"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// OrderBoards puts the boards of an account in an order. Boards that are not named come after those that are, as they were.
func (s *Store) OrderBoards(ctx context.Context, account kanban.AccountID, order []kanban.BoardID) error {
	return s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		for i, id := range ordered(s.boardsOf(account), order) {
			if err := q.SetBoardPosition(ctx, int64(i), int64(id), int64(account)); err != nil {
				return err
			}
		}
		return nil
	})
}

func ordered(boards []kanban.Board, first []kanban.BoardID) []kanban.BoardID {
	rest := map[kanban.BoardID]bool{}
	for _, b := range boards {
		rest[b.ID] = true
	}
	var all []kanban.BoardID
	for _, id := range first {
		if rest[id] {
			all = append(all, id)
			delete(rest, id)
		}
	}
	for _, b := range boards {
		if rest[b.ID] {
			all = append(all, b.ID)
		}
	}
	return all
}

// Favourites are the boards that a person put first.
func (s *Store) Favourites(ctx context.Context, person kanban.PersonID) ([]kanban.BoardID, error) {
	rows, err := db.New(s.read).Favourites(ctx, int64(person))
	favourites := make([]kanban.BoardID, len(rows))
	for i, id := range rows {
		favourites[i] = kanban.BoardID(id)
	}
	return favourites, err
}

// SetFavourite makes a board one of a person's favourites, or no longer.
func (s *Store) SetFavourite(ctx context.Context, person kanban.PersonID, board kanban.BoardID, wish bool) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		if wish {
			return q.AddFavourite(ctx, int64(person), int64(board))
		}
		return q.RemoveFavourite(ctx, int64(person), int64(board))
	})
}
