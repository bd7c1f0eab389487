package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/templates"
)

const (
	// batchesShown bounds the batches on a page, batchShown how long after its end one is there.
	batchesShown = 3
	batchShown   = time.Hour
)

// batchRoutes do the same with many cards.
func (s *Server) batchRoutes(e *echo.Echo) {
	e.GET("/boards/:board/selection", s.selection, s.guard)
	e.POST("/boards/:board/batches", s.beginBatch, s.guard)
	e.GET("/boards/:board/batches/:batch", s.batch, s.guard)
	e.DELETE("/boards/:board/batches/:batch", s.closeBatch, s.guard)
	e.POST("/boards/:board/batches/:batch/stop", s.stopBatch, s.guard)
	e.POST("/boards/:board/batches/:batch/again", s.retryBatch, s.guard)
	e.POST("/boards/:board/batches/:batch/undo", s.undoBatch, s.guard)
}

// selection is what can be done with chosen cards.
func (s *Server) selection(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	of := templates.BulkOf{Board: b, Viewer: v, Query: filterIn(c, b).Query()}
	if of.Catalog, err = s.Store.Catalog(c.Request().Context(), b.Account); err != nil {
		return err
	}
	a, err := s.Store.Account(c.Request().Context(), b.Account)
	if err != nil {
		return err
	}
	of.Deal = a.Deal
	return s.draw(c, http.StatusOK, templates.Bulk(templates.NewBulk(localeOf(c), of)))
}

// beginBatch does a deed with cards that are named, and with all of columns as the page shows them.
func (s *Server) beginBatch(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	deed := deedIn(c)
	ids, err := s.chosen(c, b, v)
	if err != nil {
		return err
	}
	batch, err := s.Desk.BeginBatch(c.Request().Context(), v, b, deed, ids)
	if err != nil {
		return err
	}
	return s.drawBatch(c, b, v, batch, true)
}

// deedIn reads a deed from its form: deed, such as "team:3", and whatever goes with it.
func deedIn(c echo.Context) kanban.Deed {
	form := typed(c)
	field, value, _ := strings.Cut(form.Get("deed"), ":")
	d := kanban.Deed{Field: kanban.DeedField(field), Wish: kanban.DeedValue{Value: value}}
	switch d.Field {
	case kanban.DeedStage:
		stage, without, _ := strings.Cut(value, ":")
		d.Wish.Value = stage
		if without == "" {
			d.Wish.More = strings.TrimSpace(form.Get("other-" + stage))
			if d.Wish.More == "" {
				d.Wish.More = strings.TrimSpace(form.Get("reason-" + stage))
			}
		}
	case kanban.DeedStatus:
		d.Wish.Value, _, _ = strings.Cut(value, ":")
		if d.Wish.Value == string(kanban.StatusSnoozed) {
			d.Wish.More = form.Get("until")
		}
	case kanban.DeedNextStep:
		d.Wish = kanban.DeedValue{Value: strings.TrimSpace(form.Get("step")), More: form.Get("step_on")}
	}
	return d
}

// chosen are the cards that a form means, in the order of the board where it names columns.
func (s *Server) chosen(c echo.Context, b kanban.Board, v kanban.Viewer) ([]kanban.ConversationID, error) {
	form := typed(c)
	cards, err := numbers[kanban.ConversationID](form.Get("cards"))
	if err != nil {
		return nil, err
	}
	stages, err := numbers[kanban.StageID](form.Get("stages"))
	if err != nil {
		return nil, err
	}
	except, err := numbers[kanban.ConversationID](form.Get("except"))
	if err != nil || len(stages) == 0 {
		return distinct(cards), err
	}
	f := filterOfPage(c.Request(), b)
	if len(f.Stages) > 0 {
		stages = slices.DeleteFunc(stages, func(id kanban.StageID) bool { return !slices.Contains(f.Stages, id) })
	}
	if f.Stages = stages; len(stages) == 0 {
		return distinct(cards), nil
	}
	found, err := s.Store.FoundIDs(c.Request().Context(), b, v, f.look(b, v))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(id kanban.ConversationID) bool { return slices.Contains(except, id) })
	return distinct(append(found, cards...)), nil
}

