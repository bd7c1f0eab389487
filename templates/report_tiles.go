package templates

import (
	"strconv"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// tiles are the figures at the head of a report.
func (r reporter) tiles() []ReportTile {
	now, before := r.Report.Results, r.Report.ResultsBefore
	tile := func(name, means string, c ReportCell, was ReportCell) ReportTile {
		t := ReportTile{Name: r.Loc.T("report." + name), Text: c.Text, Path: c.Path, Means: r.Loc.T("report." + means)}
		if was.Text != "" {
			t.Before, t.BeforePath = r.Loc.T("report.was", "figure", was.Text), was.Path
		}
		return t
	}
	wonBefore := r.was(before.Won.Count, report.FigWon)
	rate := r.percent(now.WinRate())
	rateBefore := linked(r.percent(before.WinRate()), r.was(before.Won.Count+before.Lost.Count, report.FigDecided))
	cycleBefore := linked(r.took(r.Report.CycleBefore.Median, r.Report.CycleBefore.Count > 0), r.was(r.Report.CycleBefore.Count, report.FigCycle))
	rate = linked(rate, r.behind(now.Won.Count+now.Lost.Count, report.FigDecided))
	value := linked(r.about(now.Won.Value), r.behind(now.Won.Count, report.FigWon))
	cycle := linked(r.took(r.Report.Cycle.Median, r.Report.Cycle.Count > 0), r.behind(r.Report.Cycle.Count, report.FigCycle))
	forecast := r.about(r.Report.Pipeline.Weighted)
	forecast.Path = r.path(report.FigOpen)
	return []ReportTile{
		tile("leads", "leads_means", r.behind(now.Came, report.FigCame), r.was(before.Came, report.FigCame)),
		tile("won_cards", "won_cards_means", r.behind(now.Won.Count, report.FigWon), wonBefore),
		tile("lost_cards", "lost_cards_means", r.behind(now.Lost.Count, report.FigLost), r.was(before.Lost.Count, report.FigLost)),
		tile("win_rate", "win_rate_means", rate, rateBefore),
		tile("value_won", "value_won_means", value, linked(r.about(before.Won.Value), wonBefore)),
		tile("cycle", "cycle_means", cycle, cycleBefore),
		tile("weighted", "weighted_means", forecast, ReportCell{}),
		r.undated(),
	}
}

// undated is what was won or lost at an unknown time; a tile without a name where there is nothing.
func (r reporter) undated() ReportTile {
	n := r.Report.Undated.Won.Count + r.Report.Undated.Lost.Count
	if n == 0 {
		return ReportTile{}
	}
	return ReportTile{Name: r.Loc.T("report.undated"), Text: r.Loc.Number(n), Path: r.path(report.FigUndated), Means: r.Loc.T("report.undated_means")}
}

// pace draws the month's goal.
func (r reporter) pace() *ReportPaceView {
	p := r.Report.Pace
	if p == nil || p.Goal <= 0 {
		return nil
	}
	share := func(n int64) int { return int(min(max(float64(n)/float64(p.Goal), 0), 1) * 1000) }
	done, _ := report.Share(share(int64(p.Won)), 1000)
	v := &ReportPaceView{Won: done, Due: share(int64(p.Due)), Ahead: p.Won >= p.Due}
	v.Text = r.Loc.T("report.goal_text", "month", r.month(p.Month), "won", r.about(p.Won).Text, "goal", r.about(p.Goal).Text)
	if p.Won != 0 {
		v.Path = r.path(report.FigWon, r.dates(report.MonthAt(r.Now))...)
	}
	key := "report.goal_behind"
	if v.Ahead {
		key = "report.goal_ahead"
	}
	v.Means = r.Loc.T(key, "due", r.about(p.Due).Text)
	return v
}

// ReportChart is what came, was won and lost, step by step, as bars. The table of the same figures stands below it.
type ReportChart struct {
	Title, Summary string
	Box            string
	Bars           []ReportBar
	Max            string
	// Labels are the names of the first, the middle and the last step.
	Labels []string
}

// ReportBar is a bar; its measures are in the units of the chart's box.
type ReportBar struct{ Kind, X, Y, Width, Height, Title string }

// The measures of a chart's box.
const (
	chartWidth  = 720
	chartHeight = 140
)

func (r reporter) chart() ReportChart {
	top, came, won, lost := 0, 0, 0, 0
	for _, s := range r.Report.Trend {
		top = max(top, s.Came, s.Won.Count, s.Lost.Count)
		came, won, lost = came+s.Came, won+s.Won.Count, lost+s.Lost.Count
	}
	c := ReportChart{Title: r.Loc.T("report.trend"), Box: "0 0 720 140", Max: r.Loc.Number(top)}
	c.Summary = r.Loc.T("report.chart_summary", "came", r.Loc.Number(came), "won", r.Loc.Number(won), "lost", r.Loc.Number(lost), "top", c.Max)
	if top == 0 {
		return ReportChart{}
	}
	n := len(r.Report.Steps)
	for i, s := range r.Report.Trend {
		for k, one := range []struct {
			kind  string
			count int
		}{{"came", s.Came}, {"won", s.Won.Count}, {"lost", s.Lost.Count}} {
			if one.count > 0 {
				c.Bars = append(c.Bars, r.oneBar(i, k, n, one.kind, one.count, top))
			}
		}
	}
	for _, i := range []int{0, n / 2, n - 1} {
		c.Labels = append(c.Labels, r.step(r.Report.Steps[i]))
	}
	return c
}

func (r reporter) oneBar(step, k, steps int, kind string, count, top int) ReportBar {
	width := float64(chartWidth) / float64(steps)
	height := float64(count) / float64(top) * (chartHeight - 4)
	text := func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
	return ReportBar{
		Kind: kind, X: text(float64(step)*width + width*(0.08+0.28*float64(k))), Y: text(chartHeight - height), Width: text(width * 0.26), Height: text(height),
		Title: r.step(r.Report.Steps[step]) + ": " + r.Loc.Number(count) + " " + r.Loc.T("report.col_"+kind),
	}
}

// NewReportSettings draws what administrators settle about a board's reports.
func NewReportSettings(of ReportOf, month string, goal kanban.Amount, hides bool) *ReportSettingsView {
	r := reporter{of}
	v := &ReportSettingsView{Path: ReportsPath(of.Board.ID), Month: month, MonthName: r.month(month), HideAgents: hides}
	if goal > 0 {
		v.Goal = rawMoney(goal)
	}
	return v
}

// ParseAmount reads an amount as people type it: with a comma or a point before the decimals, and either between thousands.
func ParseAmount(text string) (kanban.Amount, bool) {
	text = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\'' {
			return -1
		}
		return r
	}, text)
	last := strings.LastIndexAny(text, ".,")
	if last < 0 {
		return kanban.AmountOf(text)
	}
	whole := strings.NewReplacer(".", "", ",", "").Replace(text[:last])
	decimals := text[last+1:]
	if len(decimals) == 3 { // thousands: nobody types thousandths
		return kanban.AmountOf(whole + decimals)
	}
	return kanban.AmountOf(whole + "." + decimals)
}
