package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// How many cards the palette shows, and how many boards it looks for them on.
const (
	paletteCards  = 8
	paletteBoards = 16
)

// palette is everything that can be done on a board; with ?q= it is the cards of its account in which that is found.
func (s *Server) palette(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	if text := strings.TrimSpace(c.QueryParam("q")); text != "" {
		found, err := s.foundAnywhere(c, b, v, text)
		if err != nil {
			return err
		}
		cat, err := s.Store.Catalog(c.Request().Context(), b.Account)
		if err != nil {
			return err
		}
		return s.draw(c, http.StatusOK, templates.PaletteCards(templates.NewPaletteCards(localeOf(c), b.ID, cat, found)))
	}
	f := s.frame(c, v)
	f.Current, f.Framed = b, inFrame(c)
	return s.draw(c, http.StatusOK, templates.Palette(templates.NewPalette(f)))
}

// foundAnywhere are the cards in which a text is found, on any board of the account that is open to the viewer: those of the board at
// hand first. A conversation that stands on several boards is shown where it has a stage.
func (s *Server) foundAnywhere(c echo.Context, b kanban.Board, v kanban.Viewer, text string) ([]templates.PaletteFound, error) {
	boards := []kanban.Board{b}
	if !inFrame(c) { // which leads to no other board's cards
		others, err := s.Store.Boards(c.Request().Context(), b.Account)
		if err != nil {
			return nil, err
		}
		others = slices.DeleteFunc(slices.Clone(others), func(o kanban.Board) bool { return o.ID == b.ID || o.Archived() || !v.Enters(o) })
		boards = append(boards, others[:min(len(others), paletteBoards)]...)
	}
	var found []templates.PaletteFound
	for _, one := range boards {
		f := filtered{kanban.ParseFilter(url.Values{"q": {text}}).On(one), zoneOf(c.Request())}
		cards, _, err := s.Store.FoundAfter(c.Request().Context(), one, v, f.look(one, v), nil, nil, paletteCards)
		if err != nil {
			return nil, err
		}
		for _, card := range cards {
			found = better(found, templates.PaletteFound{Board: one, Card: card}, b.ID)
		}
	}
	return found[:min(len(found), paletteCards)], nil
}

// better adds a card, unless its conversation is among those found already and shown better there.
func better(all []templates.PaletteFound, one templates.PaletteFound, current kanban.BoardID) []templates.PaletteFound {
	i := slices.IndexFunc(all, func(f templates.PaletteFound) bool { return f.Card.Conversation.ID == one.Card.Conversation.ID })
	switch {
	case i < 0:
		return append(all, one)
	case all[i].Card.Stage == kanban.NoStage && one.Card.Stage != kanban.NoStage && (all[i].Board.ID != current || all[i].Board.HideNoStage):
		all[i] = one
	}
	return all
}
