package templates

import (
	"net/url"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// FilterHeader is the header in which a page says its filter when something is written on it: as kanban.Filter.Query writes it.
const FilterHeader = "Chatlane-Filter"

// FilterView is what stands above a board's columns: the search, the pills, and what else the board is filtered by.
type FilterView struct {
	Loc Locale
	// Path is the page's address without a filter, PillsPath and FormPath those of the parts that are fetched.
	Path, PillsPath, FormPath string
	// Query is the filter as addresses have it; empty for the whole board.
	Query string
	Text  string
	// Kept are the parameters besides the search, which a search keeps.
	Kept  []ParameterView
	Pills []PillView
	// Further says how much is filtered besides by text and pills; empty for nothing.
	Further string
	// ClearPath shows the whole board; empty when it is.
	ClearPath string
	// Sorts are the orders to choose from.
	Sorts []ChoiceView
	// SortKept are the parameters besides the order.
	SortKept []ParameterView
	// PeriodKept are those besides the period of closed stages.
	PeriodKept []ParameterView
	// ListPath shows the same cards in rows; empty where they are.
	ListPath string
	// ReportsPath shows the board's figures; empty in the frame, which leads to nothing else.
	ReportsPath string
	// Found says how many cards there are under the filter; empty when that is not known yet, or nothing is filtered.
	Found string
	// Summary is what the cards come to.
	Summary []FigureView
	// Views are what people kept of the board.
	Views  ViewsView
	order  kanban.Sort
	filter kanban.Filter
	// view is the view that addresses name; empty for none.
	view string
	// counted says that the pills have their counts.
	counted bool
}

// ParameterView is a parameter of an address.
type ParameterView struct{ Name, Value string }

// PillView is a need to choose cards by.
type PillView struct {
	Need, Name, Title, Path string
	// Count is how many cards there would be; empty when that is not known yet.
	Count string
	On    bool
}

// FilterOf is what stands above a board is drawn from.
type FilterOf struct {
	Frame  Frame
	Filter kanban.Filter
	// Path is the page's address; empty for the board's own.
	Path string
	// Counts are nil where the page asks for them by itself.
	Counts *kanban.Counts
	Views  Views
}

// NewFilter draws what stands above a board.
func NewFilter(loc Locale, of FilterOf) FilterView {
	b, f := of.Frame.Current.ID, of.Filter
	v := FilterView{filter: f, Loc: loc, Path: of.Path, Query: f.Query(), Text: f.Text, counted: of.Counts != nil, view: of.Views.parameter()}
	if v.Path == "" {
		v.Path, v.ListPath = BoardPath(b), ""
		if of.Frame.Framed {
			v.Path = EmbedBoardPath(b)
		} else {
			v.ListPath, v.ReportsPath = FilterView{Path: ListPath(b), view: v.view}.at(f), ReportsPath(b)
		}
	}
	v.PillsPath, v.FormPath = v.fetched(PillsPath(b), of), v.fetched(FilterFormPath(b), of)
	v.pills(f, of.Counts)
	if n := f.Further(); n > 0 {
		v.Further = loc.Number(n)
	}
	if !f.All() {
		v.ClearPath = v.at(kanban.Filter{Sort: f.Sort})
		if of.Counts != nil {
			v.Found = loc.N("filter.found", of.Counts.All)
		}
	}
	v.Kept, v.SortKept, v.PeriodKept = v.kept(f, "q"), v.kept(f, "sort"), v.kept(f, "closed")
	v.sorts(of.Frame.Current, f)
	v.Summary = v.summary(of)
	v.Views = newViews(v, of)
	return v
}

func (v *FilterView) pills(f kanban.Filter, counts *kanban.Counts) {
	for _, n := range kanban.Needs() {
		p := PillView{Need: string(n), Name: v.Loc.T("need." + string(n)), Title: v.Loc.T("need." + string(n) + "_help"), On: f.Has(n), Path: v.at(f.Toggled(n))}
		if counts != nil {
			p.Count = v.Loc.Number(counts.Needs[n])
		}
		v.Pills = append(v.Pills, p)
	}
}

// at is the page under a filter. It says which view it goes back to; the whole board is none, and says so where a board would begin with
// another one.
func (v FilterView) at(f kanban.Filter) string {
	query := f.Query()
	switch {
	case v.view == "":
		return withParameter(v.Path, query)
	case query == "":
		return v.Path + "?view=0"
	}
	return v.Path + "?view=" + v.view + "&" + query
}

// fetched is the address of a part of the page that is fetched.
func (v FilterView) fetched(path string, of FilterOf) string {
	path = withParameter(path, of.Filter.Query())
	if v.view != "" {
		path = withParameter(path, "view="+v.view)
	}
	if of.Frame.Framed {
		path = withParameter(path, "framed=1")
	}
	return path
}

func (v *FilterView) sorts(b kanban.Board, f kanban.Filter) {
	order := f.Order(b)
	v.order = order
	for _, s := range kanban.Sorts() {
		v.Sorts = append(v.Sorts, ChoiceView{Name: "sort", Value: string(s), Text: v.Loc.T("sort." + string(s)), Chosen: s == order})
	}
}

// under is an address with a filter.
func under(path string, f kanban.Filter) string { return withParameter(path, f.Query()) }

func withParameter(path, parameter string) string {
	switch {
	case parameter == "":
		return path
	case strings.Contains(path, "?"):
		return path + "&" + parameter
	}
	return path + "?" + parameter
}

// kept are a page's parameters but one of its filter's.
func (v FilterView) kept(f kanban.Filter, but string) []ParameterView {
	values := f.Values()
	values.Del(but)
	if v.view != "" {
		values.Set("view", v.view)
	}
	return parameters(values)
}

func parameters(values url.Values) []ParameterView {
	var all []ParameterView
	for pair := range strings.SplitSeq(values.Encode(), "&") {
		name, value, ok := strings.Cut(pair, "=")
		if text, err := url.QueryUnescape(value); ok && err == nil {
			all = append(all, ParameterView{name, text})
		}
	}
	return all
}

// FilterFormView is the form of everything that cards may be chosen by.
type FilterFormView struct {
	FilterView
	Parts              []FilterPartView
	ValueMin, ValueMax string
	Since, Until       string
	Periods, Lanes     []ChoiceView
}

// FilterPartView is one part of the form with its choices.
type FilterPartView struct {
	Name    string
	Choices []ChoiceView
	// Chosen says how many of them are; empty for none.
	Chosen string
}

// NewFilterForm draws the form in the words of an account.
func NewFilterForm(f FilterView, of kanban.Filter, cat *kanban.Catalog) FilterFormView {
	values := of.Values()
	v := FilterFormView{
		FilterView: f, ValueMin: values.Get("value_min"), ValueMax: values.Get("value_max"), Since: of.Since, Until: of.Until, Periods: closedChoices(f.Loc, of.Closed), Lanes: laneChoices(f.Loc, of.Lanes),
	}
	part := func(name string, choices []ChoiceView) {
		p := FilterPartView{Name: f.Loc.T("filter." + name)}
		n := 0
		for _, c := range choices {
			c.Name = name
			for _, chosen := range values[name] {
				c.Chosen = c.Chosen || chosen == c.Value
			}
			if c.Chosen {
				n++
			}
			p.Choices = append(p.Choices, c)
		}
		if n > 0 {
			p.Chosen = f.Loc.Number(n)
		}
		if len(choices) > 0 {
			v.Parts = append(v.Parts, p)
		}
	}
	part("agent", agentChoices(f.Loc, cat))
	part("team", teamChoices(f.Loc, cat))
	part("inbox", inboxChoices(cat))
	part("label", labelChoices(cat))
	part("priority", priorityChoices(f.Loc))
	part("status", statusChoices(f.Loc))
	return v
}

func agentChoices(loc Locale, cat *kanban.Catalog) []ChoiceView {
	choices := []ChoiceView{{Value: "0", Text: loc.T("filter.nobody")}}
	for _, a := range cat.Agents {
		if a.Gone {
			continue
		}
		choices = append(choices, ChoiceView{Value: itoa(a.ID), Text: oneLine(a.Name, nameLimit)})
	}
	return choices
}

func teamChoices(loc Locale, cat *kanban.Catalog) []ChoiceView {
	if len(cat.Teams) == 0 {
		return nil
	}
	choices := []ChoiceView{{Value: "0", Text: loc.T("filter.no_team")}}
	for _, t := range cat.Teams {
		if t.Gone {
			continue
		}
		choices = append(choices, ChoiceView{Value: itoa(t.ID), Text: oneLine(t.Name, nameLimit)})
	}
	return choices
}

func inboxChoices(cat *kanban.Catalog) []ChoiceView {
	var choices []ChoiceView
	for _, i := range cat.Inboxes {
		if i.Gone {
			continue
		}
		choices = append(choices, ChoiceView{Value: itoa(i.ID), Text: oneLine(i.Name, nameLimit)})
	}
	return choices
}

func labelChoices(cat *kanban.Catalog) []ChoiceView {
	var choices []ChoiceView
	for _, l := range cat.Labels {
		if l.Gone {
			continue
		}
		choices = append(choices, ChoiceView{Value: l.Title, Text: oneLine(l.Title, nameLimit)})
	}
	return choices
}

func priorityChoices(loc Locale) []ChoiceView {
	var choices []ChoiceView
	for _, p := range kanban.Priorities() {
		if p == kanban.PriorityNone {
			p = "none"
		}
		choices = append(choices, ChoiceView{Value: string(p), Text: loc.T("filter.priority_" + string(p))})
	}
	return choices
}

func statusChoices(loc Locale) []ChoiceView {
	var choices []ChoiceView
	for _, s := range kanban.Statuses() {
		choices = append(choices, ChoiceView{Value: string(s), Text: loc.T("status." + string(s))})
	}
	return choices
}

// clearPath is where nothing is filtered.
func (v FilterView) clearPath() string {
	if v.ClearPath != "" {
		return v.ClearPath
	}
	return v.Path
}

// pillsTrigger has the counts follow what happens, and come at all where the page came without them.
func (v FilterView) pillsTrigger() string {
	trigger := "totals-changed from:#" + TotalsID
	if v.counted {
		return trigger
	}
	return "load, " + trigger
}

// scripted reports whether the page needs the scripts of filters from the start: moves may hide cards, and hands put them in order.
func (v FilterView) scripted() bool { return v.Query != "" || v.order == kanban.SortHand }
