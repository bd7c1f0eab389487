package templates

import (
	"maps"
	"net/url"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// ReportView is a board's funnel in a period.
type ReportView struct {
	Frame Frame
	Loc   Locale
	Board kanban.Board
	// Query is what the report was asked, as addresses have it.
	Query url.Values
	Form  ReportFormView
	// Period and Before say in words what is told and what it is compared with.
	Period, Before string
	// Earlier says how much of it was there before Chatlane was connected; empty for nothing.
	Earlier string
	// Told says of how much the way before that was read out of Chatwoot's messages; empty for nothing.
	Told   string
	Tiles  []ReportTile
	Pace   *ReportPaceView
	Chart  ReportChart
	Tables []ReportTable
	// Done is what was just saved, Problem what was refused.
	Done, Problem string
	Settings      *ReportSettingsView
}

// ReportTile is a figure at the head of a report: how it is called, what it means, and what it was before.
type ReportTile struct {
	Name, Text, Path, Means, Before, BeforePath string
}

// ReportTable is a table of a report. The same is drawn on the page and written into a file.
type ReportTable struct {
	// Name is that of the file and of the element: "funnel" is report-funnel.
	Name, Title, Means, Empty string
	Columns                   []string
	// Words is how many columns from the left hold words; the others hold numbers.
	Words int
	Rows  [][]ReportCell
	Path  string
}

// ElementID is the id of the table's section.
func (t ReportTable) ElementID() string { return "report-" + t.Name }

// ReportCell is a cell. Raw is what a file has instead of Text: a number without units, if it is one.
type ReportCell struct {
	Text, Raw, Path string
	// Bar is a length in thousandths drawn behind the number, and HasBar whether there is one.
	Bar    int
	HasBar bool
}

// ReportPaceView is the month's goal and how far it is reached.
type ReportPaceView struct {
	Text, Means string
	// Path opens the cards that were won; empty for none.
	Path string
	// Won and Due are lengths in thousandths of the goal's line.
	Won, Due int
	Ahead    bool
}

// ReportSettingsView is the form of what administrators settle about a board's reports.
type ReportSettingsView struct {
	Path, Month, MonthName, Goal string
	HideAgents                   bool
}

// ReportFormView is the form of what a report is asked.
type ReportFormView struct {
	Path        string
	Periods     []ChoiceView
	From, Until string
	Zone        string
	// OwnZone says that the address names the time zone, which the form has to keep.
	OwnZone                        bool
	Agents, Teams, Inboxes, Labels []ChoiceView
	// Narrowed says that a filter is on, WholePath leads to the report without it.
	Narrowed  bool
	WholePath string
}

// ReportOf is what a report is drawn from.
type ReportOf struct {
	Loc     Locale
	Frame   Frame
	Board   kanban.Board
	Catalog *kanban.Catalog
	Query   url.Values
	Filter  report.Filter
	Report  report.Report
	Now     time.Time
}

// NewReport draws a report.
func NewReport(of ReportOf) ReportView {
	r := reporter{of}
	v := ReportView{
		Frame: of.Frame, Loc: of.Loc, Board: of.Board, Query: of.Query, Form: r.form(),
		Period: r.span(of.Report.Period.Span), Before: r.span(of.Report.Period.Before),
		Tiles: r.tiles(), Pace: r.pace(), Chart: r.chart(), Tables: r.tables(),
	}
	if n := of.Report.Funnel.Earlier; n > 0 {
		v.Earlier = of.Loc.N("report.earlier", n)
	}
	if n := of.Report.Funnel.Told; n > 0 {
		v.Told = of.Loc.N("report.told", n)
	}
	return v
}

// NewReportTable draws one table of a report, by its name.
func NewReportTable(of ReportOf, name string) (ReportTable, bool) {
	r := reporter{of}
	for _, t := range r.tables() {
		if t.Name == name {
			return t, true
		}
	}
	return ReportTable{}, false
}

func (v ReportView) title() string {
	return v.Loc.T("report.title", "board", boardName(v.Loc, v.Board))
}

// reporter draws the parts of a report.
type reporter struct{ ReportOf }

// behind is a number that opens the cards behind it. Pairs are parameters besides those of the report.
func (r reporter) behind(n int, figure string, pairs ...string) ReportCell {
	c := ReportCell{Text: r.Loc.Number(n), Raw: itoa(n)}
	if n > 0 {
		c.Path = r.path(figure, pairs...)
	}
	return c
}

// path is the address of the cards behind a figure.
func (r reporter) path(figure string, pairs ...string) string {
	q := maps.Clone(r.Query)
	q.Set("figure", figure)
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return ReportCardsPath(r.Board.ID) + "?" + q.Encode()
}

func (r reporter) form() ReportFormView {
	p, f := r.Report.Period, r.Filter
	v := ReportFormView{
		Path: ReportsPath(r.Board.ID), From: p.From.Format(time.DateOnly), Until: p.To.AddDate(0, 0, -1).Format(time.DateOnly), Zone: p.From.Location().String(),
		Narrowed: f != report.Filter{}, OwnZone: r.Query.Get("zone") != "",
	}
	for _, name := range report.PeriodNames() {
		v.Periods = append(v.Periods, ChoiceView{Value: name, Text: r.Loc.T("report.period_" + name), Chosen: name == p.Name})
	}
	v.Agents = []ChoiceView{{Text: r.Loc.T("report.all_agents")}, {Value: "0", Text: r.Loc.T("report.unassigned"), Chosen: f.Unassigned}}
	for _, a := range r.Catalog.Agents {
		v.Agents = append(v.Agents, ChoiceView{Value: itoa(a.ID), Text: oneLine(a.Name, nameLimit), Chosen: a.ID == f.Agent})
	}
	v.Teams = []ChoiceView{{Text: r.Loc.T("report.all_teams")}}
	for _, t := range r.Catalog.Teams {
		v.Teams = append(v.Teams, ChoiceView{Value: itoa(t.ID), Text: oneLine(t.Name, nameLimit), Chosen: t.ID == f.Team})
	}
	v.Inboxes = []ChoiceView{{Text: r.Loc.T("report.all_inboxes")}}
	for _, i := range r.Catalog.Inboxes {
		v.Inboxes = append(v.Inboxes, ChoiceView{Value: itoa(i.ID), Text: oneLine(i.Name, nameLimit), Chosen: i.ID == f.Inbox})
	}
	v.Labels = []ChoiceView{{Text: r.Loc.T("report.all_labels")}}
	for _, l := range r.Catalog.Labels {
		if !l.Gone && len(r.Board.StagesIn([]string{l.Title})) == 0 {
			v.Labels = append(v.Labels, ChoiceView{Value: l.Title, Text: oneLine(l.Title, nameLimit), Chosen: l.Title == f.Label})
		}
	}
	whole := url.Values{}
	for _, name := range []string{"period", "from", "until", "zone"} {
		if text := r.Query.Get(name); text != "" {
			whole.Set(name, text)
		}
	}
	v.WholePath = withParameter(v.Path, whole.Encode())
	return v
}

// NewWall draws a report for a screen that nobody touches: without links, and no wider than such a screen is read from afar.
func NewWall(of ReportOf) ReportView {
	v := NewReport(of)
	if v.Pace != nil {
		v.Pace.Path = ""
	}
	for i := range v.Tiles {
		v.Tiles[i].Path, v.Tiles[i].BeforePath = "", ""
	}
	for _, t := range v.Tables {
		for i, row := range t.Rows {
			for k := range row {
				row[k].Path = ""
			}
			t.Rows[i] = row[:min(len(row), wallColumns)]
		}
	}
	for i := range v.Tables {
		v.Tables[i].Columns = v.Tables[i].Columns[:min(len(v.Tables[i].Columns), wallColumns)]
	}
	return v
}

// wallColumns is how many columns of the funnel a wall shows.
const wallColumns = 4
