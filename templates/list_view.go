package templates

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// ListView is the page of a board's cards in rows.
type ListView struct {
	Frame  Frame
	Loc    Locale
	Filter FilterFormView
	Heads  []ListHeadView
	Rows   []ListRowView
	// Choices are the columns that may be shown; Kept the parameters that choosing them keeps.
	Choices []ChoiceView
	Kept    []ParameterView
	// BoardPath shows the same as a board, FilePath is the same as a file.
	BoardPath, FilePath string
	// More is the address of the rows after these, First that of the first ones; empty when there are none.
	More, First string
	// Found says how many cards there are.
	Found string
	Count int
}

// ListHeadView is the head of a column.
type ListHeadView struct {
	Name string
	// Path orders the list by this column; empty where that cannot be.
	Path           string
	Sorted, Number bool
}

// ListRowView is a card in a row.
type ListRowView struct {
	ID, Path string
	Cells    []ListCellView
}

// ListCellView is a text, or a moment that the page keeps current.
type ListCellView struct {
	Text   string
	Moment ClockView
	// Color is the number of the stage that a colour stands before the text for; empty for none.
	Color  string
	Number bool
}

// ListOf is what the list is drawn from.
type ListOf struct {
	Board   kanban.Board
	Catalog *kanban.Catalog
	Filter  kanban.Filter
	Counts  kanban.Counts
	Columns []ListColumn
	Cards   []kanban.Card
	// Next is where further cards begin; nil when there are none. Later says that there are cards before these.
	Next  *kanban.Cursor
	Later bool
	Zone  *time.Location
	Views Views
}

// NewList draws a board's cards in rows.
func NewList(loc Locale, frame Frame, of ListOf) ListView {
	frame.Locale, frame.Current, frame.Catalog = loc, of.Board, of.Catalog
	path := ListPath(of.Board.ID)
	v := ListView{
		Frame: frame, Loc: loc, FilePath: under(FilePath(of.Board.ID), of.Filter),
		Found: loc.N("filter.found", of.Counts.All), Count: of.Counts.All,
	}
	filter := NewFilter(loc, FilterOf{Frame: frame, Filter: of.Filter, Path: path, Counts: &of.Counts, Views: of.Views})
	v.Filter = NewFilterForm(filter, of.Filter, of.Catalog)
	v.Kept, v.Filter.Found = filter.kept(of.Filter, ""), ""
	v.BoardPath = filter.onBoard(of.Filter)
	if of.Next != nil {
		v.More = withParameter(filter.at(of.Filter), "after="+of.Next.String())
	}
	if of.Later {
		v.First = filter.at(of.Filter)
	}
	v.heads(of, filter)
	v.rows(of)
	return v
}

func (v *ListView) heads(of ListOf, filter FilterView) {
	order := of.Filter.Order(of.Board)
	shown := map[ListColumn]bool{}
	for _, c := range of.Columns {
		shown[c] = true
		column := listColumns[c]
		head := ListHeadView{Name: v.Loc.T("column." + string(c)), Number: column.number}
		if column.sort != "" {
			sorted := of.Filter
			sorted.Sort = column.sort
			head.Path, head.Sorted = filter.at(sorted.On(of.Board)), order == column.sort
		}
		v.Heads = append(v.Heads, head)
	}
	for _, c := range listOrder {
		v.Choices = append(v.Choices, ChoiceView{Name: "column", Value: string(c), Text: v.Loc.T("column." + string(c)), Chosen: shown[c]})
	}
}

func (v *ListView) rows(of ListOf) {
	l, now := newListing(v.Loc, of.Board, of.Catalog, of.Zone), time.Now()
	for _, card := range of.Cards {
		row := ListRowView{ID: CardID(card.Conversation.ID), Path: under(PanelPath(of.Board.ID, card.Conversation.ID), of.Filter)}
		for _, c := range of.Columns {
			column := listColumns[c]
			cell := ListCellView{Number: column.number}
			if column.moment == nil {
				cell.Text = column.text(l, card)
			} else if at := column.moment(card); !at.IsZero() {
				cell.Moment = ClockView{At: stamp(at), Text: v.Loc.Age(now.Sub(at))}
			}
			if c == "stage" {
				cell.Color = itoa(card.Stage)
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
}

// title of the page.
func (v ListView) title() string {
	return v.Loc.T("list.title", "board", boardName(v.Loc, v.Frame.Current))
}
