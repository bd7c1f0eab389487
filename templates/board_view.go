package templates

import (
	"context"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

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
	// Panel is the conversation that is open beside the board; nil for none.
	Panel *PanelView
	// Filter is what stands above the columns.
	Filter FilterView
	// Batches are what the viewer is doing with many cards, or did a moment ago.
	Batches []BatchView
	// Lanes are the names of the groups of cards, as JSON; empty where there are none.
	Lanes string
	// drawn is the columns' markup, if they were drawn before.
	drawn string
}

// Drawn draws the columns, which are most of the page, so that they can be kept for everybody who sees the same. They depend on nothing
// of the frame but what is the same for all of those.
func (v BoardPageView) Drawn(ctx context.Context) (BoardPageView, error) {
	var html strings.Builder
	err := Board(v).Render(ctx, &html)
	v.drawn = html.String()
	return v, err
}

// Around puts a page that was drawn for all into the frame of one person.
func (v BoardPageView) Around(f Frame) BoardPageView {
	of := v.Frame
	f.Locale, f.Current, f.Catalog, f.ChatwootURL, f.Cursor, f.Connection = of.Locale, of.Current, of.Catalog, of.ChatwootURL, of.Cursor, of.Connection
	v.Frame = f
	return v
}

// Beside opens a conversation beside the board.
func (v BoardPageView) Beside(p PanelView) BoardPageView {
	v.Panel = &p
	return v
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

// Collapse makes columns narrow.
func (v BoardPageView) Collapse(collapsed []kanban.StageID) BoardPageView {
	for i, s := range v.Stages {
		v.Stages[i].Head = s.Head.Collapse(v.Loc, s.id, collapsed)
	}
	return v
}

// zones are the stages that end a deal, to be dropped on from anywhere.
func (v BoardPageView) zones() []StageView {
	var ends []StageView
	for _, s := range v.Stages {
		if s.Kind == string(kanban.StageWon) || s.Kind == string(kanban.StageLost) {
			ends = append(ends, s)
		}
	}
	return ends
}

// choices are the stages that a card can be moved to, in the board's order.
func (v BoardPageView) choices() []StageHeadView {
	heads := make([]StageHeadView, 0, len(v.Stages))
	for _, s := range v.Stages {
		if !s.Head.Leaving {
			heads = append(heads, s.Head)
		}
	}
	return heads
}

// title of the page: the board's name.
func (v BoardPageView) title() string { return boardName(v.Loc, v.Frame.Current) }

// tab is what the browser's tab says.
func (v BoardPageView) tab() string {
	if v.Panel == nil {
		return v.title()
	}
	return v.Loc.T("panel.title", "name", v.Panel.Card.Name, "board", v.title())
}

func boardName(loc Locale, b kanban.Board) string {
	if b.Name == "" {
		return loc.T("board.unnamed")
	}
	return b.Name
}

// Under puts what stands above the columns onto the page, and the filter into the addresses of what the page fetches.
func (v BoardPageView) Under(f FilterView) BoardPageView {
	v.Filter = f
	if f.Query == "" {
		return v
	}
	v.Lanes = laneNames(v.Loc, f.filter.Lanes, v.Frame.Catalog)
	v.Path, v.EventsPath, v.TotalsPath = withParameter(v.Path, f.Query), withParameter(v.EventsPath, f.Query), withParameter(v.TotalsPath, f.Query)
	for i, s := range v.Stages {
		s.Head = s.Head.Under(v.Loc, f.filter)
		v.Stages[i] = s.Under(f.Query)
	}
	return v
}

// Under has a column's further cards chosen by a filter.
func (v StageView) Under(query string) StageView {
	if v.More != "" {
		v.More = withParameter(v.More, query)
	}
	return v
}

// headers are what the board's writes say of the page, as JSON.
func (v BoardPageView) headers() string { return `{"` + FilterHeader + `":"` + v.Filter.Query + `"}` }

// order is the order of the cards; only one is of interest to scripts.
func (v BoardPageView) order() string {
	if v.Filter.order == "" {
		return string(kanban.Filter{}.Order(v.Frame.Current))
	}
	return string(v.Filter.order)
}
