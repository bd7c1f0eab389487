package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// span writes a stretch of days, such as "Nov 1 – 30, 2026".
func (r reporter) span(s report.Span) string {
	last := s.To.Add(-time.Nanosecond)
	if s.From.Year() == last.Year() && s.From.YearDay() == last.YearDay() {
		return r.Loc.Date(last)
	}
	if s.From.Year() == last.Year() {
		return r.Loc.Day(s.From) + " – " + r.Loc.Date(last)
	}
	return r.Loc.Date(s.From) + " – " + r.Loc.Date(last)
}

// month writes a month such as "2026-12".
func (r reporter) month(text string) string {
	t, err := time.Parse(report.MonthLayout, text)
	if err != nil {
		return r.Loc.T("report.no_date")
	}
	return r.Loc.T("report.month_year", "month", r.Loc.month(t), "year", strconv.Itoa(t.Year()))
}

// decimal writes tenths as the language does.
func (r reporter) decimal(tenths int) string {
	text := r.Loc.Number(tenths / 10)
	if tenths%10 == 0 {
		return text
	}
	point := ","
	if r.Loc.Code() == "en" {
		point = "."
	}
	return text + point + strconv.Itoa(tenths%10)
}

// none stands for a figure that there is none of.
const none = "–"

// percent writes thousandths.
func (r reporter) percent(permille int, ok bool) ReportCell {
	if !ok {
		return ReportCell{Text: none}
	}
	return ReportCell{Text: r.Loc.T("report.percent", "number", r.decimal(permille)), Raw: fmt.Sprintf("%d.%d", permille/10, permille%10)}
}

// took writes a duration so that two of them can be compared: minutes, hours or days with a tenth. A file has hours.
func (r reporter) took(d time.Duration, ok bool) ReportCell {
	if !ok {
		return ReportCell{Text: none}
	}
	raw := strconv.FormatFloat(d.Hours(), 'f', 2, 64)
	switch {
	case d < time.Hour:
		return ReportCell{Text: r.Loc.T("age.minutes", "count", strconv.Itoa(int(d/time.Minute))), Raw: raw}
	case d < 48*time.Hour:
		return ReportCell{Text: r.Loc.T("age.hours", "count", r.decimal(int(d/(6*time.Minute)))), Raw: raw}
	}
	return ReportCell{Text: r.Loc.T("age.days", "count", r.decimal(int(d/(144*time.Minute)))), Raw: raw}
}

// money writes an amount in the board's currency. A file has the number alone.
func (r reporter) money(a kanban.Amount) ReportCell {
	return ReportCell{Text: r.Loc.Money(a, r.Board.Currency), Raw: rawMoney(a)}
}

// about is money without its cents where they tell nothing.
func (r reporter) about(a kanban.Amount) ReportCell {
	if a >= 100_000 || a <= -100_000 {
		a = (a + 500) / 1000 * 1000
	}
	return r.money(a)
}

func rawMoney(a kanban.Amount) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(float64(a)/1000, 'f', 3, 64), "0"), ".")
}

func word(text string) ReportCell { return ReportCell{Text: text, Raw: text} }

// agent is the name of whoever has cards.
func (r reporter) agent(id kanban.AgentID) string {
	if id == 0 {
		return r.Loc.T("report.unassigned")
	}
	for _, a := range r.Catalog.Agents {
		if a.ID == id {
			return oneLine(a.Name, nameLimit)
		}
	}
	return r.Loc.T("report.former_agent", "number", itoa(id))
}
