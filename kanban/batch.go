package kanban

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// BatchID is our number of a batch.
type BatchID int64

// Batch is one deed that somebody does with many cards of a board. The cards are gone through one after the other, as fast as leaves
// Chatwoot and other people's moves in peace.
type Batch struct {
	ID      BatchID
	Account AccountID
	Board   BoardID
	// Person is who began it; 0 for the operator, who acts as By.
	Person PersonID
	By     Actor
	Deed   Deed
	// Undoes is the batch that this one takes back; 0 for none.
	Undoes    BatchID
	CreatedAt time.Time
	// EndedAt is when no card of it waited any more; zero before.
	EndedAt time.Time
}

// Deed is what is done with each card: what a field is to be.
type Deed struct {
	Field DeedField
	Wish  DeedValue
}

// DeedField is what a deed changes.
type DeedField string

// The fields, with what their value says and what goes with it.
const (
	DeedStage       DeedField = "stage"        // the stage's number; why a deal is lost
	DeedAssignee    DeedField = "assignee"     // the agent's number, "0" for nobody
	DeedTeam        DeedField = "team"         // the team's number, "0" for none; who had the conversation, when that is taken back
	DeedPriority    DeedField = "priority"     // Chatwoot's word, empty for none
	DeedStatus      DeedField = "status"       // Chatwoot's word; of snoozed until when, in seconds since the epoch, or empty
	DeedAddLabel    DeedField = "add_label"    // the title
	DeedRemoveLabel DeedField = "remove_label" // the title
	DeedNextStep    DeedField = "next_step"    // what is to be done; on which day, "2026-12-01" or empty
)

// DeedValue is what a field says, and what goes with it.
type DeedValue struct{ Value, More string }

// stepLimit is how long a next step may be, in letters.
const stepLimit = 1500

// Check refuses a deed that cannot be done on a board, with an *InvalidError.
func (d Deed) Check(b Board, cat *Catalog, now time.Time) error {
	var known bool
	switch d.Field {
	case DeedStage:
		return d.checkStage(b)
	case DeedAssignee:
		known = d.names(func(n int64) bool {
			return slices.ContainsFunc(cat.Agents, func(a Agent) bool { return int64(a.ID) == n && !a.Gone })
		})
	case DeedTeam:
		known = d.names(func(n int64) bool {
			return slices.ContainsFunc(cat.Teams, func(t Team) bool { return int64(t.ID) == n && !t.Gone })
		})
	case DeedPriority:
		known = slices.Contains([]Priority{PriorityNone, PriorityLow, PriorityMedium, PriorityHigh, PriorityUrgent}, Priority(d.Wish.Value))
	case DeedStatus:
		return d.checkStatus(now)
	case DeedAddLabel, DeedRemoveLabel:
		return d.checkLabel(b, cat)
	case DeedNextStep:
		_, err := time.Parse(time.DateOnly, d.Wish.More)
		known = utf8.RuneCountInString(d.Wish.Value) <= stepLimit && (d.Wish.More == "" || err == nil)
	}
	if !known {
		return Invalid("error.invalid_text")
	}
	return nil
}

// names reports whether the value is a number that is known, or 0.
func (d Deed) names(known func(int64) bool) bool {
	n, err := strconv.ParseInt(d.Wish.Value, 10, 64)
	return err == nil && (n == 0 || known(n))
}

func (d Deed) checkStage(b Board) error {
	to, ok := b.Stage(d.Stage())
	if d.Wish.Value != "0" && (!ok || to.Leaving != nil) {
		return Invalid("move.stage_unknown")
	}
	return b.asksWhy(Move{To: d.Stage(), LostReason: d.Wish.More})
}

func (d Deed) checkStatus(now time.Time) error {
	if !slices.Contains(Statuses(), Status(d.Wish.Value)) {
		return Invalid("error.invalid_text")
	}
	if d.Wish.More == "" {
		return nil
	}
	if until := d.Until(); until.IsZero() || Status(d.Wish.Value) != StatusSnoozed {
		return Invalid("error.invalid_text")
	} else if !until.After(now) {
		return Invalid("field.past")
	}
	return nil
}

// checkLabel refuses labels that are stages of the board: those are changed by moving.
func (d Deed) checkLabel(b Board, cat *Catalog) error {
	if _, known := TitlesOf(cat.Labels).Label(d.Wish.Value); !known {
		return Invalid("field.label_unknown")
	}
	if len(b.StagesIn([]string{d.Wish.Value})) > 0 {
		return Invalid("batch.label_is_stage", "label", d.Wish.Value)
	}
	return nil
}

