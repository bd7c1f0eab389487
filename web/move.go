package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// move puts a card into the stage that the form names. The answer is what changed: the card, and the headers of all columns.
func (s *Server) move(c echo.Context) error {
	b, v, id, err := s.cardAddress(c)
	if err != nil {
		return err
	}
	mv, err := moveIn(c, b, id)
	if err != nil {
		return err
	}
	if _, _, err := s.Engine.Accept(c.Request().Context(), v, mv); err != nil {
		return err
	}
	// What is beside the card may have moved on meanwhile: then the card is in its stage all the same, in the place that follows by itself.
	if at := spotIn(c); !at.None() {
		if err := s.Engine.Arrange(c.Request().Context(), v, b, id, at); err != nil && !errors.Is(err, kanban.ErrStale) && !errors.Is(err, kanban.ErrNotFound) {
			return err
		}
	}
	return s.drawMoved(c, b, v, id)
}

// arrange puts a card into its place by hand, within its stage.
func (s *Server) arrange(c echo.Context) error {
	b, v, id, err := s.cardAddress(c)
	if err != nil {
		return err
	}
	if err := s.Engine.Arrange(c.Request().Context(), v, b, id, spotIn(c)); err != nil {
		return err
	}
	return s.drawMoved(c, b, v, id)
}

// spotIn is where a form wants a card by hand: above= or below= the number of another one.
func spotIn(c echo.Context) (at kanban.Spot) {
	form := typed(c)
	read := func(name string) kanban.ConversationID {
		n, _ := strconv.ParseInt(form.Get(name), 10, 64) // no number is no card
		return kanban.ConversationID(max(n, 0))
	}
	if at.Above = read("above"); at.Above == 0 {
		at.Below = read("below")
	}
	return at
}

// moveIn reads a move from its form: stage (0 is No stage), and optionally reason, why a deal is lost, expect, the stage that the person believes the card to
// be in, and undoes, the move that this one takes back.
func moveIn(c echo.Context, b kanban.Board, id kanban.ConversationID) (kanban.Move, error) {
	form, err := c.FormParams()
	if err != nil {
		return kanban.Move{}, err
	}
	mv := kanban.Move{Account: b.Account, Board: b.ID, Conversation: id}
	to, err := strconv.ParseInt(form.Get("stage"), 10, 64)
	if err != nil {
		return kanban.Move{}, kanban.Invalid("move.stage_unknown")
	}
	mv.To = kanban.StageID(to)
	mv.LostReason = strings.TrimSpace(form.Get("reason"))
	if text := form.Get("expect"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return kanban.Move{}, kanban.Invalid("move.stage_unknown")
		}
		expect := kanban.StageID(n)
		mv.Expect = &expect
	}
	if text := form.Get("undoes"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return kanban.Move{}, kanban.ErrNotFound
		}
		mv.Undoes = kanban.MoveID(n)
	}
	return mv, nil
}

// settle keeps a card with two stage labels in the stage where it is shown, and has the other label taken away.
func (s *Server) settle(c echo.Context) error {
	b, v, id, err := s.cardAddress(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	card, err := s.Store.Card(ctx, b, v, id)
	if err != nil {
		return err
	}
	mv := kanban.Move{Account: b.Account, Board: b.ID, Conversation: id, To: card.Stage, Expect: &card.Stage}
	if _, _, err := s.Engine.Accept(ctx, v, mv); err != nil {
		return err
	}
	return s.drawMoved(c, b, v, id)
}

// retry makes a waiting move try at once.
func (s *Server) retry(c echo.Context) error {
	b, v, mv, err := s.moveAddress(c)
	if err != nil {
		return err
	}
	if err := s.Engine.Retry(c.Request().Context(), mv.ID); err != nil {
		return err
	}
	return s.drawMoved(c, b, v, mv.Conversation)
}

// acknowledge takes the mark of a refused move off its card.
func (s *Server) acknowledge(c echo.Context) error {
	b, v, mv, err := s.moveAddress(c)
	if err != nil {
		return err
	}
	if _, err := s.Engine.Acknowledge(c.Request().Context(), mv.ID); err != nil {
		return err
	}
	return s.drawMoved(c, b, v, mv.Conversation)
}

// moveAddress finds the move that an address names, if the viewer sees its card.
func (s *Server) moveAddress(c echo.Context) (kanban.Board, kanban.Viewer, kanban.Move, error) {
	w, err := s.who(c)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, kanban.Move{}, err
	}
	n, err := strconv.ParseInt(c.Param("move"), 10, 64)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, kanban.Move{}, w.absent(kanban.ErrNotFound)
	}
	ctx := c.Request().Context()
	mv, err := s.Store.Move(ctx, kanban.MoveID(n))
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, kanban.Move{}, w.absent(err)
	}
	b, err := s.Store.Board(ctx, mv.Board)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, kanban.Move{}, err
	}
	v, err := s.viewerOf(ctx, w, b.Account)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, kanban.Move{}, err
	}
	if !v.Enters(b) {
		return kanban.Board{}, kanban.Viewer{}, kanban.Move{}, w.absent(kanban.ErrNotFound)
	}
	_, err = s.Store.Card(ctx, b, v, mv.Conversation)
	return b, v, mv, err
}

// drawMoved answers a write to a card.
func (s *Server) drawMoved(c echo.Context, b kanban.Board, v kanban.Viewer, id kanban.ConversationID) error {
	ctx, loc := c.Request().Context(), localeOf(c)
	card, err := s.Store.Card(ctx, b, v, id)
	if err != nil {
		return err
	}
	cat, err := s.Store.Catalog(ctx, b.Account)
	if err != nil {
		return err
	}
	f := filterOfPage(c.Request(), b)
	heads, err := s.heads(ctx, loc, b, v, f)
	if err != nil {
		return err
	}
	found := f.look(b, v).Place(&card)
	if !found && !f.All() {
		c.Response().Header().Set("HX-Trigger", "card-hidden")
	}
	return s.draw(c, http.StatusOK, templates.Card(templates.NewCard(loc, b, cat, card)), templates.StageHeads(heads))
}
