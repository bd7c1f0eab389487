package report

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// Filter narrows a report. It looks at conversations as they are now; what is zero does not narrow.
type Filter struct {
	Agent kanban.AgentID
	// Unassigned asks for what nobody has.
	Unassigned bool
	Team       kanban.TeamID
	Inbox      kanban.InboxID
	// Label is a title.
	Label string
}

// Question is what a report is asked: whose cards, of which board, narrowed how. Every answer is limited to what the viewer may see.
type Question struct {
	Board  kanban.Board
	Viewer kanban.Viewer
	Filter Filter
	Now    time.Time
}

// Selection says which leads are behind a figure. What is nil or zero does not narrow.
type Selection struct {
	// Came, Entered and Stayed ask for leads that came in, got to where they are, or had a stay in Stage within a span.
	Came, Entered, Stayed *Span
	Standings             []Standing
	// Staying asks for stays that went on at the end of Stayed, UnknownStart for those of which it is not known when they began.
	Staying, UnknownStart bool
	// Undated asks for leads of which it is not known since when they are where they are.
	Undated bool
	// Timed leaves out leads that were there before our time.
	Timed   bool
	Visited [][]kanban.StageID
	Stage   kanban.StageID
	Agent   *kanban.AgentID
	Month   *string
	Reason  *string
	// Stalled are moments by stage: leads that are in a stage since before its moment, and still there.
	Stalled map[kanban.StageID]time.Time
}

// Card is a conversation behind a figure.
type Card struct {
	Conversation kanban.Conversation
	Standing
	Came    time.Time
	Entered time.Time
	Known   bool
	Sum
}

// stalledAfter is after how many days a card counts as stalled where its stage says nothing.
const stalledAfter = 14

// StalledDays is after how many days in a stage a card counts as stalled.
func StalledDays(s kanban.Stage) int {
	if s.RottingDays > 0 {
		return s.RottingDays
	}
	return stalledAfter
}

// Stalled selects the cards that are in an open stage for longer than it allows.
func Stalled(b kanban.Board, now time.Time) Selection {
	sel := Selection{Stalled: map[kanban.StageID]time.Time{}}
	for _, s := range steps(b) {
		sel.Stalled[s.ID] = now.AddDate(0, 0, -StalledDays(s))
	}
	return sel
}
