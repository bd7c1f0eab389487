package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// viewsOf are the views that somebody has of a board, and the one that an address names. One that is not theirs is none.
func (s *Server) viewsOf(c echo.Context, b kanban.Board, v kanban.Viewer) (templates.Views, error) {
	ctx := c.Request().Context()
	all, err := s.Store.Views(ctx, b.ID, v.Person)
	if err != nil {
		return templates.Views{}, err
	}
	views := templates.Views{All: all, Viewer: v, Named: c.QueryParam("view") != ""}
	if views.Default, err = s.Store.DefaultView(ctx, v.Person, b.ID); err != nil {
		return templates.Views{}, err
	}
	for _, w := range all {
		if strconv.FormatInt(int64(w.ID), 10) == c.QueryParam("view") {
			views.Current = w
		}
	}
	return views, nil
}

// begins leads to what a page begins with, if its address says no more than a view, or nothing at all: the view's filter, so that what is
// shown is always in the address. "" where that is so already.
func begins(c echo.Context, path string, views templates.Views) string {
	view := views.Current
	switch {
	case wantsFragment(c.Request()):
		return ""
	case c.Request().URL.RawQuery == "":
		for _, w := range views.All {
			if w.ID == views.Default {
				view = w
			}
		}
		if view.ID == 0 {
			return ""
		}
	case c.Request().URL.RawQuery != "view="+strconv.FormatInt(int64(view.ID), 10) || view.Filter.Query() == "":
		return ""
	}
	return strings.TrimSuffix(path+"?view="+strconv.FormatInt(int64(view.ID), 10)+"&"+view.Filter.Query(), "&")
}

// keepView keeps what a page shows under a name.
func (s *Server) keepView(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	form := typed(c)
	w := kanban.View{Board: b.ID, Person: v.Person, Shared: form.Get("shared") == "yes", Name: strings.TrimSpace(form.Get("name")), Filter: keptFilter(form)}
	return s.saveView(c, w)
}

// changeView keeps what a page shows under the name of a view.
func (s *Server) changeView(c echo.Context) error {
	w, v, err := s.viewAddress(c)
	if err != nil {
		return err
	}
	if !w.ChangedBy(v) {
		return kanban.ErrForbidden
	}
	w.Filter = keptFilter(typed(c))
	return s.saveView(c, w)
}

func (s *Server) saveView(c echo.Context, w kanban.View) error {
	if err := w.Check(); err != nil {
		return err
	}
	w, err := s.Store.SaveView(c.Request().Context(), w)
	if err != nil {
		return err
	}
	return backTo(c, w.Board, w.ID)
}

func (s *Server) deleteView(c echo.Context) error {
	w, v, err := s.viewAddress(c)
	if err != nil {
		return err
	}
	if !w.ChangedBy(v) {
		return kanban.ErrForbidden
	}
	if err := s.Store.DeleteView(c.Request().Context(), w.Board, w.ID); err != nil {
		return err
	}
	return backTo(c, w.Board, 0)
}

// beginWith has a person's board begin with a view, or no longer.
func (s *Server) beginWith(c echo.Context) error {
	w, v, err := s.viewAddress(c)
	if err != nil {
		return err
	}
	id := w.ID
	if typed(c).Get("wish") == "no" {
		id = 0
	}
	if err := s.Store.SetDefaultView(c.Request().Context(), v.Person, w.Board, id); err != nil {
		return err
	}
	return backTo(c, w.Board, w.ID)
}

// viewAddress finds the view that an address names. One that is somebody else's own looks like none.
func (s *Server) viewAddress(c echo.Context) (kanban.View, kanban.Viewer, error) {
	b, v, err := s.board(c)
	if err != nil {
		return kanban.View{}, v, err
	}
	id, err := strconv.ParseInt(c.Param("view"), 10, 64)
	if err != nil {
		return kanban.View{}, v, kanban.ErrNotFound
	}
	w, err := s.Store.View(c.Request().Context(), b.ID, kanban.ViewID(id))
	if err == nil && !w.OpenTo(v) {
		err = kanban.ErrNotFound
	}
	return w, v, err
}

// keptFilter is the filter that a form is to keep.
func keptFilter(form url.Values) kanban.Filter {
	values, _ := url.ParseQuery(form.Get("query")) // what makes no sense is left out
	return kanban.ParseFilter(values)
}

// backTo leads to the page that a form was on, the board or its list, as a view shows it.
func backTo(c echo.Context, b kanban.BoardID, id kanban.ViewID) error {
	to := templates.BoardPath(b)
	for _, path := range []string{templates.ListPath(b), templates.EmbedBoardPath(b)} {
		if typed(c).Get("return") == path {
			to = path
		}
	}
	return c.Redirect(http.StatusSeeOther, to+"?view="+strconv.FormatInt(int64(id), 10))
}