// Stage is where a deed moves cards to.
func (d Deed) Stage() StageID {
	n, err := strconv.ParseInt(d.Wish.Value, 10, 64)
	if err != nil {
		return -1 // which no board has
	}
	return StageID(n)
}

// Number is the agent or team that a deed names.
func (d Deed) Number() int64 {
	n, _ := strconv.ParseInt(d.Wish.Value, 10, 64) // checked before
	return n
}

// Until is when a snoozed conversation comes back; zero for when the customer writes.
func (d Deed) Until() time.Time {
	n, err := strconv.ParseInt(d.Wish.More, 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}
	}
	return time.Unix(n, 0)
}

// On is what the deed's field says of a card. Of labels it is the title when the card has it.
func (d Deed) On(c Card) DeedValue {
	of := c.Conversation
	switch d.Field {
	case DeedStage:
		return DeedValue{strconv.FormatInt(int64(c.Stage), 10), c.Deal.LostReason}
	case DeedAssignee:
		return DeedValue{strconv.FormatInt(int64(of.AssigneeID), 10), ""}
	case DeedTeam:
		return DeedValue{strconv.FormatInt(int64(of.TeamID), 10), strconv.FormatInt(int64(of.AssigneeID), 10)}
	case DeedPriority:
		return DeedValue{string(of.Priority), ""}
	case DeedStatus:
		return DeedValue{string(of.Status), seconds(of.SnoozedUntil)}
	case DeedAddLabel, DeedRemoveLabel:
		if slices.ContainsFunc(of.Labels, func(t string) bool { return strings.EqualFold(t, d.Wish.Value) }) {
			return DeedValue{d.Wish.Value, ""}
		}
	case DeedNextStep:
		return DeedValue{c.Deal.NextStep, c.Deal.NextStepOn}
	}
	return DeedValue{}
}

func seconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// Fulfilled reports whether a card is as the deed wants it.
func (d Deed) Fulfilled(c Card) bool {
	is := d.On(c)
	switch d.Field {
	case DeedStage:
		return is.Value == d.Wish.Value && !c.Conflict
	case DeedRemoveLabel:
		return is.Value == ""
	case DeedStatus, DeedNextStep:
		return is == d.Wish
	}
	return is.Value == d.Wish.Value
}

// Back is the deed that takes this one back with a card: field and wish as they were before.
func (d Deed) Back(was DeedValue) Deed {
	switch d.Field {
	case DeedAddLabel:
		return Deed{DeedRemoveLabel, d.Wish}
	case DeedRemoveLabel:
		return Deed{DeedAddLabel, d.Wish}
	}
	return Deed{d.Field, was}
}

// Expected is what the field says of a card that the deed was done with, for Back to be sure that nobody changed it since.
func (d Deed) Expected() string {
	if d.Field == DeedRemoveLabel {
		return ""
	}
	return d.Wish.Value
}

// BatchCard is one card of a batch.
type BatchCard struct {
	Batch        BatchID
	Place        int
	Conversation ConversationID
	Wish         DeedValue
	// Guarded says that the field has to say what is Expected, or it is somebody else's work by now.
	Guarded  bool
	Expected string
	// Was is what it said when the card was begun.
	Was   DeedValue
	Begun bool
	State BatchState
	// Reason is a message key that says why it failed.
	Reason   string
	Move     MoveID
	Attempts int
	DueAt    time.Time
}

// BatchState is how far a card of a batch has come.
type BatchState string

// The states of a card of a batch.
const (
	BatchWaiting BatchState = "waiting"
	// BatchSent is a move that Chatwoot does not have yet. It is only ever read.
	BatchSent   BatchState = "sent"
	BatchDone   BatchState = "done"
	BatchSame   BatchState = "same" // it was as wished before
	BatchFailed BatchState = "failed"
	BatchLeft   BatchState = "left" // the batch was stopped before
)

// BatchTally is how far a batch has come.
type BatchTally map[BatchState]int

// All counts the cards of a batch.
func (t BatchTally) All() int {
	n := 0
	for _, of := range t {
		n += of
	}
	return n
}

// Open counts the cards of which it is not known yet what becomes of them.
func (t BatchTally) Open() int { return t[BatchWaiting] + t[BatchSent] }
