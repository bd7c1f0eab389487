package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
	"github.com/chatlane/chatlane/templates"
)

// reports is what reports need of the database.
type reports interface {
	report.Facts
	SetGoal(ctx context.Context, b kanban.BoardID, month string, goal kanban.Amount) error
	SetHidesAgents(ctx context.Context, b kanban.BoardID, hide bool) error
}

// asked is a report as a request asks for it.
type asked struct {
	report.Question
	period report.Period
	query  url.Values
}

// reportAsked reads from an address what a report is asked. What makes no sense is refused: a report about something else would be taken
// for the answer.
func (s *Server) reportAsked(c echo.Context) (asked, error) {
	b, v, err := s.board(c)
	if err != nil {
		return asked{}, err
	}
	a := asked{Question: report.Question{Board: b, Viewer: v}, query: url.Values{}}
	for name, values := range c.QueryParams() {
		if len(values) > 0 && values[0] != "" && name != "done" {
			a.query.Set(name, values[0])
		}
	}
	zone := zoneOf(c.Request())
	if name := a.query.Get("zone"); name != "" {
		zone = report.Zone(name)
	}
	a.Now = s.Clock().In(zone)
	if a.period, err = periodIn(a.query, a.Now); err != nil {
		return asked{}, err
	}
	if a.Filter, err = reportFilter(a.query); err != nil {
		return asked{}, err
	}
	return a, s.reportAllowed(c, a)
}

// reportAllowed refuses to tell an agent about another where administrators want it so.
func (s *Server) reportAllowed(c echo.Context, a asked) error {
	other := a.Filter.Agent
	if of, err := strconv.ParseInt(a.query.Get("of"), 10, 64); err == nil {
		other = kanban.AgentID(of)
	}
	if a.Viewer.SeesAll() || other == 0 || other == a.Viewer.ID {
		return nil
	}
	hides, err := s.Store.HidesAgents(c.Request().Context(), a.Board.ID)
	if err == nil && hides {
		err = s.absent(c)
	}
	return err
}

func periodIn(q url.Values, now time.Time) (report.Period, error) {
	name := q.Get("period")
	if name != report.AnyDates {
		return report.PeriodOf(name, now, time.Time{}, time.Time{}), nil
	}
	from, err := time.ParseInLocation(time.DateOnly, q.Get("from"), now.Location())
	until, also := time.ParseInLocation(time.DateOnly, q.Get("until"), now.Location())
	if err != nil || also != nil || from.Year() < 2000 || until.Year() > 2200 || until.Before(from) {
		return report.Period{}, kanban.Invalid("report.bad_dates")
	}
	// Noon: the day may have no midnight.
	return report.PeriodOf(name, now, from.Add(12*time.Hour), until.Add(12*time.Hour)), nil
}

func reportFilter(q url.Values) (report.Filter, error) {
	f := report.Filter{Label: q.Get("label"), Unassigned: q.Get("agent") == "0"}
	for name, into := range map[string]func(int64){
		"agent": func(n int64) { f.Agent = kanban.AgentID(n) }, "team": func(n int64) { f.Team = kanban.TeamID(n) }, "inbox": func(n int64) { f.Inbox = kanban.InboxID(n) },
	} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return f, kanban.Invalid("error.invalid_text")
		}
		into(n)
	}
	return f, nil
}

// reportOf works out what is asked, and gathers what it is drawn with.
func (s *Server) reportOf(c echo.Context, a asked) (templates.ReportOf, error) {
	ctx := c.Request().Context()
	r, err := report.Of(ctx, s.Store, a.Question, a.period)
	if err != nil {
		return templates.ReportOf{}, err
	}
	return s.reportFrame(c, a, r)
}

func (s *Server) reportFrame(c echo.Context, a asked, r report.Report) (templates.ReportOf, error) {
	ctx := c.Request().Context()
	catalog, err := s.Store.Catalog(ctx, a.Board.Account)
	if err != nil {
		return templates.ReportOf{}, err
	}
	account, err := s.Store.Account(ctx, a.Board.Account)
	if err != nil {
		return templates.ReportOf{}, err
	}
	of := templates.ReportOf{Loc: localeOf(c), Frame: s.frame(c, a.Viewer), Board: a.Board, Catalog: visibleTo(a.Viewer, catalog), Query: a.query, Filter: a.Filter, Report: r, Now: a.Now}
	of.Frame.Current, of.Frame.ChatwootURL = a.Board, chatwootScreen(account)
	return of, nil
}

// visibleTo leaves in a catalogue what there is to choose for a viewer: no inbox whose conversations they do not see.
func visibleTo(v kanban.Viewer, all *kanban.Catalog) *kanban.Catalog {
	if v.SeesAll() {
		return all
	}
	own := *all
	own.Inboxes = nil
	for _, i := range all.Inboxes {
		for _, seen := range v.Inboxes {
			if i.ID == seen {
				own.Inboxes = append(own.Inboxes, i)
			}
		}
	}
	return &own
}

// reportPage is a board's funnel in a period.
func (s *Server) reportPage(c echo.Context) error {
	a, err := s.reportAsked(c)
	if err != nil {
		return err
	}
	return s.drawReport(c, http.StatusOK, a, "")
}

func (s *Server) drawReport(c echo.Context, status int, a asked, problem string) error {
	of, err := s.reportOf(c, a)
	if err != nil {
		return err
	}
	view := templates.NewReport(of)
	view.Problem = problem
	if c.QueryParam("done") == "saved" {
		view.Done = localeOf(c).T("report.saved")
	}
	if a.Viewer.SeesAll() {
		month := a.Now.Format(report.MonthLayout)
		goal, _, err := s.Store.Goal(c.Request().Context(), a.Board.ID, month)
		if err != nil {
			return err
		}
		hides, err := s.Store.HidesAgents(c.Request().Context(), a.Board.ID)
		if err != nil {
			return err
		}
		view.Settings = templates.NewReportSettings(of, month, goal, hides)
	}
	return s.draw(c, status, templates.ReportPage(view))
}

// saveReport settles a month's goal and who sees whose figures.
func (s *Server) saveReport(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	form := typed(c)
	ctx := c.Request().Context()
	goal, month, err := goalIn(form)
	if err == nil {
		err = s.Store.SetGoal(ctx, b.ID, month, goal)
	}
	if err == nil {
		err = s.Store.SetHidesAgents(ctx, b.ID, form.Get("hide_agents") == "yes")
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, templates.ReportsPath(b.ID)+"?done=saved")
	}
	status, text := Sentence(localeOf(c), err)
	if status >= http.StatusInternalServerError || wantsFragment(c.Request()) {
		return err
	}
	now := s.Clock().In(zoneOf(c.Request()))
	a := asked{Question: report.Question{Board: b, Viewer: v, Now: now}, period: report.PeriodOf("", now, now, now), query: url.Values{}}
	return s.drawReport(c, status, a, text)
}

// goalIn reads a goal; an empty one takes it away.
func goalIn(form url.Values) (goal kanban.Amount, month string, err error) {
	month = form.Get("month")
	if _, err := time.Parse(report.MonthLayout, month); err != nil {
		return 0, "", kanban.Invalid("error.invalid_text")
	}
	text := strings.TrimSpace(form.Get("goal"))
	if text == "" {
		return 0, month, nil
	}
	goal, ok := templates.ParseAmount(text)
	if !ok || goal < 0 {
		return 0, "", kanban.Invalid("report.bad_goal")
	}
	return goal, month, nil
}
