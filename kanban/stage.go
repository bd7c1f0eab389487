package kanban

import "time"

// StageKind says what being in a stage means for the funnel.
type StageKind string

// The kinds of stages.
const (
	StageOpen StageKind = "open"
	StageWon  StageKind = "won"
	StageLost StageKind = "lost"
)

// Stage is a column of a board: one label, referred to by id.
type Stage struct {
	ID    StageID
	Board BoardID
	// Position orders stages from the left, from 0.
	Position int
	Label    LabelID
	// Title is the label's title as last seen in Chatwoot; it is what a conversation carries.
	Title string
	// Former are titles the label had before; a conversation carrying one is still in this stage.
	Former []string
	// Name is what people read; it starts as the title and need not follow it.
	Name string
	Kind StageKind
	// Color is the label's, unless somebody chose another for the stage: then OwnColor is set.
	Color    string
	OwnColor bool
	// LabelGone says that Chatwoot no longer has the label: no conversation can be in the stage until it is mapped anew.
	LabelGone bool
	// WIP is the limit of cards; 0 for none.
	WIP int
	// RottingDays is after how many days in the stage a card counts as stale; 0 for never.
	RottingDays int
	// Probability of winning in percent.
	Probability int
	// Hidden leaves the stage's column out. Its cards are still in the stage.
	Hidden bool
	// Leaving is set while the stage is emptied, at the end of which it goes. No card is moved into it meanwhile.
	Leaving *Leaving
}

// Leaving says where the cards of a stage go that is to be removed.
type Leaving struct {
	// To is another stage of the board, or NoStage.
	To StageID `json:"to"`
	// By is in whose name the cards are moved.
	By Actor `json:"by"`
	// Begun is when that was wished last, Cards how many there were.
	Begun time.Time `json:"begun"`
	Cards int       `json:"cards"`
	// DeleteLabel has the label deleted in Chatwoot, too, unless another board has it.
	DeleteLabel bool `json:"delete_label,omitempty"`
}