func distinct[T comparable](all []T) []T {
	seen := make(map[T]bool, len(all))
	return slices.DeleteFunc(all, func(x T) bool {
		was := seen[x]
		seen[x] = true
		return was
	})
}

// numbers reads a list such as "3,14".
func numbers[T ~int64](text string) ([]T, error) {
	if text == "" {
		return nil, nil
	}
	var all []T
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil || n < 0 {
			return nil, kanban.Invalid("error.invalid_text")
		}
		all = append(all, T(n))
	}
	return all, nil
}

// batchAddress finds the batch that an address names, if it is the viewer's own.
func (s *Server) batchAddress(c echo.Context) (kanban.Board, kanban.Viewer, kanban.Batch, error) {
	b, v, err := s.board(c)
	if err != nil {
		return b, v, kanban.Batch{}, err
	}
	n, err := strconv.ParseInt(c.Param("batch"), 10, 64)
	if err != nil {
		return b, v, kanban.Batch{}, kanban.ErrNotFound
	}
	batch, err := s.Desk.BatchOf(c.Request().Context(), v, b.ID, kanban.BatchID(n))
	return b, v, batch, err
}

func (s *Server) batch(c echo.Context) error {
	b, v, batch, err := s.batchAddress(c)
	if err != nil {
		return err
	}
	return s.drawBatch(c, b, v, batch, false)
}

// closeBatch takes a batch off the page. What of it is under way goes on.
func (s *Server) closeBatch(c echo.Context) error {
	_, _, batch, err := s.batchAddress(c)
	if err != nil {
		return err
	}
	if err := s.Desk.Store.CloseBatch(c.Request().Context(), batch.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusOK) // with which htmx takes it away
}

func (s *Server) stopBatch(c echo.Context) error {
	b, v, batch, err := s.batchAddress(c)
	if err != nil {
		return err
	}
	if err := s.Desk.StopBatch(c.Request().Context(), batch); err != nil {
		return err
	}
	return s.drawBatch(c, b, v, batch, true)
}

func (s *Server) retryBatch(c echo.Context) error {
	b, v, batch, err := s.batchAddress(c)
	if err != nil {
		return err
	}
	if err := s.Desk.RetryBatch(c.Request().Context(), batch); err != nil {
		return err
	}
	return s.drawBatch(c, b, v, batch, true)
}

func (s *Server) undoBatch(c echo.Context) error {
	b, v, batch, err := s.batchAddress(c)
	if err != nil {
		return err
	}
	back, err := s.Desk.UndoBatch(c.Request().Context(), batch)
	if err != nil {
		return err
	}
	return s.drawBatch(c, b, v, back, true)
}

// drawBatch answers with how far a batch has come. What is said of it to those who cannot see it is its beginning and its end.
func (s *Server) drawBatch(c echo.Context, b kanban.Board, v kanban.Viewer, batch kanban.Batch, announce bool) error {
	view, err := s.batchView(c, b, v, batch)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.BatchSaid(view, announce || !view.Open))
}

func (s *Server) batchView(c echo.Context, b kanban.Board, v kanban.Viewer, batch kanban.Batch) (templates.BatchView, error) {
	p, err := s.Desk.BatchProgress(c.Request().Context(), v, b, batch)
	if err != nil {
		return templates.BatchView{}, err
	}
	cat, err := s.Store.Catalog(c.Request().Context(), b.Account)
	return templates.NewBatch(localeOf(c), batchOf(b, cat, p)), err
}

func batchOf(b kanban.Board, cat *kanban.Catalog, p desk.Progress) templates.BatchOf {
	return templates.BatchOf{Board: b, Catalog: cat, Batch: p.Batch, Tally: p.Tally, Failed: p.Failed, Cards: p.Cards}
}

// batchesOn are the batches that a board's page shows to whoever began them.
func (s *Server) batchesOn(c echo.Context, b kanban.Board, v kanban.Viewer) ([]templates.BatchView, error) {
	batches, err := s.Store.ShownBatches(c.Request().Context(), b.ID, v, s.Clock().Add(-batchShown), batchesShown)
	var views []templates.BatchView
	for _, batch := range batches {
		view, err := s.batchView(c, b, v, batch)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, err
}
