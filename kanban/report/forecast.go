package report

import (
	"math/big"
	"slices"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// MonthLayout is how months are written.
const MonthLayout = "2006-01"

// Undated is the month of deals without an expected close, or without one that is still to come.
const Undated = ""

// Pipeline is what is open now, and what may come of it: each value times the probability of its stage.
type Pipeline struct {
	Open     Sum
	Weighted kanban.Amount
	Months   []MonthForecast
}

// MonthForecast is what is expected of a month, and what came of it so far. Of a month that is over nothing is expected any more.
type MonthForecast struct {
	Month     string
	Open, Won Sum
	Weighted  kanban.Amount
	// Earlier is what had been forecast when the month began, of a month to come thirty days ago; valid when HasEarlier is set.
	Earlier    kanban.Amount
	HasEarlier bool
}

// Weighted is a value times the probability of a stage, rounded half away from zero.
func Weighted(v kanban.Amount, percent int) kanban.Amount {
	n := new(big.Int).Mul(big.NewInt(int64(v)), big.NewInt(int64(min(max(percent, 0), 100))))
	half := big.NewInt(50)
	if n.Sign() < 0 {
		half.Neg(half)
	}
	return kanban.Amount(n.Add(n, half).Quo(n, big.NewInt(100)).Int64())
}

// PipelineOf adds up what is open: this month, the months after it that deals are expected in, and what has no date or one that is over.
func PipelineOf(b kanban.Board, held []Held, now time.Time) Pipeline {
	var p Pipeline
	this := now.Format(MonthLayout)
	by := map[string]*MonthForecast{this: {Month: this}}
	for _, h := range held {
		if OutcomeOf(b, h.Stage, h.Place) != Open {
			continue
		}
		month := h.Month
		if month < this {
			month = Undated
		}
		if by[month] == nil {
			by[month] = &MonthForecast{Month: month}
		}
		weighted := Weighted(h.Value, Probability(b, h.Standing))
		by[month].Open, by[month].Weighted = by[month].Open.plus(h.Sum), by[month].Weighted+weighted
		p.Open, p.Weighted = p.Open.plus(h.Sum), p.Weighted+weighted
	}
	for _, m := range by {
		p.Months = append(p.Months, *m)
	}
	slices.SortFunc(p.Months, func(x, y MonthForecast) int { return compareMonths(x.Month, y.Month) })
	return p
}

// monthsBack is of how many months that are over a report tells what became of their forecast.
const monthsBack = 3

// recentMonths are the last months and the one under way.
func recentMonths(now time.Time) []Span {
	all := make([]Span, 0, monthsBack+1)
	for back := monthsBack; back >= 0; back-- {
		all = append(all, MonthAt(date(now.Year(), now.Month()-time.Month(back), 1, now.Location())))
	}
	return all
}

// won adds to the months what was won in each.
func (p *Pipeline) won(b kanban.Board, months []Span, entered []Entered) {
	for i, r := range TrendOf(b, len(months), nil, entered) {
		name := months[i].From.Format(MonthLayout)
		at := slices.IndexFunc(p.Months, func(m MonthForecast) bool { return m.Month == name })
		if at < 0 {
			p.Months = slices.Insert(p.Months, i, MonthForecast{Month: name})
			at = i
		}
		p.Months[at].Won = r.Won
	}
}

// Over reports whether a month is over.
func (m MonthForecast) Over(now time.Time) bool {
	return m.Month != Undated && m.Month < now.Format(MonthLayout)
}

// compareMonths puts what has no date last.
func compareMonths(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == Undated, b != Undated && a > b:
		return 1
	}
	return -1
}

// Probability is that of the stage a lead is in; back in the intake nothing is expected of it.
func Probability(b kanban.Board, s Standing) int {
	st, ok := b.Stage(s.Stage)
	if !ok || s.Place != InStage {
		return 0
	}
	return st.Probability
}

// Recorded is the day whose forecast a month is compared with: its first, of a month to come thirty days ago.
func Recorded(month string, now time.Time) time.Time {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	first, err := time.Parse(MonthLayout, month)
	if err != nil || first.After(today) {
		return today.AddDate(0, 0, -30)
	}
	return first
}

// Pace is how a month's wins stand against its goal.
type Pace struct {
	Month string
	// Goal is what is wanted, Won what is there.
	Goal, Won kanban.Amount
	// Due is what would be there by now if each of the month's days brought the same.
	Due kanban.Amount
}

// PaceOf measures a month of the viewer's calendar at a moment.
func PaceOf(month Span, goal, won kanban.Amount, now time.Time) Pace {
	p := Pace{Month: month.From.Format(MonthLayout), Goal: goal, Won: won, Due: goal}
	if now.Before(month.To) {
		passed, whole := max(now.Sub(month.From), 0), month.To.Sub(month.From)
		p.Due = kanban.Amount(float64(goal) * (float64(passed) / float64(whole)))
	}
	return p
}

// MonthAt is the month of the calendar that a moment is in.
func MonthAt(t time.Time) Span {
	first := date(t.Year(), t.Month(), 1, t.Location())
	return Span{first, date(t.Year(), t.Month()+1, 1, t.Location())}
}
