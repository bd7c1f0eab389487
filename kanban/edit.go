package kanban

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Edit is a change of a conversation that is no move: of its deal, or of its labels.
type Edit struct {
	Account      AccountID
	Conversation ConversationID
	Field        EditField
	// Before and After are what the field said, empty for nothing; values in thousandths, days as "2026-12-01". Of labels, Before are the
	// titles that went and After those that came, one a line.
	Before, After string
	At            time.Time
	// AtKnown is false when the time is only a bound.
	AtKnown bool
	Source  Source
	By      Actor
}

// EditField is what an edit is about.
type EditField string

// The fields whose edits are kept.
const (
	EditValue         EditField = "value"
	EditExpectedClose EditField = "expected_close"
	EditNextStep      EditField = "next_step"
	EditNextStepOn    EditField = "next_step_on"
	EditLostReason    EditField = "lost_reason"
	EditLabels        EditField = "labels"
)

// EditsBetween are the edits that lead from one state of a conversation to the next. They say nothing of when and by whom.
// Labels for which stage says so are stages of a board: their coming and going are transitions.
func EditsBetween(was, is Conversation, keys DealKeys, stage func(title string) bool) []Edit {
	var edits []Edit
	note := func(field EditField, before, after string) {
		if before != after {
			edits = append(edits, Edit{Account: is.Account, Conversation: is.ID, Field: field, Before: before, After: after})
		}
	}
	if was.Attributes != is.Attributes {
		a, b := DealOf(was.Attributes, keys), DealOf(is.Attributes, keys)
		note(EditValue, a.valueText(), b.valueText())
		note(EditExpectedClose, a.ExpectedClose, b.ExpectedClose)
		note(EditNextStep, a.NextStep, b.NextStep)
		note(EditNextStepOn, a.NextStepOn, b.NextStepOn)
		note(EditLostReason, a.LostReason, b.LostReason)
	}
	if !sameTitles(was.Labels, is.Labels) {
		note(EditLabels, titlesWithout(was.Labels, is.Labels, stage), titlesWithout(is.Labels, was.Labels, stage))
	}
	return edits
}

func (d Deal) valueText() string {
	if !d.HasValue {
		return ""
	}
	return strconv.FormatInt(int64(d.Value), 10)
}

// titlesWithout are the titles of a list that are neither in another nor stages, one a line.
func titlesWithout(titles, others []string, stage func(string) bool) string {
	var rest []string
	for _, t := range titles {
		if !slices.Contains(others, t) && !stage(t) {
			rest = append(rest, t)
		}
	}
	return strings.Join(rest, "\n")
}
