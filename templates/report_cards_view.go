package templates

import (
	"maps"
	"net/url"
	"strconv"

	"github.com/chatlane/chatlane/kanban/report"
)

// ReportCardsView is the conversations behind a figure, a page of them.
type ReportCardsView struct {
	Frame          Frame
	Loc            Locale
	Title, Note    string
	Shown          string
	Table          ReportTable
	ReportPath     string
	Previous, Next string
}

// ReportCardsOf is what a page of conversations behind a figure is drawn from.
type ReportCardsOf struct {
	ReportOf
	Figure report.Figure
	Cards  []report.Card
	// Total is how many there are, Skipped how many come before the page, AtOnce how many a page has.
	Total, Skipped, AtOnce int
}

// NewReportCards draws conversations behind a figure.
func NewReportCards(of ReportCardsOf) ReportCardsView {
	r := reporter{of.ReportOf}
	v := ReportCardsView{Frame: of.Frame, Loc: of.Loc, Title: r.figure(of.Figure), Note: r.Loc.N("report.cards_found", of.Total, "period", r.span(of.Report.Period.Span))}
	v.Table = ReportTable{Name: "cards", Words: 3, Columns: r.columns("card", "stage", "agent", "since", "value")}
	for _, c := range of.Cards {
		v.Table.Rows = append(v.Table.Rows, r.card(c))
	}
	v.Table.Path = withParameter(ReportTablePath(r.Board.ID, "cards"), r.Query.Encode())
	v.Shown = r.Loc.T("report.shown", "first", r.Loc.Number(of.Skipped+1), "last", r.Loc.Number(of.Skipped+len(of.Cards)), "all", r.Loc.Number(of.Total))
	back := url.Values{}
	for _, name := range reportParameters {
		if text := r.Query.Get(name); text != "" {
			back.Set(name, text)
		}
	}
	v.ReportPath = withParameter(ReportsPath(r.Board.ID), back.Encode())
	if of.Skipped > 0 {
		v.Previous = r.page(max(of.Skipped-of.AtOnce, 0))
	}
	if of.Skipped+len(of.Cards) < of.Total && len(of.Cards) > 0 {
		v.Next = r.page(of.Skipped + of.AtOnce)
	}
	return v
}

// reportParameters are the parameters of a report, besides those of a figure.
var reportParameters = []string{"period", "from", "until", "zone", "agent", "team", "inbox", "label"}

func (r reporter) page(skip int) string {
	q := maps.Clone(r.Query)
	q.Set("skip", strconv.Itoa(skip))
	return withParameter(ReportCardsPath(r.Board.ID), q.Encode())
}

// figure says in words which figure it is.
func (r reporter) figure(f report.Figure) string {
	text := r.Loc.T("report.figure_"+f.Name, "stage", stageName(r.Loc, r.Board, f.Stage))
	if f.Agent != nil {
		text += " · " + r.agent(*f.Agent)
	}
	if f.Month != nil {
		text += " · " + r.month(*f.Month)
	}
	if f.Reason != nil && *f.Reason != "" {
		text += " · " + oneLine(*f.Reason, nameLimit)
	}
	if f.Reason != nil && *f.Reason == "" {
		text += " · " + r.Loc.T("report.no_reason")
	}
	return text
}
