package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
	"github.com/chatlane/chatlane/templates"
)

// cardsBehind is how many conversations behind a figure are shown at once, cardsInFile how many a file has at most.
const (
	cardsBehind = 50
	cardsInFile = 10_000
)

// reportCards is the conversations behind a figure.
func (s *Server) reportCards(c echo.Context) error {
	a, err := s.reportAsked(c)
	if err != nil {
		return err
	}
	skip, _ := strconv.Atoi(a.query.Get("skip"))
	of, err := s.cardsOf(c, a, max(skip, 0), cardsBehind)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.ReportCardsPage(templates.NewReportCards(of)))
}

func (s *Server) cardsOf(c echo.Context, a asked, skip, limit int) (templates.ReportCardsOf, error) {
	ctx := c.Request().Context()
	fig, err := figureIn(a.query)
	if err != nil {
		return templates.ReportCardsOf{}, err
	}
	selection, ok, err := report.Select(ctx, s.Store, a.Question, a.period, fig)
	if err == nil && !ok {
		err = s.absent(c)
	}
	if err != nil {
		return templates.ReportCardsOf{}, err
	}
	cards, total, err := s.Store.ReportCards(ctx, a.Question, selection, skip, limit)
	if err != nil {
		return templates.ReportCardsOf{}, err
	}
	of, err := s.reportFrame(c, a, report.Report{Period: a.period})
	return templates.ReportCardsOf{ReportOf: of, Figure: fig, Cards: cards, Total: total, Skipped: skip, AtOnce: limit}, err
}

// figureIn reads which figure an address names.
func figureIn(q url.Values) (report.Figure, error) {
	fig := report.Figure{Name: q.Get("figure")}
	if fig.Name == "" {
		fig.Name = report.FigCame
	}
	if text := q.Get("stage"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fig, kanban.Invalid("error.invalid_text")
		}
		fig.Stage = kanban.StageID(n)
	}
	if text := q.Get("of"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fig, kanban.Invalid("error.invalid_text")
		}
		agent := kanban.AgentID(n)
		fig.Agent = &agent
	}
	for name, into := range map[string]**string{"month": &fig.Month, "reason": &fig.Reason} {
		if text, there := strings.CutPrefix(q.Get(name), "="); there {
			*into = &text
		}
	}
	return fig, nil
}

// reportTable is a table of a report as a file.
func (s *Server) reportTable(c echo.Context) error {
	name, ok := strings.CutSuffix(c.Param("table"), ".csv")
	a, err := s.reportAsked(c)
	if err != nil {
		return err
	}
	if !ok {
		return s.absent(c)
	}
	table, err := s.tableOf(c, a, name)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", `attachment; filename="chatlane-`+name+`.csv"`) // one of our own names by now
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", templates.CSV(table))
}

func (s *Server) tableOf(c echo.Context, a asked, name string) (templates.ReportTable, error) {
	if name == "cards" {
		of, err := s.cardsOf(c, a, 0, cardsInFile)
		return templates.NewReportCards(of).Table, err
	}
	of, err := s.reportOf(c, a)
	if err != nil {
		return templates.ReportTable{}, err
	}
	table, ok := templates.NewReportTable(of, name)
	if !ok {
		err = s.absent(c)
	}
	return table, err
}

// wall is a board's month on a screen that nobody touches. It names the board that comes after it.
func (s *Server) wall(c echo.Context) error {
	a, err := s.reportAsked(c)
	if err != nil {
		return err
	}
	of, err := s.reportOf(c, a)
	if err != nil {
		return err
	}
	next, err := s.nextBoard(c, a)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.WallPage(templates.NewWall(of), templates.WallPath(next)))
}

// nextBoard is the board that follows on the wall: one that the viewer may open and that is in use.
func (s *Server) nextBoard(c echo.Context, a asked) (kanban.BoardID, error) {
	all, err := s.Store.Boards(c.Request().Context(), a.Board.Account)
	next, passed := kanban.BoardID(0), false
	for _, b := range all {
		if b.ID == a.Board.ID {
			passed = true
			continue
		}
		if !a.Viewer.Enters(b) || b.Archived() {
			continue
		}
		if passed {
			return b.ID, err
		}
		if next == 0 {
			next = b.ID
		}
	}
	if next == 0 {
		next = a.Board.ID
	}
	return next, err
}
