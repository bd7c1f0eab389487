package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// cardsAtOnce is how many cards of a column are sent at first, and each time a person scrolls to its end.
const cardsAtOnce = 50

// home leads to the viewer's first board; where there is none, to where one is made, or to a page that says so.
func (s *Server) home(c echo.Context) error {
	w, err := s.who(c)
	if err != nil {
		return err
	}
	seats, trouble, err := s.seats(c)
	if err != nil {
		return err
	}
	if boards := boardsOf(seats); len(boards) > 0 {
		return c.Redirect(http.StatusFound, templates.BoardPath(boards[0].ID))
	}
	if w.operator || seesAll(seats) {
		return c.Redirect(http.StatusFound, templates.ConnectPath)
	}
	if trouble != nil {
		return trouble
	}
	return s.draw(c, http.StatusOK, templates.NoBoardPage(s.frame(c, kanban.Viewer{})))
}

// board finds the board that an address names, and who looks at it.
func (s *Server) board(c echo.Context) (kanban.Board, kanban.Viewer, error) {
	w, err := s.who(c)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, err
	}
	n, err := strconv.ParseInt(c.Param("board"), 10, 64)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, w.absent(kanban.ErrNotFound)
	}
	ctx := c.Request().Context()
	b, err := s.Store.Board(ctx, kanban.BoardID(n))
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, w.absent(err)
	}
	v, err := s.viewerOf(ctx, w, b.Account)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, err
	}
	if !v.Enters(b) {
		return kanban.Board{}, kanban.Viewer{}, w.absent(kanban.ErrNotFound)
	}
	return b, v, nil
}

// boardKey is what a board's columns depend on besides what the hub tells. Whatever is about the person who looks is drawn around them.
type boardKey struct {
	board                     kanban.BoardID
	version                   int64
	language, sees, collapsed string
}

// boardPage is a board with the first cards of each column.
func (s *Server) boardPage(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	if to, err := s.elsewhere(c, b, v); err != nil {
		return err
	} else if to != "" {
		return c.Redirect(http.StatusFound, to)
	}
	page, err := s.boardView(c, b, v)
	if err != nil {
		return err
	}
	if page.Batches, err = s.batchesOn(c, b, v); err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.BoardPage(page))
}

// boardView is a board's page as one person sees it.
func (s *Server) boardView(c echo.Context, b kanban.Board, v kanban.Viewer) (templates.BoardPageView, error) {
	loc, f := localeOf(c), filterIn(c, b)
	collapsed, err := s.Store.Collapsed(c.Request().Context(), v.Person, b.ID)
	if err != nil {
		return templates.BoardPageView{}, err
	}
	if !f.plain() {
		return s.foundView(c, b, v, f, collapsed)
	}
	key := boardKey{b.ID, b.Version, loc.Code(), v.Sight(), fmt.Sprint(collapsed)}
	page, err := s.drawn.get(c.Request().Context(), key, touches(b), func(ctx context.Context, seq uint64) (templates.BoardPageView, error) {
		return s.drawBoard(ctx, b, v, loc, seq, collapsed)
	})
	if err != nil {
		return templates.BoardPageView{}, err
	}
	return s.under(c, page.Around(s.frame(c, v)), v, f, nil)
}

// touches tells the events that change something on a board's page.
func touches(b kanban.Board) func(*kanban.Event) bool {
	return func(e *kanban.Event) bool { return e.Account == b.Account && (e.Board == 0 || e.Board == b.ID) }
}

// drawBoard draws a board's columns, which is most of its page and the same for all who see the same cards.
func (s *Server) drawBoard(ctx context.Context, b kanban.Board, v kanban.Viewer, loc templates.Locale, seq uint64, collapsed []kanban.StageID) (templates.BoardPageView, error) {
	frame, err := s.boardFrame(ctx, b, loc, seq)
	if err != nil {
		return templates.BoardPageView{}, err
	}
	columns, err := s.drawColumns(ctx, b, v, frame)
	if err != nil {
		return templates.BoardPageView{}, err
	}
	return templates.NewBoardPage(loc, frame, columns).Collapse(collapsed).Drawn(ctx)
}

