package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

const (
	// rowsAtOnce is how many rows a page of the list has.
	rowsAtOnce = 100
	// fileRows is how many rows of a file are read at once.
	fileRows = 500
	// columnsCookie is which columns a person wants.
	columnsCookie = "columns"
)

// list is a board's cards in rows, page by page.
func (s *Server) list(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	f := filterIn(c, b)
	f.Lanes = "" // rows have their order alone
	if names := c.QueryParams()["column"]; len(names) > 0 {
		s.remember(c, columnsCookie, joined(templates.ParseColumns(names)))
		return c.Redirect(http.StatusFound, strings.TrimSuffix(templates.ListPath(b.ID)+"?"+viewAnd(c, f.Query()), "?"))
	}
	if to, err := s.elsewhere(c, b, v); err != nil {
		return err
	} else if to != "" {
		return c.Redirect(http.StatusFound, to)
	}
	of, err := s.listOf(c, b, v, f)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.ListPage(templates.NewList(localeOf(c), s.frame(c, v), of)))
}

func (s *Server) listOf(c echo.Context, b kanban.Board, v kanban.Viewer, f filtered) (of templates.ListOf, err error) {
	ctx := c.Request().Context()
	views, err := s.viewsOf(c, b, v)
	if err != nil {
		return of, err
	}
	of = templates.ListOf{Views: views, Board: b, Filter: f.Filter, Columns: columnsOf(c), Zone: f.zone}
	var after *kanban.Cursor
	if text := c.QueryParam("after"); text != "" {
		at, err := kanban.ParseCursor(text)
		if err != nil {
			return of, err
		}
		after, of.Later = &at, true
	}
	if of.Catalog, err = s.Store.Catalog(ctx, b.Account); err != nil {
		return of, err
	}
	if of.Counts, err = s.countsOf(ctx, b, v, f); err != nil {
		return of, err
	}
	of.Cards, of.Next, err = s.Store.FoundAfter(ctx, b, v, f.look(b, v), nil, after, rowsAtOnce)
	return of, err
}

func columnsOf(c echo.Context) []templates.ListColumn {
	return templates.ParseColumns(strings.Split(cookieValue(c.Request(), columnsCookie), "."))
}

func joined(columns []templates.ListColumn) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = string(c)
	}
	return strings.Join(names, ".")
}

// file is the same list for a spreadsheet, written while it is read: as large as it may be, no more than a few rows are in memory.
func (s *Server) file(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	ctx, f := c.Request().Context(), filterIn(c, b)
	f.Lanes = ""
	look := f.look(b, v)
	cat, err := s.Store.Catalog(ctx, b.Account)
	if err != nil {
		return err
	}
	ids, err := s.Store.FoundIDs(ctx, b, v, look)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="chatlane-%d-%s.csv"`, b.ID, time.Now().In(f.zone).Format(time.DateOnly)))
	h.Set("Chatlane-Rows", strconv.Itoa(len(ids)))
	c.Response().WriteHeader(http.StatusOK)
	w := sheet{csv.NewWriter(c.Response()), localeOf(c), b, cat, f.zone, columnsOf(c)}
	if _, err := c.Response().Write([]byte("\uFEFF")); err != nil { // or spreadsheets take it for another encoding
		return nil //nolint:nilerr // nobody is there any more
	}
	if err := s.writeRows(ctx, w, v, look, ids); err != nil {
		panic(http.ErrAbortHandler) // half a file must not pass for a whole one
	}
	return nil
}

// sheet writes rows of cards.
type sheet struct {
	*csv.Writer
	loc     templates.Locale
	board   kanban.Board
	catalog *kanban.Catalog
	zone    *time.Location
	columns []templates.ListColumn
}

func (s *Server) writeRows(ctx context.Context, w sheet, v kanban.Viewer, look *kanban.Look, ids []kanban.ConversationID) error {
	if err := w.Write(templates.Columns(w.loc, w.columns)); err != nil {
		return err
	}
	for part := range slices.Chunk(ids, fileRows) {
		cards, err := s.Store.FoundCards(ctx, w.board, v, look, part)
		if err != nil {
			return err
		}
		if err := w.WriteAll(templates.Rows(w.loc, w.board, w.catalog, w.zone, w.columns, cards)); err != nil { // flushes
			return err
		}
	}
	w.Flush()
	return w.Error()
}
