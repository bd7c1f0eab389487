package kanban

import (
	"slices"
	"strings"
	"time"
)

// Board is a funnel of one account: its ordered stages, its scope and its rules.
// A Board is never changed once it is published; a change makes a new one with a higher Version.
type Board struct {
	ID      BoardID
	Account AccountID
	Name    string
	// Currency is an ISO 4217 code, such as "BRL".
	Currency string
	Stages   []Stage
	// Removed are stages that the board no longer has, for their names: history tells of them.
	Removed []Stage
	Scope   Scope
	// HideNoStage leaves the intake column out.
	HideNoStage bool
	// Winner says where a conversation with two stage labels is shown.
	Winner Winner
	// Sort is the order of cards in a column; empty for SortActivity.
	Sort Sort
	// Compact shows cards in two lines.
	Compact bool
	// LostReasons are the reasons to choose from when a card is lost, in their order. Chatwoot keeps the one that was chosen.
	LostReasons []string
	// ReasonRequired refuses a move to a lost stage without a reason.
	ReasonRequired bool
	// CarryStage has a new conversation enter the stage that its contact's earlier one is in, while that is an open one.
	CarryStage bool
	// Audience is who may open the board.
	Audience Audience
	// HiddenFields are the parts of a card that this board leaves out.
	HiddenFields []CardField
	// Position orders the account's boards, from 0.
	Position int
	// ArchivedAt is when the board was put away; zero while it is in use. Its history goes on.
	ArchivedAt time.Time
	// Version moves with each change to the board's settings.
	Version int64
}

// Scope is which conversations a board is about; an empty list means all.
type Scope struct {
	Inboxes  []InboxID `json:"inboxes,omitempty"`
	Teams    []TeamID  `json:"teams,omitempty"`
	Statuses []Status  `json:"statuses,omitempty"`
}

// Winner is the rule for a conversation with two stage labels of one board.
type Winner string

// The rules for two stage labels. Both look at the order of stages on the board.
const (
	FurthestStage Winner = "furthest"
	EarliestStage Winner = "earliest"
)

// Holds reports whether a conversation is within the scope.
func (s Scope) Holds(c Conversation) bool {
	return holds(s.Inboxes, c.InboxID) && holds(s.Teams, c.TeamID) && holds(s.Statuses, c.Status)
}

func holds[T comparable](allowed []T, v T) bool {
	return len(allowed) == 0 || slices.Contains(allowed, v)
}

// Stage finds a stage of the board. NoStage is none of them.
func (b Board) Stage(id StageID) (Stage, bool) {
	for _, s := range b.Stages {
		if s.ID == id {
			return s, true
		}
	}
	return Stage{}, false
}

// Columns are the stages that the board shows, in its order.
func (b Board) Columns() []Stage {
	return slices.DeleteFunc(slices.Clone(b.Stages), func(s Stage) bool { return s.Hidden })
}

// StagesIn are the stages whose label is among titles, in the board's order. A former title counts while no label bears it anew.
func (b Board) StagesIn(titles []string) []Stage {
	var in []Stage
	for _, s := range b.Stages {
		if !s.LabelGone && s.carriedBy(titles, b) {
			in = append(in, s)
		}
	}
	return in
}

func (s Stage) carriedBy(titles []string, b Board) bool {
	for _, t := range titles {
		if strings.EqualFold(t, s.Title) {
			return true
		}
		for _, f := range s.Former {
			if strings.EqualFold(t, f) && !b.bears(t) {
				return true
			}
		}
	}
	return false
}

// bears reports whether a label of the board has this title now.
func (b Board) bears(title string) bool {
	for _, s := range b.Stages {
		if !s.LabelGone && strings.EqualFold(s.Title, title) {
			return true
		}
	}
	return false
}

// Place says where a board shows a conversation. ok is false when the board does not show it at all.
func (b Board) Place(c Conversation) (p Place, ok bool) {
	if !b.Scope.Holds(c) {
		return Place{}, false
	}
	in := b.StagesIn(c.Labels)
	if len(in) == 0 {
		// A finished conversation that never entered the funnel is no intake: years of them would bury the new ones.
		return Place{Stage: NoStage}, c.Status != StatusResolved
	}
	p = Place{Stage: in[len(in)-1].ID, Conflict: len(in) > 1}
	if b.Winner == EarliestStage {
		p.Stage = in[0].ID
	}
	return p, true
}

// Place is where a board shows a conversation, by the labels it carries.
type Place struct {
	Stage StageID
	// Conflict says that the conversation carries more than one stage label of the board.
	Conflict bool
}

// Admits says whether a conversation may be moved to a stage of this board.
func (b Board) Admits(c Conversation, to StageID) error {
	if _, ok := b.Place(c); !ok {
		return ErrNotFound
	}
	if to == NoStage {
		return nil
	}
	s, ok := b.Stage(to)
	switch {
	case !ok:
		return Invalid("move.stage_unknown")
	case s.Leaving != nil:
		return Invalid("move.stage_leaving", "stage", s.Name)
	}
	return nil
}

// LabelsAfter are the titles a conversation carries after a move to a stage: what it has, less this board's stage labels, plus the
// target's. Every label that is no stage of this board stays, in its spelling and order. The result is never nil: Chatwoot takes
// anything but a list as an order to clear (CONTRACT 6.2).
func (b Board) LabelsAfter(current []string, to StageID) []string {
	after := make([]string, 0, len(current)+1)
	target, moving := b.Stage(to)
	kept := false
	for _, title := range current {
		if moving && strings.EqualFold(title, target.Title) {
			if !kept {
				after, kept = append(after, target.Title), true
			}
			continue
		}
		if len(b.StagesIn([]string{title})) == 0 {
			after = append(after, title)
		}
	}
	if moving && !kept {
		after = append(after, target.Title)
	}
	return after
}
