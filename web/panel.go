package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// How much of a conversation's past a panel shows.
const (
	panelEdits    = 50
	panelRefusals = 10
)

// panel is one conversation beside its board. A script asks for it alone; whoever comes by the address gets the board with it.
// It is drawn from what is cached: messages and whatever else Chatwoot must be asked for follow by themselves.
func (s *Server) panel(c echo.Context) error {
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	b, v, id, err := s.cardAddress(c)
	if err != nil {
		return err
	}
	fragment := wantsFragment(c.Request())
	panel, err := s.panelOf(c, b, v, id)
	switch {
	case fragment && errors.Is(err, kanban.ErrNotFound):
		return s.draw(c, http.StatusNotFound, templates.PanelGone(localeOf(c), templates.BoardPath(b.ID)))
	case err != nil:
		return err
	case fragment:
		return s.draw(c, http.StatusOK, templates.Panel(panel))
	}
	page, err := s.boardView(c, b, v)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.BoardPage(page.Beside(panel)))
}

// facts are what is known of a card.
func (s *Server) facts(c echo.Context, b kanban.Board, v kanban.Viewer, id kanban.ConversationID) (templates.PanelOf, error) {
	ctx := c.Request().Context()
	card, err := s.Store.Card(ctx, b, v, id)
	if err != nil {
		return templates.PanelOf{}, err
	}
	a, err := s.Store.Account(ctx, b.Account)
	if err != nil {
		return templates.PanelOf{}, err
	}
	of := templates.PanelOf{Board: b, Viewer: v, Card: card, Deal: a.Deal, ChatwootURL: chatwootScreen(a)}
	of.Catalog, err = s.Store.Catalog(ctx, b.Account)
	return of, err
}

// relate adds the contact's other conversations, and the boards that they may stand on.
func (s *Server) relate(ctx context.Context, of *templates.PanelOf) error {
	var err error
	if of.Others, err = s.Store.Others(ctx, of.Viewer, of.Card.Conversation); err != nil || len(of.Others) == 0 {
		return err
	}
	boards, err := s.Store.Boards(ctx, of.Board.Account)
	for _, b := range boards {
		if of.Viewer.Enters(b) && b.ArchivedAt.IsZero() {
			of.Boards = append(of.Boards, b)
		}
	}
	return err
}

func (s *Server) panelOf(c echo.Context, b kanban.Board, v kanban.Viewer, id kanban.ConversationID) (templates.PanelView, error) {
	ctx := c.Request().Context()
	of, err := s.facts(c, b, v, id)
	if err != nil {
		return templates.PanelView{}, err
	}
	if err := s.relate(ctx, &of); err != nil {
		return templates.PanelView{}, err
	}
	if of.Transitions, err = s.Store.Transitions(ctx, b, id); err != nil {
		return templates.PanelView{}, err
	}
	if of.Edits, err = s.Store.Edits(ctx, b.Account, id, panelEdits); err != nil {
		return templates.PanelView{}, err
	}
	if of.Refused, err = s.Store.RefusedMoves(ctx, b, id, panelRefusals); err != nil {
		return templates.PanelView{}, err
	}
	return templates.NewPanel(localeOf(c), of), nil
}
