package web

import (
	"context"
	"errors"
	"slices"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/kanban"
)

// viewer is what the request's person may see in an account: ErrNotFound when that is nothing, since what is forbidden looks like what
// is absent; ErrSignedOut when they have to sign in again first.
func (s *Server) viewer(c echo.Context, account kanban.AccountID) (kanban.Viewer, error) {
	w, err := s.who(c)
	if err != nil {
		return kanban.Viewer{}, err
	}
	return s.viewerOf(c.Request().Context(), w, account)
}

// viewerOf is viewer for whoever is known already.
func (s *Server) viewerOf(ctx context.Context, w who, account kanban.AccountID) (kanban.Viewer, error) {
	a, err := s.Store.Account(ctx, account)
	if err != nil {
		return kanban.Viewer{}, w.absent(err)
	}
	err = kanban.ErrNotFound
	if p, ok := w.at(a.BaseURL); ok {
		var v kanban.Viewer
		if v, err = s.Engine.Viewer(ctx, p.ID, account); err == nil {
			s.sights.note(v, s.Hub.Seq())
			return v, nil
		}
	}
	if w.operator && s.operates(a) {
		return kanban.Viewer{Actor: a.TokenOwner, Account: account, Role: kanban.RoleAdministrator}, nil
	}
	return kanban.Viewer{}, w.absent(err)
}

// absent is what is said of something that is not there for this person. Whoever has to sign in again somewhere is asked to do so,
// whether it is there or not.
func (w who) absent(err error) error {
	if errors.Is(err, kanban.ErrNotFound) && len(w.out) > 0 {
		return kanban.ErrSignedOut
	}
	return err
}

// operates reports whether the operator stands for the owner of an account's token: the environment named it, or it is the demo's.
func (s *Server) operates(a kanban.Account) bool { return s.Open || s.Operated != nil && s.Operated(a) }

// seat is an account and what the request's person may see in it.
type seat struct {
	account kanban.Account
	viewer  kanban.Viewer
	boards  []kanban.Board // in use, and open to the viewer; favourites first
	stars   map[kanban.BoardID]bool
}

// seatsKey is where a request keeps its person's seats.
const seatsKey = "seats"

// found is what was found out about a person's seats. trouble is why an account may be missing among them: its Chatwoot could not be
// asked, which must not keep people from the others.
type found struct {
	seats   []seat
	trouble error
}

// seats are the accounts that the request's person may look into, in the order in which they were connected, asked for once.
func (s *Server) seats(c echo.Context) (seats []seat, trouble, err error) {
	if f, ok := c.Get(seatsKey).(found); ok {
		return f.seats, f.trouble, nil
	}
	w, err := s.who(c)
	if err != nil {
		return nil, nil, err
	}
	f, err := s.seatsOf(c.Request().Context(), w)
	if err == nil {
		c.Set(seatsKey, f)
	}
	return f.seats, f.trouble, err
}

func (s *Server) seatsOf(ctx context.Context, w who) (f found, err error) {
	accounts, err := s.Store.Accounts(ctx)
	if err != nil {
		return f, err
	}
	all, troubles := make([]seat, len(accounts)), make([]error, len(accounts))
	var g errgroup.Group
	for i, a := range accounts {
		g.Go(func() error {
			all[i].viewer, troubles[i] = s.viewerOf(ctx, w, a.ID)
			if troubles[i] == nil {
				all[i].account = a
			}
			boards, err := s.Store.Boards(ctx, a.ID)
			if err != nil || all[i].account.ID == 0 {
				return err
			}
			all[i].boards = slices.DeleteFunc(boards, func(b kanban.Board) bool { return b.Archived() || !all[i].viewer.Enters(b) })
			return s.favour(ctx, &all[i])
		})
	}
	if err := g.Wait(); err != nil {
		return f, err
	}
	for _, t := range troubles {
		if f.trouble == nil && t != nil && !errors.Is(t, kanban.ErrNotFound) {
			f.trouble = t
		}
	}
	f.seats = slices.DeleteFunc(all, func(one seat) bool { return one.account.ID == 0 })
	return f, nil
}

// favour puts the boards first that the viewer of a seat likes best.
func (s *Server) favour(ctx context.Context, one *seat) (err error) {
	if one.stars, err = s.favourites(ctx, one.viewer); err != nil || len(one.stars) == 0 {
		return err
	}
	slices.SortStableFunc(one.boards, func(a, b kanban.Board) int { return starred(one.stars[b.ID]) - starred(one.stars[a.ID]) })
	return nil
}

func starred(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// boardsOf are the boards of seats.
func boardsOf(seats []seat) []kanban.Board {
	var all []kanban.Board
	for _, s := range seats {
		all = append(all, s.boards...)
	}
	return all
}

// seesAll reports whether a person administers one of the accounts.
func seesAll(seats []seat) bool {
	return slices.ContainsFunc(seats, func(one seat) bool { return one.viewer.SeesAll() })
}

// administered are the accounts whose connection is the request's person's business: those they administer. The operator's are all.
func (s *Server) administered(c echo.Context) ([]kanban.Account, error) {
	ctx := c.Request().Context()
	w, err := s.who(c)
	if err != nil {
		return nil, err
	}
	if w.operator {
		return s.Store.Accounts(ctx)
	}
	seats, _, err := s.seats(c)
	var accounts []kanban.Account
	for _, one := range seats {
		if one.viewer.SeesAll() {
			accounts = append(accounts, one.account)
		}
	}
	return accounts, err
}

// administrators lets pass whoever administers an account, or the whole installation. For others there is nothing.
func (s *Server) administrators(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		w, err := s.who(c)
		if err != nil {
			return err
		}
		accounts, err := s.administered(c)
		if err != nil {
			return err
		}
		if len(accounts) == 0 && !w.operator {
			return w.absent(kanban.ErrNotFound)
		}
		return next(c)
	}
}
