package report

import (
	"cmp"
	"slices"

	"github.com/chatlane/chatlane/kanban"
)

// Group is how many leads of a cohort have the same way behind them.
type Group struct {
	Visited []kanban.StageID
	Standing
	// Reason is why they were lost, if they were.
	Reason string
	// Earlier is how many of them were in a stage before our time, so that the beginning of their way is unknown.
	// Told is how many of them have a way that was read out of messages.
	Count, Earlier, Told int
}

// Funnel is what became of the leads that came in a period.
type Funnel struct {
	// Came is all of them; Earlier those of which only the present stage is known, besides what they did since; Told those whose way
	// before our time was read out of messages.
	Came, Earlier, Told int
	Steps               []Step
	Won, Lost           int
	Open, Gone          int
	// Stepless are those that were in none of the steps, such as leads that were lost at once.
	Stepless Step
	// Reasons are why leads were lost, the most frequent first.
	Reasons []Reason
}

// Step is a stage of the funnel. Leads that skipped it on their way to a later one count as having reached it, and each lead is counted
// once however often it came back: so no step has more than the one before.
type Step struct {
	Stage kanban.Stage
	// Reached is how many came this far or further, or were won.
	Reached int
	// Of those that came no further: lost, still open, gone without a result.
	Lost, Open, Gone int
	Reasons          []Reason
}

// Reason is why leads were lost; an empty Text is those without one.
type Reason struct {
	Text  string
	Count int
}

// Share is a count's share of a whole in thousandths; ok is false of nothing.
func Share(part, whole int) (permille int, ok bool) {
	if whole == 0 {
		return 0, false
	}
	return (part*1000 + whole/2) / whole, true
}

// FunnelOf works out the funnel of a cohort.
func FunnelOf(b kanban.Board, groups []Group) Funnel {
	var f Funnel
	for _, s := range steps(b) {
		f.Steps = append(f.Steps, Step{Stage: s})
	}
	reasons := map[string]int{}
	byStep := make([]map[string]int, len(f.Steps)+1)
	for _, g := range groups {
		f.add(b, g)
		if OutcomeOf(b, g.Stage, g.Place) != Lost {
			continue
		}
		reasons[g.Reason] += g.Count
		at := furthest(b, g) + 1
		if byStep[at] == nil {
			byStep[at] = map[string]int{}
		}
		byStep[at][g.Reason] += g.Count
	}
	f.Stepless.Reasons = ranked(byStep[0])
	for i := range f.Steps {
		f.Steps[i].Reasons = ranked(byStep[i+1])
	}
	f.Reasons = ranked(reasons)
	return f
}

func (f *Funnel) add(b kanban.Board, g Group) {
	f.Came, f.Earlier, f.Told = f.Came+g.Count, f.Earlier+g.Earlier, f.Told+g.Told
	at := furthest(b, g)
	for i := range at + 1 {
		f.Steps[i].Reached += g.Count
	}
	outcome := OutcomeOf(b, g.Stage, g.Place)
	total := map[Outcome]*int{Won: &f.Won, Lost: &f.Lost, Open: &f.Open, Gone: &f.Gone}[outcome]
	*total += g.Count
	if outcome == Won {
		return
	}
	s := &f.Stepless
	if at >= 0 {
		s = &f.Steps[at]
	}
	here := map[Outcome]*int{Lost: &s.Lost, Open: &s.Open, Gone: &s.Gone}[outcome]
	*here += g.Count
}

// furthest is the last step that a way reached, -1 for none. What was ever won has reached all of them. Stages that the board no longer
// has are no steps: what was only in them has come in and no further.
func furthest(b kanban.Board, g Group) int {
	all := steps(b)
	if slices.ContainsFunc(g.Visited, func(id kanban.StageID) bool { return stageOf(b, id).Kind == kanban.StageWon }) {
		return len(all) - 1
	}
	at := -1
	for i, s := range all {
		if slices.Contains(g.Visited, s.ID) {
			at = i
		}
	}
	return at
}

// Reached reports whether a way came as far as a stage, Ended whether it came no further and what became of it there.
func (g Group) Reached(b kanban.Board, stage kanban.StageID) bool {
	at := furthest(b, g)
	return at >= 0 && slices.ContainsFunc(steps(b)[:at+1], func(s kanban.Stage) bool { return s.ID == stage })
}

// Ended reports whether a way that led to an outcome came as far as a stage and no further; NoStage asks for what was in none of the steps.
func (g Group) Ended(b kanban.Board, stage kanban.StageID, o Outcome) bool {
	at := furthest(b, g)
	last := kanban.NoStage
	if at >= 0 {
		last = steps(b)[at].ID
	}
	return last == stage && OutcomeOf(b, g.Stage, g.Place) == o
}

func ranked(counts map[string]int) []Reason {
	all := make([]Reason, 0, len(counts))
	for text, n := range counts {
		all = append(all, Reason{text, n})
	}
	slices.SortFunc(all, func(a, b Reason) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text)) })
	return all
}
