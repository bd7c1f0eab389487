package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// stageCards are further cards of a column, after a cursor.
func (s *Server) stageCards(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	stage, err := shownStage(b, c.Param("stage"))
	if err != nil {
		return err
	}
	var after *kanban.Cursor
	if text := c.QueryParam("after"); text != "" {
		at, err := kanban.ParseCursor(text)
		if err != nil {
			return err
		}
		after = &at
	}
	ctx := c.Request().Context()
	f := filterIn(c, b)
	col, err := s.further(ctx, b, v, f, stage.ID, after)
	if err != nil {
		return err
	}
	cat, err := s.Store.Catalog(ctx, b.Account)
	if err != nil {
		return err
	}
	view := templates.NewStage(localeOf(c), b, cat, stage, col.cards, kanban.Total{}, col.next)
	return s.draw(c, http.StatusOK, templates.StageCards(view.Under(f.Query())))
}

// further are cards of a column under a filter, after a cursor.
func (s *Server) further(ctx context.Context, b kanban.Board, v kanban.Viewer, f filtered, stage kanban.StageID, after *kanban.Cursor) (column, error) {
	if f.kept(b) {
		return s.cards(ctx, b, v, stage, after)
	}
	cards, next, err := s.Store.FoundAfter(ctx, b, v, f.look(b, v), &stage, after, cardsAtOnce)
	if err != nil || next == nil {
		return column{cards: cards}, err
	}
	return column{cards: cards, next: next.String()}, nil
}

// shownStage finds a column of a board by the number in an address.
func shownStage(b kanban.Board, text string) (kanban.Stage, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return kanban.Stage{}, kanban.ErrNotFound
	}
	for _, stage := range shown(b) {
		if stage.ID == kanban.StageID(n) {
			return stage, nil
		}
	}
	return kanban.Stage{}, kanban.ErrNotFound
}

// stageHeads are the headers of all columns, which take their places by themselves.
func (s *Server) stageHeads(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	heads, err := s.heads(c.Request().Context(), localeOf(c), b, v, filterIn(c, b))
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.StageHeads(heads))
}

func (s *Server) heads(ctx context.Context, loc templates.Locale, b kanban.Board, v kanban.Viewer, f filtered) ([]templates.StageHeadView, error) {
	totals, err := s.totalsUnder(ctx, b, v, f)
	if err != nil {
		return nil, err
	}
	collapsed, err := s.Store.Collapsed(ctx, v.Person, b.ID)
	if err != nil {
		return nil, err
	}
	var heads []templates.StageHeadView
	for _, stage := range shown(b) {
		heads = append(heads, templates.NewStageHead(loc, b, stage, totals[stage.ID]).Collapse(loc, stage.ID, collapsed).Under(loc, f.Filter))
	}
	return heads, nil
}

// collapse makes a column narrow for whoever asks, or wide again.
func (s *Server) collapse(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	form := typed(c)
	wish := form.Has("collapse")
	stage, err := shownStage(b, form.Get(map[bool]string{true: "collapse", false: "expand"}[wish]))
	if err != nil {
		return err
	}
	if err := s.Store.Collapse(c.Request().Context(), v.Person, stage, wish); err != nil {
		return err
	}
	if !wantsFragment(c.Request()) {
		return c.Redirect(http.StatusSeeOther, templates.BoardPath(b.ID))
	}
	heads, err := s.heads(c.Request().Context(), localeOf(c), b, v, filterOfPage(c.Request(), b))
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.StageHeads(heads))
}

// boardColors is the style sheet of a board's colours. Its address has a version, so it may be kept.
func (s *Server) boardColors(c echo.Context) error {
	b, _, err := s.board(c)
	if err != nil {
		return err
	}
	cat, err := s.Store.Catalog(c.Request().Context(), b.Account)
	if err != nil {
		return err
	}
	if c.QueryParam("v") == templates.StylesheetVersion(b, cat) {
		c.Response().Header().Set(echo.HeaderCacheControl, "private, max-age=31536000, immutable")
	}
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", templates.BoardStylesheet(b, cat))
}
