package kanban

// ViewID numbers the views that people kept.
type ViewID int64

// View is a filter of a board that somebody gave a name.
type View struct {
	ID    ViewID
	Board BoardID
	// Person is whose it is; 0 is the operator of the installation.
	Person PersonID
	// Shared views are there for everybody who may open the board.
	Shared bool
	Name   string
	Filter Filter
}

// MostViews is how many views of a board somebody may have, those of others that are shared not counted.
const MostViews = 50

// Check refuses a view that cannot be, with an *InvalidError.
func (w View) Check() error {
	if !readable(w.Name) {
		return Invalid("view.name", "most", templateName)
	}
	return nil
}

// OpenTo reports whether somebody who may open the board has the view.
func (w View) OpenTo(v Viewer) bool { return w.Shared || w.Person == v.Person }

// ChangedBy reports whether somebody may change the view: whose it is, and of shared ones administrators, too.
func (w View) ChangedBy(v Viewer) bool { return w.Person == v.Person || w.Shared && v.SeesAll() }
