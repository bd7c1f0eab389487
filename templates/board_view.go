package templates

import "github.com/chatlane/chatlane/kanban"

// BoardPageView is the board's page.
type BoardPageView struct {
	Frame      Frame
	Loc        Locale
	Path       string
	EventsPath string
	TotalsPath string
	Stylesheet string
	Stages     []StageView
	Connection ConnectionView
	// Empty says that no card is on the board at all.
	Empty bool
}

// NewBoardPage puts a board's columns into its page. The first card of each column can be reached by the tab key.
func NewBoardPage(loc Locale, frame Frame, stages []StageView) BoardPageView {
	frame.Locale = loc
	b := frame.Current
	v := BoardPageView{
		Frame: frame, Loc: loc,
		Path: BoardPath(b.ID), EventsPath: EventsPath(b.ID), TotalsPath: TotalsPath(b.ID),
		Stylesheet: StylesheetPath(b.ID, StylesheetVersion(b, frame.Catalog)),
		Stages:     stages,
		Connection: NewConnection(loc, frame.Connection),
		Empty:      true,
	}
	for i := range v.Stages {
		if cards := v.Stages[i].Cards; len(cards) > 0 {
			v.Empty, cards[0].Held = false, true
		}
	}
	return v
}

// choices are the stages that a card can be moved to, in the board's order.
func (v BoardPageView) choices() []StageHeadView {
	heads := make([]StageHeadView, 0, len(v.Stages))
	for _, s := range v.Stages {
		heads = append(heads, s.Head)
	}
	return heads
}

// title of the page, as the browser's tab shows it.
func (v BoardPageView) title() string { return boardName(v.Loc, v.Frame.Current) }

func boardName(loc Locale, b kanban.Board) string {
	if b.Name == "" {
		return loc.T("board.unnamed")
	}
	return b.Name
}
