package web

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// cardsAtOnce is how many cards of a column are sent at first, and each time a person scrolls to its end.
const cardsAtOnce = 50

// home leads to the viewer's board, or to where one is made.
func (s *Server) home(c echo.Context) error {
	boards, err := s.allBoards(c.Request().Context())
	if err != nil {
		return err
	}
	if len(boards) == 0 {
		return c.Redirect(http.StatusFound, templates.ConnectPath)
	}
	return c.Redirect(http.StatusFound, templates.BoardPath(boards[0].ID))
}

// allBoards are the boards that the viewer may open, in the order of accounts.
func (s *Server) allBoards(ctx context.Context) ([]kanban.Board, error) {
	accounts, err := s.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var all []kanban.Board
	for _, a := range accounts {
		boards, err := s.Store.Boards(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, boards...)
	}
	return all, nil
}

// board finds the board that an address names, and who looks at it.
func (s *Server) board(c echo.Context) (kanban.Board, kanban.Viewer, error) {
	n, err := strconv.ParseInt(c.Param("board"), 10, 64)
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, kanban.ErrNotFound
	}
	b, err := s.Store.Board(c.Request().Context(), kanban.BoardID(n))
	if err != nil {
		return kanban.Board{}, kanban.Viewer{}, err
	}
	v := s.viewer(c, b.Account)
	if v.Account != b.Account {
		return kanban.Board{}, kanban.Viewer{}, kanban.ErrNotFound
	}
	return b, v, nil
}

// pageKey is what a board's page depends on besides what the hub tells.
type pageKey struct {
	board                       kanban.BoardID
	version                     int64
	language, sees, theme, path string
	keysOff                     bool
}

// boardPage is a board with the first cards of each column.
func (s *Server) boardPage(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	frame := s.frame(c, v)
	key := pageKey{b.ID, b.Version, frame.Locale.Code(), v.Sight(), string(frame.Theme), frame.Path, frame.KeysOff}
	page, err := s.drawn.get(c.Request().Context(), key, touches(b), func(ctx context.Context, seq uint64) ([]byte, error) {
		return s.drawBoard(ctx, b, v, frame, seq)
	})
	if err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Accept-Language")
	return c.HTMLBlob(http.StatusOK, page)
}

// touches tells the events that change something on a board's page.
func touches(b kanban.Board) func(*kanban.Event) bool {
	return func(e *kanban.Event) bool { return e.Account == b.Account && (e.Board == 0 || e.Board == b.ID) }
}

func (s *Server) drawBoard(ctx context.Context, b kanban.Board, v kanban.Viewer, frame templates.Frame, seq uint64) ([]byte, error) {
	a, err := s.Store.Account(ctx, b.Account)
	if err != nil {
		return nil, err
	}
	if frame.Catalog, err = s.Store.Catalog(ctx, b.Account); err != nil {
		return nil, err
	}
	if frame.Boards, err = s.allBoards(ctx); err != nil {
		return nil, err
	}
	if frame.Connection, err = s.Engine.Connection(ctx, b.Account); err != nil {
		return nil, err
	}
	frame.Current, frame.Cursor, frame.ChatwootURL = b, s.cursor(seq), chatwootScreen(a)
	columns, err := s.drawColumns(ctx, b, v, frame)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = templates.BoardPage(templates.NewBoardPage(frame.Locale, frame, columns)).Render(ctx, &page)
	return page.Bytes(), err
}

// chatwootScreen is where people read an account's conversations in Chatwoot.
func chatwootScreen(a kanban.Account) string {
	return a.BaseURL + "/app/accounts/" + strconv.FormatInt(a.ChatwootID, 10)
}

func (s *Server) drawColumns(ctx context.Context, b kanban.Board, v kanban.Viewer, frame templates.Frame) ([]templates.StageView, error) {
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
		return b.Stages
	}
	return slices.Concat([]kanban.Stage{{ID: kanban.NoStage, Board: b.ID}}, b.Stages)
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

// frame is what stands around a page of a signed-in person.
func (s *Server) frame(c echo.Context, v kanban.Viewer) templates.Frame {
	f := frameFor(c.Request())
	f.SignedIn, f.Viewer = s.signedIn(c), v
	if s.SimulatorURL != "" {
		f.DemoPath = templates.DemoPath
	}
	return f
}
