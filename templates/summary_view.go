package templates

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// FigureView is one figure of what a board's cards come to.
type FigureView struct {
	Kind, Name, Title string
	Value             string
	// Path is the cards behind it; empty when there are none.
	Path string
}

// summary are the figures of what a filter leaves. Until they are counted they have no values.
func (v FilterView) summary(of FilterOf) []FigureView {
	var s report.Summary
	b, loc := of.Frame.Current, v.Loc
	values := []string{"–", "–", "–", "–"}
	if of.Counts != nil {
		s = report.SummaryOf(b, of.Filter, *of.Counts, time.Now())
		values = []string{loc.Money(rounded(s.Open.Value), b.Currency), loc.Money(rounded(s.Weighted), b.Currency), loc.Number(s.Attention), "–"}
		if s.Aged > 0 {
			values[3] = loc.Age(s.Age)
		}
	}
	paths := v.behind(of, s)
	figures := make([]FigureView, len(values))
	for i, kind := range []string{"open", "weighted", "attention", "age"} {
		figures[i] = FigureView{Kind: kind, Name: loc.T("summary." + kind), Title: loc.T("summary." + kind + "_help"), Value: values[i], Path: paths[i]}
	}
	return figures
}

// behind are the addresses of the cards behind the figures: those of open stages in rows where there are rows, those that need attention
// where one is.
func (v FilterView) behind(of FilterOf, s report.Summary) [4]string {
	rows := v
	if v.ListPath != "" {
		rows.Path = ListPath(of.Frame.Current.ID)
	}
	sorted := func(by kanban.Sort) string {
		f := of.Filter
		f.Stages, f.Sort = s.Stages, by
		if len(f.Stages) == 0 {
			return ""
		}
		return rows.at(f)
	}
	attention := of.Filter
	if !attention.Has(kanban.NeedAttention) {
		attention = attention.Toggled(kanban.NeedAttention)
	}
	return [4]string{sorted(kanban.SortValue), sorted(kanban.SortValue), v.at(attention), sorted(kanban.SortStage)}
}
