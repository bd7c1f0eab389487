package report

import (
	"context"

	"github.com/chatlane/chatlane/kanban"
)

// Figure names a number of a report; the cards behind it are found by it. Stage, Agent, Month and Reason say which of several.
type Figure struct {
	Name   string
	Stage  kanban.StageID
	Agent  *kanban.AgentID
	Month  *string
	Reason *string
}

// The names of figures.
const (
	FigCame    = "came"    // leads that came in
	FigReached = "reached" // of those, as far as a stage or further
	FigOpenAt  = "open-at" // of those, still open at a step
	FigLostAt  = "lost-at" // of those, lost at a step
	FigGoneAt  = "gone-at" // of those, gone at a step
	FigCohort  = "cohort"  // of those, won
	FigFailed  = "failed"  // of those, lost
	FigWon     = "won"     // won in the period, whenever they came
	FigLost    = "lost"    // lost in the period
	FigDecided = "decided" // won or lost in the period
	FigUndated = "undated" // won or lost before Chatlane was connected
	FigOpen    = "open"    // open now
	FigStage   = "stage"   // stayed in a stage
	FigStaying = "staying" // of those, still there at the end
	FigUnknown = "unknown" // stayed in a stage, it is not known since when
	FigCycle   = "cycle"   // won in the period, and seen from their first stage on
	FigStalled = "stalled" // longer in a stage than it allows
)

// Select finds the leads behind a figure. ok is false for a figure that there is none of.
func Select(ctx context.Context, f Facts, q Question, p Period, fig Figure) (s Selection, ok bool, err error) {
	b := q.Board
	s = Selection{Agent: fig.Agent, Month: fig.Month, Reason: fig.Reason}
	switch fig.Name {
	case FigCame:
		s.Came = &p.Span
	case FigCohort:
		s.Came, s.Standings = &p.Span, Standings(b, Won)
	case FigFailed:
		s.Came, s.Standings = &p.Span, Standings(b, Lost)
	case FigWon:
		s.Entered, s.Standings = &p.Span, Standings(b, Won)
	case FigLost:
		s.Entered, s.Standings = &p.Span, Standings(b, Lost)
	case FigDecided:
		s.Entered, s.Standings = &p.Span, Standings(b, Won, Lost)
	case FigUndated:
		s.Undated, s.Standings = true, Standings(b, Won, Lost)
	case FigOpen:
		s.Standings = Standings(b, Open)
	case FigStage:
		s.Stayed, s.Stage = &p.Span, fig.Stage
	case FigStaying:
		s.Stayed, s.Stage, s.Staying = &p.Span, fig.Stage, true
	case FigUnknown:
		s.Stayed, s.Stage, s.UnknownStart = &p.Span, fig.Stage, true
	case FigCycle:
		s.Entered, s.Standings, s.Timed = &p.Span, Standings(b, Won), true
	case FigStalled:
		s.Stalled = Stalled(b, q.Now).Stalled
	case FigReached, FigOpenAt, FigLostAt, FigGoneAt:
		s.Came = &p.Span
		return s, true, s.ways(ctx, f, q, fig)
	default:
		return Selection{}, false, nil
	}
	return s, true, nil
}

// ways narrows a selection to the ways through the funnel that a figure is about.
func (s *Selection) ways(ctx context.Context, f Facts, q Question, fig Figure) error {
	groups, err := f.Groups(ctx, q, *s.Came)
	if err != nil {
		return err
	}
	ends := map[string]Outcome{FigOpenAt: Open, FigLostAt: Lost, FigGoneAt: Gone}
	s.Visited = [][]kanban.StageID{}
	if o, narrow := ends[fig.Name]; narrow {
		s.Standings = Standings(q.Board, o)
	}
	for _, g := range groups {
		if g.behind(q.Board, fig, ends) {
			s.Visited = append(s.Visited, g.Visited)
		}
	}
	return nil
}

func (g Group) behind(b kanban.Board, fig Figure, ends map[string]Outcome) bool {
	if fig.Name == FigReached {
		return g.Reached(b, fig.Stage)
	}
	return g.Ended(b, fig.Stage, ends[fig.Name])
}
