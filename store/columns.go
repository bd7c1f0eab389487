package store

import (
	"context"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Collapsed are the columns of a board that a person has made narrow, in the order of their numbers.
func (s *Store) Collapsed(ctx context.Context, p kanban.PersonID, b kanban.BoardID) ([]kanban.StageID, error) {
	return ownOf(&s.own, ownKey{"collapsed", p, b}, func() ([]kanban.StageID, error) {
		rows, err := db.New(s.read).CollapsedColumns(ctx, int64(p), int64(b))
		if len(rows) == 0 {
			return nil, err
		}
		stages := make([]kanban.StageID, len(rows))
		for i, id := range rows {
			stages[i] = kanban.StageID(id)
		}
		return stages, err
	})
}

// Collapse makes a column narrow for a person, or wide again.
func (s *Store) Collapse(ctx context.Context, p kanban.PersonID, st kanban.Stage, wish bool) error {
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error {
		if wish {
			return q.CollapseColumn(ctx, int64(p), int64(st.Board), int64(st.ID))
		}
		return q.ExpandColumn(ctx, int64(p), int64(st.Board), int64(st.ID))
	}, s.own.forget)
}
