package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// seatIn is the account of an address and who looks into it. For whoever has no seat there it is not there.
func (s *Server) seatIn(c echo.Context) (seat, error) {
	w, err := s.who(c)
	if err != nil {
		return seat{}, err
	}
	seats, _, err := s.seats(c)
	if err != nil {
		return seat{}, err
	}
	i := slices.IndexFunc(seats, func(one seat) bool { return strconv.FormatInt(int64(one.account.ID), 10) == c.Param("account") })
	if i < 0 {
		return seat{}, w.absent(kanban.ErrNotFound)
	}
	return seats[i], nil
}

// boardsPage is the boards of an account.
func (s *Server) boardsPage(c echo.Context) error {
	one, err := s.seatIn(c)
	if err != nil {
		return err
	}
	return s.drawBoards(c, http.StatusOK, one, "")
}

func (s *Server) drawBoards(c echo.Context, status int, one seat, problem string) error {
	ctx, loc, v := c.Request().Context(), localeOf(c), one.viewer
	view := templates.BoardsView{
		Frame: s.frame(c, v), Loc: loc, Administers: v.SeesAll(), Favours: v.Person != 0,
		Setup: templates.SetupView{Frame: s.frame(c, v), Account: one.account, Error: problem, Return: "boards"},
	}
	favourites, err := s.favourites(ctx, v)
	if err != nil {
		return err
	}
	all, err := s.Store.Boards(ctx, one.account.ID)
	if err != nil {
		return err
	}
	for _, b := range all {
		row := templates.NewBoardRow(loc, b, favourites[b.ID])
		switch {
		case !v.Enters(b):
		case b.Archived():
			view.Archived = append(view.Archived, row)
		default:
			view.Boards = append(view.Boards, row)
		}
	}
	if view.Administers {
		if err := s.boardChoices(c, one.account, &view.Setup); err != nil {
			return err
		}
	}
	return s.draw(c, status, templates.BoardsPage(view))
}

// favourites are the boards that the viewer put first; the operator is no person who could.
func (s *Server) favourites(ctx context.Context, v kanban.Viewer) (map[kanban.BoardID]bool, error) {
	favourites := map[kanban.BoardID]bool{}
	if v.Person == 0 {
		return favourites, nil
	}
	ids, err := s.Store.Favourites(ctx, v.Person)
	for _, id := range ids {
		favourites[id] = true
	}
	return favourites, err
}

// orderBoards puts the boards of an account in an order, for everybody.
func (s *Server) orderBoards(c echo.Context) error {
	one, err := s.seatIn(c)
	if err != nil {
		return err
	}
	if !one.viewer.SeesAll() {
		return s.absent(c)
	}
	order, err := orderIn[kanban.BoardID](typed(c), "board")
	if err != nil {
		return err
	}
	if err := s.Engine.OrderBoards(c.Request().Context(), one.viewer, order); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, templates.BoardsPath(one.account.ID))
}

// favourite makes a board one of the person's favourites, or no longer.
func (s *Server) favourite(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	form := typed(c)
	if v.Person == 0 {
		return kanban.Invalid("boards.nobody")
	}
	if err := s.Store.SetFavourite(c.Request().Context(), v.Person, b.ID, form.Get("wish") == "yes"); err != nil {
		return err
	}
	if form.Get("return") == "boards" {
		return c.Redirect(http.StatusSeeOther, templates.BoardsPath(b.Account)+"#board-"+boardNumber(b.ID))
	}
	return c.Redirect(http.StatusSeeOther, templates.BoardPath(b.ID))
}