// boardFrame is what is said around a board's columns to all who see the same of it.
func (s *Server) boardFrame(ctx context.Context, b kanban.Board, loc templates.Locale, seq uint64) (templates.Frame, error) {
	a, err := s.Store.Account(ctx, b.Account)
	if err != nil {
		return templates.Frame{}, err
	}
	frame := templates.Frame{Locale: loc, Current: b, Cursor: s.cursor(seq), ChatwootURL: chatwootScreen(a)}
	if frame.Catalog, err = s.Store.Catalog(ctx, b.Account); err != nil {
		return templates.Frame{}, err
	}
	frame.Connection, err = s.Engine.Connection(ctx, b.Account)
	return frame, err
}

// chatwootScreen is where people read an account's conversations in Chatwoot.
func chatwootScreen(a kanban.Account) string {
	return a.BaseURL + "/app/accounts/" + strconv.FormatInt(a.ChatwootID, 10)
}

func (s *Server) drawColumns(ctx context.Context, b kanban.Board, v kanban.Viewer, frame templates.Frame) ([]templates.StageView, error) {
	if f := (filtered{}); !f.kept(b) {
		found, err := s.Store.Found(ctx, b, v, f.look(b, v), cardsAtOnce)
		return foundColumns(b, frame, found), err
	}
	totals, err := s.totalsOf(ctx, b, v)
	if err != nil {
		return nil, err
	}
	var columns []templates.StageView
	for _, stage := range shown(b) {
		col, err := s.column(ctx, b, v, stage.ID)
		if err != nil {
			return nil, err
		}
		columns = append(columns, templates.NewStage(frame.Locale, b, frame.Catalog, stage, col.cards, totals[stage.ID], col.next))
	}
	return columns, nil
}

// shown are the columns of a board, the intake first.
func shown(b kanban.Board) []kanban.Stage {
	if b.HideNoStage {
		return b.Columns()
	}
	return slices.Concat([]kanban.Stage{{ID: kanban.NoStage, Board: b.ID}}, b.Columns())
}

// column is the first cards of a stage.
type column struct {
	cards []kanban.Card
	next  string
}

type columnKey struct {
	board   kanban.BoardID
	version int64
	stage   kanban.StageID
	sees    string
}

func (s *Server) column(ctx context.Context, b kanban.Board, v kanban.Viewer, stage kanban.StageID) (column, error) {
	concerns := func(e *kanban.Event) bool {
		return e.Kind != kanban.ConnectionChanged && touches(b)(e) &&
			(e.Kind != kanban.CardChanged || e.Change.Card.Stage == stage || e.Change.Was == stage)
	}
	return s.columns.get(ctx, columnKey{b.ID, b.Version, stage, v.Sight()}, concerns, func(ctx context.Context, _ uint64) (column, error) {
		return s.cards(ctx, b, v, stage, nil)
	})
}

func (s *Server) cards(ctx context.Context, b kanban.Board, v kanban.Viewer, stage kanban.StageID, after *kanban.Cursor) (column, error) {
	cards, next, err := s.Store.Cards(ctx, b, v, stage, after, cardsAtOnce)
	if err != nil || next == nil {
		return column{cards: cards}, err
	}
	return column{cards: cards, next: next.String()}, nil
}

type totalsKey struct {
	board   kanban.BoardID
	version int64
	sees    string
}

// totalsOf are the counts and sums of all columns of a board.
func (s *Server) totalsOf(ctx context.Context, b kanban.Board, v kanban.Viewer) (map[kanban.StageID]kanban.Total, error) {
	concerns := func(e *kanban.Event) bool { return e.Kind != kanban.ConnectionChanged && touches(b)(e) }
	return s.totals.get(ctx, totalsKey{b.ID, b.Version, v.Sight()}, concerns, func(ctx context.Context, _ uint64) (map[kanban.StageID]kanban.Total, error) {
		return s.Store.Totals(ctx, b, v)
	})
}

// totalsUnder are those of the cards that a filter leaves.
func (s *Server) totalsUnder(ctx context.Context, b kanban.Board, v kanban.Viewer, f filtered) (map[kanban.StageID]kanban.Total, error) {
	if f.All() && f.Lanes == "" {
		return s.totalsOf(ctx, b, v)
	}
	counts, err := s.countsOf(ctx, b, v, f)
	return counts.Stages, err
}
