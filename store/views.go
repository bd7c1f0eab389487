package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Views are the views of a board that somebody has: their own, and those that are shared, which come first.
func (s *Store) Views(ctx context.Context, b kanban.BoardID, p kanban.PersonID) ([]kanban.View, error) {
	return ownOf(&s.own, ownKey{"views", p, b}, func() ([]kanban.View, error) {
		rows, err := db.New(s.read).Views(ctx, int64(b), int64(p))
		views := make([]kanban.View, len(rows))
		for i, r := range rows {
			views[i] = viewOf(r)
		}
		return views, err
	})
}

// View is one view of a board, whoever's it is.
func (s *Store) View(ctx context.Context, b kanban.BoardID, id kanban.ViewID) (kanban.View, error) {
	r, err := db.New(s.read).View(ctx, int64(id), int64(b))
	return viewOf(r), found(err)
}

func viewOf(r db.View) kanban.View {
	values, _ := url.ParseQuery(r.Query) // it was written by Filter.Query
	return kanban.View{
		ID: kanban.ViewID(r.ID), Board: kanban.BoardID(r.BoardID), Person: kanban.PersonID(r.PersonID), Shared: r.Shared == 1, Name: r.Name,
		Filter: kanban.ParseFilter(values),
	}
}

// SaveView keeps a view; one without a number is new. ErrNotFound when it is gone.
func (s *Store) SaveView(ctx context.Context, w kanban.View) (kanban.View, error) {
	err := s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error {
		if w.ID == 0 {
			return s.insertView(ctx, q, &w)
		}
		if _, err := q.View(ctx, int64(w.ID), int64(w.Board)); err != nil {
			return found(err)
		}
		if !w.Shared {
			if err := q.KeepDefaultsOf(ctx, int64(w.ID), int64(w.Person)); err != nil {
				return err
			}
		}
		return q.UpdateView(ctx, db.UpdateViewParams{Shared: flag(w.Shared), Name: w.Name, Query: w.Filter.Query(), ID: int64(w.ID), Board: int64(w.Board)})
	}, s.own.forget)
	return w, err
}

func (s *Store) insertView(ctx context.Context, q *db.Queries, w *kanban.View) error {
	n, err := q.CountViews(ctx, int64(w.Board), int64(w.Person))
	if err != nil {
		return err
	}
	if n >= kanban.MostViews {
		return kanban.Invalid("view.too_many", "most", kanban.MostViews)
	}
	id, err := q.InsertView(ctx, db.InsertViewParams{
		Board: int64(w.Board), Person: int64(w.Person), Shared: flag(w.Shared), Name: w.Name, Query: w.Filter.Query(), Now: s.now(),
	})
	w.ID = kanban.ViewID(id)
	return err
}

// DeleteView takes a view away from everybody who has it.
func (s *Store) DeleteView(ctx context.Context, b kanban.BoardID, id kanban.ViewID) error {
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error { return q.DeleteView(ctx, int64(id), int64(b)) }, s.own.forget)
}

// DefaultView is the view that somebody's board begins with; 0 for none.
func (s *Store) DefaultView(ctx context.Context, p kanban.PersonID, b kanban.BoardID) (kanban.ViewID, error) {
	return ownOf(&s.own, ownKey{"default", p, b}, func() (kanban.ViewID, error) {
		id, err := db.New(s.read).DefaultView(ctx, int64(p), int64(b))
		if errors.Is(err, sql.ErrNoRows) {
			return 0, nil
		}
		return kanban.ViewID(id), err
	})
}

// SetDefaultView has somebody's board begin with a view, or with none.
func (s *Store) SetDefaultView(ctx context.Context, p kanban.PersonID, b kanban.BoardID, id kanban.ViewID) error {
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error {
		if id == 0 {
			return q.DropDefaultView(ctx, int64(p), int64(b))
		}
		if _, err := q.View(ctx, int64(id), int64(b)); err != nil {
			return found(err)
		}
		return q.SetDefaultView(ctx, int64(p), int64(b), int64(id))
	}, s.own.forget)
}
