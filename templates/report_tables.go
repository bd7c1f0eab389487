package templates

import (
	"slices"
	"strconv"
	"time"

	"github.com/chatlane/chatlane/kanban/report"
)

// tables are all tables of a report in their order.
func (r reporter) tables() []ReportTable {
	all := []ReportTable{r.funnel(), r.reasons(), r.stages(), r.trend(), r.forecast(), r.agents(), r.stalled()}
	all = slices.DeleteFunc(all, func(t ReportTable) bool { return t.Name == "" })
	for i := range all {
		all[i].Title, all[i].Means, all[i].Empty = r.Loc.T("report."+all[i].Name), r.Loc.T("report."+all[i].Name+"_means"), r.Loc.T("report."+all[i].Name+"_empty")
		all[i].Path = withParameter(ReportTablePath(r.Board.ID, all[i].Name), r.Query.Encode())
	}
	return all
}

func (r reporter) columns(keys ...string) []string {
	words := make([]string, len(keys))
	for i, k := range keys {
		words[i] = r.Loc.T("report.col_" + k)
	}
	return words
}

// funnel is the cohort: who of those that came got how far.
func (r reporter) funnel() ReportTable {
	f, before := r.Report.Funnel, r.Report.FunnelBefore
	t := ReportTable{Name: "funnel", Words: 1, Columns: r.columns("stage", "reached", "of_step", "of_all", "before", "open", "lost", "gone")}
	if f.Came == 0 && before.Came == 0 {
		return t
	}
	came := r.bar(r.behind(f.Came, report.FigCame), f.Came, f.Came)
	first := []ReportCell{word(r.Loc.T("report.came")), came, {Text: none}, {Text: none}, r.was(before.Came, report.FigCame)}
	t.Rows = append(t.Rows, append(first, r.ends(f.Stepless)...))
	above := f.Came
	for i, s := range f.Steps {
		stage := itoa(s.Stage.ID)
		row := []ReportCell{
			word(s.Stage.Name), r.bar(r.behind(s.Reached, report.FigReached, "stage", stage), s.Reached, f.Came), r.share(s.Reached, above), r.share(s.Reached, f.Came),
			linked(r.share(before.Steps[i].Reached, before.Came), r.was(before.Steps[i].Reached, report.FigReached, "stage", stage)),
		}
		t.Rows = append(t.Rows, append(row, r.ends(s)...))
		above = s.Reached
	}
	won := []ReportCell{word(r.Loc.T("report.won")), r.bar(r.behind(f.Won, report.FigCohort), f.Won, f.Came), r.share(f.Won, above), r.share(f.Won, f.Came)}
	wonBefore := linked(r.share(before.Won, before.Came), r.was(before.Won, report.FigCohort))
	t.Rows = append(t.Rows, append(won, wonBefore, ReportCell{}, ReportCell{}, ReportCell{}))
	return t
}

// ends are those that came no further than a step.
func (r reporter) ends(s report.Step) []ReportCell {
	stage := itoa(s.Stage.ID)
	return []ReportCell{
		r.behind(s.Open, report.FigOpenAt, "stage", stage), r.behind(s.Lost, report.FigLostAt, "stage", stage), r.behind(s.Gone, report.FigGoneAt, "stage", stage),
	}
}

// was is a number of the period before.
func (r reporter) was(n int, figure string, pairs ...string) ReportCell {
	before := r.Report.Period.Before
	return r.behind(n, figure, append(r.dates(before), pairs...)...)
}

// linked is a figure that opens the same cards as another.
func linked(c, to ReportCell) ReportCell {
	c.Path = to.Path
	return c
}

// dates are the parameters of a report about a stretch of days.
func (r reporter) dates(s report.Span) []string {
	return []string{"period", report.AnyDates, "from", s.From.Format(time.DateOnly), "until", s.To.Add(-time.Nanosecond).Format(time.DateOnly)}
}

func (r reporter) share(part, whole int) ReportCell { return r.percent(report.Share(part, whole)) }

func (r reporter) bar(c ReportCell, part, whole int) ReportCell {
	c.Bar, c.HasBar = report.Share(part, whole)
	return c
}

