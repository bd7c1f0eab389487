package kanban

import "slices"

// CardField is a part of a card that a board may leave out.
type CardField string

// The parts of a card. Its person, its unread badge and what is wrong with it are always there.
const (
	FieldMessage  CardField = "message"
	FieldChannel  CardField = "channel"
	FieldAssignee CardField = "assignee"
	FieldPriority CardField = "priority"
	FieldLabels   CardField = "labels"
	FieldValue    CardField = "value"
	FieldNextStep CardField = "next_step"
	FieldClocks   CardField = "clocks"
	FieldWindow   CardField = "window"
)

// CardFields are all the parts that may be left out, as a card shows them.
func CardFields() []CardField {
	return []CardField{
		FieldMessage, FieldChannel, FieldAssignee, FieldPriority, FieldLabels, FieldValue, FieldNextStep, FieldClocks, FieldWindow,
	}
}

// Shows reports whether the board's cards have a part.
func (b Board) Shows(f CardField) bool { return !slices.Contains(b.HiddenFields, f) }
