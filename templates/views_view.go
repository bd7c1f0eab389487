package templates

import (
	"strconv"

	"github.com/chatlane/chatlane/kanban"
)

// Views are the views of a board that somebody has.
type Views struct {
	All []kanban.View
	// Current is the view that the page goes back to; the zero View for none.
	Current kanban.View
	// Default is the view that their board begins with; 0 for none.
	Default kanban.ViewID
	Viewer  kanban.Viewer
	// Named says that the address names a view, if only none.
	Named bool
}

// parameter is how addresses name the view; empty where they need not.
func (w Views) parameter() string {
	if w.Current.ID == 0 && w.Default == 0 && !w.Named {
		return ""
	}
	return strconv.FormatInt(int64(w.Current.ID), 10)
}

// ViewsView is the menu of what people kept of a board.
type ViewsView struct {
	Loc Locale
	// Name is the current view's; empty for the whole board.
	Name string
	// Modified says that the page shows something else than the view does.
	Modified bool
	Choices  []ViewView
	// AllPath shows the whole board.
	AllPath string
	// Path is where a view is kept; SavePath, DeletePath and DefaultPath change the current one, empty where the person may not.
	Path, SavePath, DeletePath, DefaultPath string
	// ResetPath shows the view as it was kept.
	ResetPath string
	// Query is what would be kept, Back where to go afterwards.
	Query, Back      string
	Shared, IsStart  bool
	ChangesForOthers bool
	board            string
}

// ViewView is a view to choose.
type ViewView struct {
	Name, Path             string
	Shared, Current, Start bool
}

func newViews(v FilterView, of FilterOf) ViewsView {
	w, b := of.Views, of.Frame.Current.ID
	view := ViewsView{
		Loc: v.Loc, Path: ViewsPath(b), Query: v.Query, Back: v.Path, AllPath: v.Path, Name: w.Current.Name, Shared: w.Current.Shared,
		IsStart: w.Current.ID != 0 && w.Current.ID == w.Default,
		board:   BoardPath(b),
	}
	if w.Default != 0 {
		view.AllPath += "?view=0"
	}
	for _, one := range w.All {
		view.Choices = append(view.Choices, ViewView{
			Name: one.Name, Path: viewAt(v.Path, one), Shared: one.Shared, Current: one.ID == w.Current.ID, Start: one.ID == w.Default,
		})
	}
	if w.Current.ID == 0 {
		return view
	}
	view.Modified, view.ResetPath = w.Current.Filter.On(of.Frame.Current).Query() != v.Query, viewAt(v.Path, w.Current)
	view.DefaultPath = ViewPath(b, w.Current.ID) + "/default"
	if w.Current.ChangedBy(w.Viewer) {
		view.SavePath, view.DeletePath = ViewPath(b, w.Current.ID), ViewPath(b, w.Current.ID)+"/removal"
		view.ChangesForOthers = w.Current.Shared
	}
	return view
}

// viewAt is a page as a view shows it.
func viewAt(path string, w kanban.View) string {
	return under(path+"?view="+strconv.FormatInt(int64(w.ID), 10), w.Filter)
}

// onBoard is the board under the page's filter.
func (v FilterView) onBoard(f kanban.Filter) string {
	v.Path = v.Views.board
	return v.at(f)
}

// title is what the menu's button says.
func (v ViewsView) title() string {
	if v.Name == "" {
		return v.Loc.T("view.all")
	}
	return v.Name
}
