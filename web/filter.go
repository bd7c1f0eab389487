package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // where the system has no list of time zones

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// zoneCookie is the browser's time zone, such as America/Sao_Paulo: days begin and end there.
const zoneCookie = "zone"

// foundAtOnce is how many cards of a column are sent at first under a filter: some more than a screen shows. They are drawn for one
// person, unlike a whole board's.
const foundAtOnce = 16

// zones are the time zones that were asked for: reading one anew takes longer than a filter.
var zones sync.Map // name → *time.Location

// zoneOf is the time zone of a request, UTC where it is not known.
func zoneOf(r *http.Request) *time.Location {
	name, err := url.QueryUnescape(cookieValue(r, zoneCookie))
	if err != nil || name == "" || name == "Local" {
		return time.UTC
	}
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone) // only real ones, of which there are some hundreds
	return zone
}

// filtered is a filter as one request asks for it.
type filtered struct {
	kanban.Filter
	zone *time.Location
}

func filterIn(c echo.Context, b kanban.Board) filtered {
	return filtered{kanban.ParseFilter(c.QueryParams()).On(b), zoneOf(c.Request())}
}

// filterOfPage is the filter of the page that a write was made on, which the page says in a header.
func filterOfPage(r *http.Request, b kanban.Board) filtered {
	values, err := url.ParseQuery(r.Header.Get(templates.FilterHeader))
	if err != nil {
		values = nil
	}
	return filtered{kanban.ParseFilter(values).On(b), zoneOf(r)}
}

func (f filtered) look(b kanban.Board, v kanban.Viewer) *kanban.Look {
	now := time.Now()
	if f.zone != nil {
		now = now.In(f.zone)
	}
	return f.Look(b, v, now)
}

// plain reports whether a board is shown whole and in its own order: then all who see the same share one drawing.
func (f filtered) plain() bool { return f.Query() == "" }

// kept reports whether the database keeps a board's cards in the order that is asked for.
func (f filtered) kept(b kanban.Board) bool {
	return f.All() && f.Lanes == "" && f.Order(b) == kanban.SortActivity
}

// whoseCounts is what counts depend on besides what the hub tells.
type whoseCounts struct {
	board       kanban.BoardID
	version     int64
	sees, query string
	zone        string
	me          kanban.AgentID // 0 when it does not matter who looks
}

// countsOf are what a filter finds on a board, as one person sees it.
func (s *Server) countsOf(ctx context.Context, b kanban.Board, v kanban.Viewer, f filtered) (kanban.Counts, error) {
	key := whoseCounts{board: b.ID, version: b.Version, sees: v.Sight(), query: f.Query(), zone: f.zone.String()}
	if f.Personal() {
		key.me = v.ID
	}
	concerns := func(e *kanban.Event) bool { return e.Kind != kanban.ConnectionChanged && touches(b)(e) }
	counts, err := s.counts.get(ctx, key, concerns, func(ctx context.Context, _ uint64) (kanban.Counts, error) {
		return s.Store.Counts(ctx, b, v, f.look(b, v))
	})
	if err != nil {
		return kanban.Counts{}, err
	}
	if f.Personal() {
		return counts, nil
	}
	return counts.For(v.ID), nil
}

// foundView is a board's page under a filter. It is drawn for one person, and not kept.
func (s *Server) foundView(c echo.Context, b kanban.Board, v kanban.Viewer, f filtered, collapsed []kanban.StageID) (templates.BoardPageView, error) {
	ctx, loc := c.Request().Context(), localeOf(c)
	frame, err := s.boardFrame(ctx, b, loc, s.Hub.Seq()) // before the database is read, so that nothing is missed
	if err != nil {
		return templates.BoardPageView{}, err
	}
	found, err := s.Store.Found(ctx, b, v, f.look(b, v), foundAtOnce)
	if err != nil {
		return templates.BoardPageView{}, err
	}
	page := templates.NewBoardPage(loc, frame, foundColumns(b, frame, found)).Collapse(collapsed).Around(s.frame(c, v))
	return s.under(c, page, v, f, &found.Counts)
}

