package report

import (
	"cmp"
	"slices"

	"github.com/chatlane/chatlane/kanban"
)

// Sum is a number of cards and the money of those that have a value. It is of one board, so of one currency.
type Sum struct {
	Count, Valued int
	Value         kanban.Amount
}

func (s Sum) plus(o Sum) Sum {
	return Sum{s.Count + o.Count, s.Valued + o.Valued, min(s.Value+o.Value, maxSum)}
}

// maxSum bounds sums of values, which are foreign: two of them still fit.
const maxSum = 1 << 61

// Entered is how many leads got to where they are within a step of a period. Agent is who has them now.
type Entered struct {
	Step int
	Standing
	Agent kanban.AgentID
	Sum
}

// Came is how many leads came in within a step of a period.
type Came struct {
	Step  int
	Agent kanban.AgentID
	Count int
}

// Held is how many leads stand somewhere now, by the month of their expected close.
type Held struct {
	Standing
	Agent kanban.AgentID
	Month string
	Sum
}

// Results is what came and what ended in a period.
type Results struct {
	Came      int
	Won, Lost Sum
}

// WinRate is the share of what was won in all that was decided, in thousandths.
func (r Results) WinRate() (permille int, ok bool) {
	return Share(r.Won.Count, r.Won.Count+r.Lost.Count)
}

func (r *Results) came(c Came) { r.Came += c.Count }

func (r *Results) ended(b kanban.Board, e Entered) {
	switch OutcomeOf(b, e.Stage, e.Place) {
	case Won:
		r.Won = r.Won.plus(e.Sum)
	case Lost:
		r.Lost = r.Lost.plus(e.Sum)
	case Open, Gone:
	}
}

// ResultsOf adds up a period.
func ResultsOf(b kanban.Board, came []Came, entered []Entered) Results {
	var r Results
	for _, c := range came {
		r.came(c)
	}
	for _, e := range entered {
		r.ended(b, e)
	}
	return r
}

// TrendOf adds up each of some steps.
func TrendOf(b kanban.Board, steps int, came []Came, entered []Entered) []Results {
	all := make([]Results, steps)
	for _, c := range came {
		all[c.Step].came(c)
	}
	for _, e := range entered {
		all[e.Step].ended(b, e)
	}
	return all
}

// AgentResults is what the cards of an agent did in a period, and what of them is open now. Agent 0 is nobody.
type AgentResults struct {
	Agent kanban.AgentID
	Results
	Open Sum
}

// AgentsOf adds up by who has the cards, the most valuable wins first.
func AgentsOf(b kanban.Board, came []Came, entered []Entered, held []Held) []AgentResults {
	by := map[kanban.AgentID]*AgentResults{}
	of := func(id kanban.AgentID) *AgentResults {
		if by[id] == nil {
			by[id] = &AgentResults{Agent: id}
		}
		return by[id]
	}
	for _, c := range came {
		of(c.Agent).came(c)
	}
	for _, e := range entered {
		of(e.Agent).ended(b, e)
	}
	for _, h := range held {
		if OutcomeOf(b, h.Stage, h.Place) == Open {
			a := of(h.Agent)
			a.Open = a.Open.plus(h.Sum)
		}
	}
	all := make([]AgentResults, 0, len(by))
	for _, a := range by {
		if a.Came+a.Won.Count+a.Lost.Count+a.Open.Count > 0 {
			all = append(all, *a)
		}
	}
	slices.SortFunc(all, func(x, y AgentResults) int {
		return cmp.Or(cmp.Compare(y.Won.Value, x.Won.Value), cmp.Compare(y.Won.Count, x.Won.Count), cmp.Compare(y.Open.Count, x.Open.Count), cmp.Compare(x.Agent, y.Agent))
	})
	return all
}