// reasons are why leads of the cohort were lost, by the step that they had reached.
func (r reporter) reasons() ReportTable {
	f := r.Report.Funnel
	t := ReportTable{Name: "reasons", Words: 1, Columns: r.columns("reason", "lost", "of_lost", "stepless")}
	for _, s := range f.Steps {
		t.Columns = append(t.Columns, s.Stage.Name)
	}
	all := append([]report.Step{f.Stepless}, f.Steps...)
	for _, reason := range f.Reasons {
		text := reason.Text
		if text == "" {
			text = r.Loc.T("report.no_reason")
		}
		row := []ReportCell{word(text), r.bar(r.behind(reason.Count, report.FigFailed, "reason", "="+reason.Text), reason.Count, f.Lost), r.share(reason.Count, f.Lost)}
		for _, s := range all {
			n := 0
			for _, one := range s.Reasons {
				if one.Text == reason.Text {
					n = one.Count
				}
			}
			row = append(row, r.behind(n, report.FigLostAt, "stage", itoa(s.Stage.ID), "reason", "="+reason.Text))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// stages are how long cards stay in each.
func (r reporter) stages() ReportTable {
	t := ReportTable{Name: "stages", Words: 1, Columns: r.columns("stage", "cards", "median", "p90", "median_before", "still_there", "unknown")}
	some := 0
	for i, s := range r.Report.Stages {
		before, stage := r.Report.StagesBefore[i], itoa(s.Stage.ID)
		cards := r.behind(s.Cards, report.FigStage, "stage", stage)
		some += s.Count + before.Count + s.Unknown
		t.Rows = append(t.Rows, []ReportCell{
			word(s.Stage.Name), cards, linked(r.took(s.Median, s.Count > 0), cards), linked(r.took(s.P90, s.Count > 0), cards),
			linked(r.took(before.Median, before.Count > 0), r.was(before.Cards, report.FigStage, "stage", stage)),
			r.behind(s.Open, report.FigStaying, "stage", stage), r.behind(s.Unknown, report.FigUnknown, "stage", stage),
		})
	}
	if some == 0 {
		t.Rows = nil
	}
	return t
}

// trend is what came and what ended, day by day, or by weeks or months.
func (r reporter) trend() ReportTable {
	t := ReportTable{Name: "trend", Words: 1, Columns: r.columns(string(r.Report.Grain), "came", "won", "lost", "value_won")}
	for i, s := range r.Report.Trend {
		step := r.Report.Steps[i]
		if step.From.After(r.Now) {
			break
		}
		dates := r.dates(step)
		won := r.behind(s.Won.Count, report.FigWon, dates...)
		name := ReportCell{Text: r.step(step), Raw: step.From.Format(time.DateOnly)}
		t.Rows = append(t.Rows, []ReportCell{
			name, r.behind(s.Came, report.FigCame, dates...), won, r.behind(s.Lost.Count, report.FigLost, dates...), linked(r.money(s.Won.Value), won),
		})
	}
	return t
}

func (r reporter) step(s report.Span) string {
	switch r.Report.Grain {
	case report.Months:
		return r.month(s.From.Format(report.MonthLayout))
	case report.Weeks:
		return r.Loc.Day(s.From) + " – " + r.Loc.Day(s.To.Add(-time.Nanosecond))
	case report.Days:
	}
	return r.Loc.Day(s.From)
}

// forecast is what is open by the month in which it is expected.
func (r reporter) forecast() ReportTable {
	t := ReportTable{Name: "forecast", Words: 1, Columns: r.columns("month", "cards", "open_value", "weighted", "value_won", "forecast_then")}
	if !slices.ContainsFunc(r.Report.Pipeline.Months, func(m report.MonthForecast) bool { return m.Open.Count+m.Won.Count > 0 || m.HasEarlier }) {
		return t
	}
	for _, m := range r.Report.Pipeline.Months {
		then := ReportCell{Text: none}
		if m.HasEarlier {
			then = r.money(m.Earlier)
		}
		name := ReportCell{Text: r.month(m.Month), Raw: m.Month}
		open := r.behind(m.Open.Count, report.FigOpen, "month", "="+m.Month)
		row := []ReportCell{name, open, linked(r.money(m.Open.Value), open), linked(r.money(m.Weighted), open), r.wonIn(m), then}
		if m.Over(r.Now) {
			row[1], row[2], row[3] = ReportCell{Text: none}, ReportCell{Text: none}, ReportCell{Text: none}
		}
		t.Rows = append(t.Rows, row)
	}
	p := r.Report.Pipeline
	open := r.behind(p.Open.Count, report.FigOpen)
	t.Rows = append(t.Rows, []ReportCell{word(r.Loc.T("report.all_open")), open, linked(r.money(p.Open.Value), open), linked(r.money(p.Weighted), open), {}, {}})
	return t
}

// wonIn is what was won in a month that has begun.
func (r reporter) wonIn(m report.MonthForecast) ReportCell {
	begin, err := time.ParseInLocation(report.MonthLayout, m.Month, r.Now.Location())
	if err != nil || begin.After(r.Now) {
		return ReportCell{Text: none}
	}
	return linked(r.money(m.Won.Value), r.behind(m.Won.Count, report.FigWon, r.dates(report.MonthAt(begin.AddDate(0, 0, 1)))...))
}

// agents are whose cards came, were won and lost.
func (r reporter) agents() ReportTable {
	if r.Report.Agents == nil {
		return ReportTable{}
	}
	t := ReportTable{Name: "agents", Words: 1, Columns: r.columns("agent", "came", "won", "lost", "win_rate", "value_won", "open_cards", "open_value")}
	for _, a := range r.Report.Agents {
		id := strconv.FormatInt(int64(a.Agent), 10)
		won, open := r.behind(a.Won.Count, report.FigWon, "of", id), r.behind(a.Open.Count, report.FigOpen, "of", id)
		rate := linked(r.percent(a.WinRate()), r.behind(a.Won.Count+a.Lost.Count, report.FigDecided, "of", id))
		t.Rows = append(t.Rows, []ReportCell{
			word(r.agent(a.Agent)), r.behind(a.Came, report.FigCame, "of", id), won, r.behind(a.Lost.Count, report.FigLost, "of", id), rate,
			linked(r.money(a.Won.Value), won), open, linked(r.money(a.Open.Value), open),
		})
	}
	return t
}

// stalled are the cards that are in a stage for longer than it allows.
func (r reporter) stalled() ReportTable {
	t := ReportTable{Name: "stalled", Words: 3, Columns: r.columns("card", "stage", "agent", "since", "value")}
	for _, c := range r.Report.Stalled {
		t.Rows = append(t.Rows, r.card(c))
	}
	if more := r.Report.StalledCount - len(t.Rows); more > 0 {
		all := ReportCell{Text: r.Loc.N("report.stalled_more", more), Path: r.path(report.FigStalled)}
		t.Rows = append(t.Rows, []ReportCell{all, {}, {}, {}, {}})
	}
	return t
}

// card is a card behind a figure.
func (r reporter) card(c report.Card) []ReportCell {
	stage := stageName(r.Loc, r.Board, c.Stage)
	path := PanelPath(r.Board.ID, c.Conversation.ID)
	switch c.Place {
	case report.InIntake:
		stage = r.Loc.T("report.back_in_intake")
	case report.OffBoard:
		stage, path = r.Loc.T("report.off_board", "stage", stage), ""
		if r.Frame.ChatwootURL != "" {
			path = r.Frame.ChatwootURL + "/conversations/" + itoa(c.Conversation.ID)
		}
	case report.InStage:
	}
	since := r.took(r.Now.Sub(c.Entered), true)
	if !c.Known {
		since.Text = r.Loc.T("report.at_least", "time", since.Text)
	}
	value := ReportCell{Text: none}
	if c.Valued > 0 {
		value = r.money(c.Value)
	}
	name := word(contactName(r.Loc, c.Conversation))
	name.Path = path
	return []ReportCell{name, word(stage), word(r.agent(c.Conversation.AssigneeID)), since, value}
}