// foundColumns draws what was found in each column.
func foundColumns(b kanban.Board, frame templates.Frame, found kanban.Found) []templates.StageView {
	var columns []templates.StageView
	for _, stage := range shown(b) {
		column, next := found.Columns[stage.ID], ""
		if column.Next != nil {
			next = column.Next.String()
		}
		columns = append(columns, templates.NewStage(frame.Locale, b, frame.Catalog, stage, column.Cards, found.Counts.Stages[stage.ID], next))
	}
	return columns
}

// under puts what is said of the filter onto a board's page.
func (s *Server) under(c echo.Context, page templates.BoardPageView, v kanban.Viewer, f filtered, counts *kanban.Counts) (templates.BoardPageView, error) {
	filter, err := s.filterView(c, page.Frame, v, f, counts)
	return page.Under(filter), err
}

// filterView is what a page says of its filter. Without counts the page asks for them by itself.
func (s *Server) filterView(c echo.Context, frame templates.Frame, v kanban.Viewer, f filtered, counts *kanban.Counts) (templates.FilterView, error) {
	if counts != nil && !f.Personal() {
		own := counts.For(v.ID)
		counts = &own
	}
	views, err := s.viewsOf(c, frame.Current, v)
	return templates.NewFilter(localeOf(c), templates.FilterOf{Frame: frame, Filter: f.Filter, Counts: counts, Views: views}), err
}

// pills are the needs that cards may be chosen by, with how many there are of each.
func (s *Server) pills(c echo.Context) error {
	view, _, err := s.filterPart(c)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.Pills(view), templates.Summaries(view))
}

// filterForm is the form of everything that cards may be chosen by. It is fetched when somebody opens it: an account may have hundreds
// of agents and labels.
func (s *Server) filterForm(c echo.Context) error {
	view, b, err := s.filterPart(c)
	if err != nil {
		return err
	}
	cat, err := s.Store.Catalog(c.Request().Context(), b.Account)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.FilterForm(templates.NewFilterForm(view, filterIn(c, b).Filter, cat)))
}

// filterPart is what parts of a page that are fetched say of its filter.
func (s *Server) filterPart(c echo.Context) (templates.FilterView, kanban.Board, error) {
	b, v, err := s.board(c)
	if err != nil {
		return templates.FilterView{}, b, err
	}
	f := filterIn(c, b)
	counts, err := s.countsOf(c.Request().Context(), b, v, f)
	if err != nil {
		return templates.FilterView{}, b, err
	}
	view, err := s.filterView(c, templates.Frame{Current: b, Framed: inFrame(c)}, v, f, &counts)
	return view, b, err
}

// inFrame reports whether a fragment is for a page within Chatwoot.
func inFrame(c echo.Context) bool { return c.QueryParam("framed") != "" }

// elsewhere leads from an address to the one that says what is shown, in one spelling: from what a form sends, empty fields and all, and
// from what names a view or nothing at all. "" where that is so already.
func (s *Server) elsewhere(c echo.Context, b kanban.Board, v kanban.Viewer) (string, error) {
	path := c.Request().URL.Path
	for name, values := range c.QueryParams() {
		if name != "view" && strings.Join(values, "") == "" {
			return strings.TrimSuffix(path+"?"+viewAnd(c, filterIn(c, b).Query()), "?"), nil
		}
	}
	views, err := s.viewsOf(c, b, v)
	return begins(c, path, views), err
}

// viewAnd is a filter's parameters after the view that the address names.
func viewAnd(c echo.Context, query string) string {
	view := c.QueryParam("view")
	switch {
	case view == "":
		return query
	case query == "":
		return "view=0"
	}
	return "view=" + url.QueryEscape(view) + "&" + query
}
