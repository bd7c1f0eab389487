package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// card is one card of a board.
func (s *Server) card(c echo.Context) error {
	b, v, id, err := s.cardAddress(c)
	if err != nil {
		return err
	}
	card, err := s.Store.Card(c.Request().Context(), b, v, id)
	if err != nil {
		return err
	}
	return s.drawCard(c, b, card)
}

// cardAddress is what an address under /boards/:board/cards/:conversation names.
func (s *Server) cardAddress(c echo.Context) (kanban.Board, kanban.Viewer, kanban.ConversationID, error) {
	b, v, err := s.board(c)
	if err != nil {
		return b, v, 0, err
	}
	n, err := strconv.ParseInt(c.Param("conversation"), 10, 64)
	if err != nil || n <= 0 {
		return b, v, 0, kanban.ErrNotFound
	}
	return b, v, kanban.ConversationID(n), nil
}

func (s *Server) drawCard(c echo.Context, b kanban.Board, card kanban.Card) error {
	cat, err := s.Store.Catalog(c.Request().Context(), b.Account)
	if err != nil {
		return err
	}
	filterOfPage(c.Request(), b).look(b, kanban.Viewer{}).Place(&card)
	return s.draw(c, http.StatusOK, templates.Card(templates.NewCard(localeOf(c), b, cat, card)))
}

// drawTimeout bounds the reads that drawing an event's frame needs. They are answered from memory.
const drawTimeout = 5 * time.Second

// cardFrame draws an event's card. Where that fails the browser is told to fetch the board anew, rather than nothing.
func (s *Server) cardFrame(e *kanban.Event, card kanban.Card, name string, loc templates.Locale) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), drawTimeout)
	defer cancel()
	html, err := s.cardHTML(ctx, e, card, loc)
	if err != nil {
		s.Logger.ErrorContext(ctx, "draw card", "board", int64(e.Board), "error", err.Error())
		return s.sseFrame(e.Seq, strings.Replace(name, eventCard, eventBoard, 1), boardNumber(e.Board))
	}
	return s.sseFrame(e.Seq, name, html)
}

func (s *Server) cardHTML(ctx context.Context, e *kanban.Event, card kanban.Card, loc templates.Locale) (string, error) {
	b, err := s.Store.Board(ctx, e.Board)
	if err != nil {
		return "", err
	}
	cat, err := s.Store.Catalog(ctx, e.Account)
	if err != nil {
		return "", err
	}
	var html bytes.Buffer
	view := templates.NewCard(loc, b, cat, card)
	view.Mover = e.Change.By.Name
	err = templates.Card(view).Render(ctx, &html)
	return html.String(), err
}
