package report

import "time"

// Span is a stretch of time from its beginning up to but without its end.
type Span struct{ From, To time.Time }

// Holds reports whether a time is within the span.
func (s Span) Holds(t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

// The names of periods, as addresses have them.
const (
	ThisWeek    = "this-week"
	LastWeek    = "last-week"
	ThisMonth   = "this-month"
	LastMonth   = "last-month"
	ThisQuarter = "this-quarter"
	LastQuarter = "last-quarter"
	AnyDates    = "dates"
)

// PeriodNames are the names of periods in the order in which they are offered.
func PeriodNames() []string {
	return []string{ThisWeek, LastWeek, ThisMonth, LastMonth, ThisQuarter, LastQuarter, AnyDates}
}

// longest is how long a period may be, in days.
const longest = 731

// Period is what a report is about and what it is compared with. Its days are those of the viewer's time zone.
type Period struct {
	Name string
	Span
	// Before is the period before; of one that is under way only as much as has passed of it.
	Before Span
	// Running says that the period goes on.
	Running bool
}

// PeriodOf finds a period by its name at a moment in the viewer's time zone. From and until, both inclusive, are for AnyDates. Any name
// that is unknown is the month under way.
func PeriodOf(name string, now time.Time, from, until time.Time) Period {
	today := day(now)
	switch name {
	case ThisWeek, LastWeek:
		start := later(today, -(int(today.Weekday())+6)%7)
		return stepped(name, start, now, func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) })
	case ThisQuarter, LastQuarter:
		start := date(today.Year(), today.Month()-(today.Month()-1)%3, 1, today.Location())
		return stepped(name, start, now, func(t time.Time, n int) time.Time { return t.AddDate(0, 3*n, 0) })
	case AnyDates:
		return between(day(from), later(until, 1), now)
	case LastMonth:
	default:
		name = ThisMonth
	}
	start := date(today.Year(), today.Month(), 1, today.Location())
	return stepped(name, start, now, func(t time.Time, n int) time.Time { return t.AddDate(0, n, 0) })
}

// stepped is a period of the calendar. Each is a step from the next.
func stepped(name string, start, now time.Time, step func(time.Time, int) time.Time) Period {
	if name == LastWeek || name == LastMonth || name == LastQuarter {
		begin := day(step(start, -1))
		return Period{Name: name, Span: Span{begin, start}, Before: Span{day(step(begin, -1)), begin}}
	}
	p := Period{Name: name, Span: Span{start, day(step(start, 1))}, Running: true}
	p.Before = Span{day(step(start, -1)), start}
	p.Before.To = earlier(later(p.Before.From, days(start, now)), p.Before.To)
	return p
}

// between is a period of any dates; the one before has as many days.
func between(from, to, now time.Time) Period {
	if !from.Before(to) {
		to = later(from, 1)
	}
	to = earlier(to, later(from, longest))
	n := days(from, to.Add(-time.Nanosecond))
	p := Period{Name: AnyDates, Span: Span{from, to}, Before: Span{later(from, -n), from}, Running: now.Before(to) && !now.Before(from)}
	if p.Running {
		p.Before.To = earlier(later(p.Before.From, days(from, now)), from)
	}
	return p
}

// days counts the days of the calendar that a stretch touches, from the beginning of a day to a moment.
func days(from, until time.Time) int {
	y, m, d := until.Date()
	fy, fm, fd := from.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(time.Date(fy, fm, fd, 0, 0, 0, 0, time.UTC)).Hours()/24) + 1
}

// date is the first moment of a day of the calendar. Where clocks are put forward at midnight, that is one o'clock.
func date(year int, month time.Month, d int, zone *time.Location) time.Time {
	t := time.Date(year, month, d, 0, 0, 0, 0, zone)
	for y, m, at := time.Date(year, month, d, 12, 0, 0, 0, zone).Date(); ; t = t.Add(15 * time.Minute) {
		if ty, tm, td := t.Date(); ty == y && tm == m && td == at {
			return t
		}
	}
}

// day is the beginning of the day that a moment is in.
func day(t time.Time) time.Time { return date(t.Year(), t.Month(), t.Day(), t.Location()) }

// later is the beginning of a day some days after that of a moment.
func later(t time.Time, days int) time.Time {
	return date(t.Year(), t.Month(), t.Day()+days, t.Location())
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Grain is how long the steps of a chart are.
type Grain string

// The grains.
const (
	Days   Grain = "day"
	Weeks  Grain = "week"
	Months Grain = "month"
)

// Steps cuts a period into days, weeks or months, so that a chart has between a handful and some forty of them.
func (p Period) Steps() ([]Span, Grain) {
	grain := Months
	switch n := days(p.From, p.To.Add(-time.Nanosecond)); {
	case n <= 45:
		grain = Days
	case n <= 200:
		grain = Weeks
	}
	var all []Span
	for at := p.From; at.Before(p.To); {
		next := earlier(after(at, grain), p.To)
		all = append(all, Span{at, next})
		at = next
	}
	return all, grain
}

// after is where the next day, week or month begins.
func after(t time.Time, g Grain) time.Time {
	y, m, d := t.Date()
	switch g {
	case Weeks:
		d += 7 - (int(t.Weekday())+6)%7
	case Months:
		m, d = m+1, 1
	default:
		d++
	}
	return date(y, m, d, t.Location())
}
