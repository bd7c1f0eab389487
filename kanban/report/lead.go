package report

import (
	"slices"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// Place is where a lead is by now, beside its last stage.
type Place int

// The places of a lead.
const (
	InStage  Place = iota // in its last stage
	InIntake              // on the board without a stage
	OffBoard              // no longer shown by the board
)

// Journey is what a card's transitions tell about its way through a board.
type Journey struct {
	// Came is when it entered its first stage; when the conversation began, if Earlier says that the entry was before our time.
	Came    time.Time
	Earlier bool
	// Visited are the stages it has been in, ascending by id.
	Visited []kanban.StageID
	// Stage is the last of them, Entered since when. Known is false when that was before our time.
	Stage   kanban.StageID
	Entered time.Time
	Known   bool
	// Told says that a part of the way was read out of what Chatwoot had written into the conversation before our time.
	Told bool
}

// JourneyOf reads the journey out of a card's transitions, the oldest first. ok is false for what was never in a stage: that is no lead.
func JourneyOf(transitions []kanban.Transition, began time.Time) (j Journey, ok bool) {
	for _, t := range transitions {
		if t.To == kanban.NoStage || ok && t.To == j.Stage && beforeOurTime(t) {
			continue // what a change of the board's rules took away and brought back was there all the time
		}
		if !ok {
			ok, j.Came, j.Earlier = true, t.At, beforeOurTime(t)
			if j.Earlier && !began.IsZero() && began.Before(t.At) {
				j.Came = began
			}
		}
		if !slices.Contains(j.Visited, t.To) {
			j.Visited = append(j.Visited, t.To)
		}
		j.Told = j.Told || t.Source == kanban.FromActivity
		j.Stage, j.Entered, j.Known = t.To, t.At, !beforeOurTime(t)
	}
	slices.Sort(j.Visited)
	return j, ok
}

// beforeOurTime reports whether a transition only says what was found when Chatlane was connected or the board was set up.
func beforeOurTime(t kanban.Transition) bool { return !t.AtKnown && t.Source == kanban.FromImport }

// Outcome is what became of a lead.
type Outcome int

// The outcomes. A lead that left the board out of an open stage is gone: neither won nor lost.
const (
	Open Outcome = iota
	Won
	Lost
	Gone
)

// OutcomeOf is what became of a lead by its last stage and by where it is now. What was won stays won when the conversation leaves the
// board or the stage is taken off it; a card taken back to the intake is open again.
func OutcomeOf(b kanban.Board, last kanban.StageID, at Place) Outcome {
	_, there := b.Stage(last)
	kind := stageOf(b, last).Kind
	switch {
	case at == InIntake && there:
		return Open
	case kind == kanban.StageWon:
		return Won
	case kind == kanban.StageLost:
		return Lost
	case at == OffBoard:
		return Gone
	}
	return Open
}

// stageOf is a stage that the board has or had.
func stageOf(b kanban.Board, id kanban.StageID) kanban.Stage {
	for _, s := range slices.Concat(b.Stages, b.Removed) {
		if s.ID == id {
			return s
		}
	}
	return kanban.Stage{}
}

// Standing is a last stage and a place: all that an outcome depends on.
type Standing struct {
	Stage kanban.StageID
	Place Place
}

// Standings are those that mean one of some outcomes on a board.
func Standings(b kanban.Board, wanted ...Outcome) []Standing {
	all := []Standing{} // never nil: that would narrow nothing
	for _, s := range slices.Concat(b.Stages, b.Removed) {
		for _, p := range []Place{InStage, InIntake, OffBoard} {
			if slices.Contains(wanted, OutcomeOf(b, s.ID, p)) {
				all = append(all, Standing{s.ID, p})
			}
		}
	}
	return all
}

// steps are the open stages of a board in their order: the rungs of the funnel before it is won.
func steps(b kanban.Board) []kanban.Stage {
	return slices.DeleteFunc(slices.Clone(b.Stages), func(s kanban.Stage) bool { return s.Kind != kanban.StageOpen })
}
