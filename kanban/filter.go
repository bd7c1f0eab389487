package kanban

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Filter is which cards of a board somebody wants to see, and in which order. Its parts stack: a card has to match all of them, and of
// a part with several choices one. The zero Filter is the whole board.
type Filter struct {
	// Text is searched for in what a card is about: see TextOf.
	Text  string
	Needs []Need
	// Agents, Teams and Inboxes; 0 is none.
	Agents  []AgentID
	Teams   []TeamID
	Inboxes []InboxID
	// Labels are titles.
	Labels     []string
	Priorities []Priority
	Statuses   []Status
	Stages     []StageID
	// ValueMin and ValueMax bound the deal's value; a card without one is outside of any bound.
	ValueMin, ValueMax *Amount
	// Since and Until bound the day on which the conversation began, both included: "2026-12-01" or empty.
	Since, Until string
	// Closed is for how many days a card that was won or lost is shown; 0 for ever.
	Closed int
	Sort   Sort
	// Lanes is what the cards of each column are grouped by.
	Lanes Lanes
}

// noPriority is how the absence of a priority is called in an address.
const noPriority = "none"

// filterChoices bounds how many choices of one part are read.
const filterChoices = 50

// ParseFilter reads a filter from the parameters of an address. What makes no sense is left out: an address may be old, or mistyped.
func ParseFilter(v url.Values) Filter {
	f := Filter{
		Text:   strings.Join(strings.Fields(bounded(v.Get("q"), searchLimit)), " "),
		Agents: numbers[AgentID](v["agent"]), Teams: numbers[TeamID](v["team"]), Inboxes: numbers[InboxID](v["inbox"]), Stages: numbers[StageID](v["stage"]),
		Labels:   choices(v["label"], func(s string) (string, bool) { return bounded(s, searchLimit), s != "" }),
		Needs:    choices(v["needs"], known(Needs())),
		Statuses: choices(v["status"], known(Statuses())),
		Priorities: choices(v["priority"], func(s string) (Priority, bool) {
			p := Priority(strings.TrimPrefix(s, noPriority))
			return p, s != "" && slices.Contains(Priorities(), p)
		}),
		ValueMin: amountParameter(v.Get("value_min")), ValueMax: amountParameter(v.Get("value_max")),
		Since: dayParameter(v.Get("since")), Until: dayParameter(v.Get("until")),
		Closed: closedParameter(v.Get("closed")), Sort: ParseSort(v.Get("sort")),
		Lanes: lanesParameter(v.Get("lanes")),
	}
	return f
}

// Priorities are all of them, the most urgent first and none last.
func Priorities() []Priority {
	return []Priority{PriorityUrgent, PriorityHigh, PriorityMedium, PriorityLow, PriorityNone}
}

// Values are the parameters of an address that ParseFilter reads as this filter. Equal filters have equal parameters.
func (f Filter) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", f.Text)
	put(v, "needs", f.Needs, func(n Need) string { return string(n) })
	put(v, "agent", f.Agents, decimal)
	put(v, "team", f.Teams, decimal)
	put(v, "inbox", f.Inboxes, decimal)
	put(v, "stage", f.Stages, decimal)
	put(v, "label", f.Labels, func(s string) string { return s })
	put(v, "status", f.Statuses, func(s Status) string { return string(s) })
	put(v, "priority", f.Priorities, func(p Priority) string {
		if p == PriorityNone {
			return noPriority
		}
		return string(p)
	})
	set("value_min", f.ValueMin.decimal())
	set("value_max", f.ValueMax.decimal())
	set("since", f.Since)
	set("until", f.Until)
	if f.Closed != 0 {
		set("closed", strconv.Itoa(f.Closed))
	}
	set("sort", string(f.Sort))
	set("lanes", string(f.Lanes))
	return v
}

// Query is Values as an address has them: in one spelling.
func (f Filter) Query() string { return f.Values().Encode() }

// All reports whether the filter leaves no card out.
func (f Filter) All() bool {
	f.Sort, f.Lanes = "", ""
	return f.Query() == ""
}

// Has reports whether a need is among the filter's.
func (f Filter) Has(n Need) bool { return slices.Contains(f.Needs, n) }

// Admits reports whether the filter lets cards of a stage through.
func (f Filter) Admits(s StageID) bool { return len(f.Stages) == 0 || slices.Contains(f.Stages, s) }

// Toggled is the filter with a need added, or taken out.
func (f Filter) Toggled(n Need) Filter {
	if f.Has(n) {
		f.Needs = slices.DeleteFunc(slices.Clone(f.Needs), func(o Need) bool { return o == n })
	} else {
		f.Needs = append(slices.Clone(f.Needs), n)
		slices.SortFunc(f.Needs, func(a, b Need) int { return slices.Index(Needs(), a) - slices.Index(Needs(), b) })
	}
	return f
}

// Further counts the parts of a filter besides its text and its needs.
func (f Filter) Further() int {
	v := f.Values()
	for _, name := range []string{"q", "needs", "sort", "lanes"} {
		v.Del(name)
	}
	return len(v)
}

func decimal[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// decimal is an amount as AmountOf reads it; empty for none.
func (a *Amount) decimal() string {
	if a == nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(float64(*a)/1000, 'f', 3, 64), "0"), ".")
}

func put[T any](v url.Values, name string, choices []T, text func(T) string) {
	for _, c := range choices {
		v.Add(name, text(c))
	}
}

// choices are the sensible ones of a part, in one order and each once.
func choices[T ~int64 | ~string](texts []string, read func(string) (T, bool)) []T {
	var all []T
	for _, t := range texts[:min(len(texts), filterChoices)] {
		if c, ok := read(t); ok && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	slices.Sort(all)
	return all
}

func numbers[T ~int64](texts []string) []T {
	return choices(texts, func(s string) (T, bool) {
		n, err := strconv.ParseInt(s, 10, 64)
		return T(n), err == nil && n >= 0
	})
}

func known[T ~string](all []T) func(string) (T, bool) {
	return func(s string) (T, bool) { return T(s), slices.Contains(all, T(s)) }
}

func amountParameter(s string) *Amount {
	a, ok := AmountOf(strings.ReplaceAll(s, ",", "."))
	if !ok {
		return nil
	}
	return &a
}

// ClosedPeriods are the days to choose from for Closed.
func ClosedPeriods() []int { return []int{7, 30, 90} }

func closedParameter(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || !slices.Contains(ClosedPeriods(), n) {
		return 0
	}
	return n
}

func lanesParameter(s string) Lanes {
	if !slices.Contains(AllLanes(), Lanes(s)) {
		return ""
	}
	return Lanes(s)
}

func dayParameter(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}
