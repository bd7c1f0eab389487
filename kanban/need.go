package kanban

import (
	"slices"
	"time"
)

// Need is something that a card may want of somebody: the pills above a board.
type Need string

// The needs. A card is in play while its stage is open, or it has none, and its conversation is not resolved.
const (
	// NeedMine: whoever looks is the assignee.
	NeedMine Need = "mine"
	// NeedUnassigned: nobody is the assignee.
	NeedUnassigned Need = "unassigned"
	// NeedWaiting: the customer wrote last, nobody has answered, and the conversation is not resolved.
	NeedWaiting Need = "waiting"
	// NeedAttention: the customer has been waiting for a day or longer, or the card has been in its stage for its rotting days or longer
	// without a next step to come, or its next step is overdue, or a move of it was refused, or it carries two stage labels.
	NeedAttention Need = "attention"
	// NeedOverdue: in play, and the day of its next step is past.
	NeedOverdue Need = "overdue"
	// NeedToday: in play, and its next step is for today.
	NeedToday Need = "today"
	// NeedNoStep: in play, and nothing is agreed to do next.
	NeedNoStep Need = "nostep"
)

// Needs are all of them, in the order that people see them.
func Needs() []Need {
	return []Need{NeedMine, NeedUnassigned, NeedWaiting, NeedAttention, NeedOverdue, NeedToday, NeedNoStep}
}

// WaitingTooLong is how long a customer may wait before that needs attention.
const WaitingTooLong = 24 * time.Hour

const needCount = 7

// needSet is a set of needs, a bit for each in the order of Needs.
type needSet uint8

func setOf(needs []Need) (set needSet) {
	for i, n := range Needs() {
		if slices.Contains(needs, n) {
			set |= 1 << i
		}
	}
	return set
}

// needs are what a card wants of whoever looks.
func (l *Look) needs(x *Facts) (set needSet) {
	rule := l.rule(x.Stage)
	inPlay := x.Status != StatusResolved && !rule.closed
	waits := !x.WaitingSince.IsZero() && x.Status != StatusResolved
	overdue := inPlay && x.NextStepOn != "" && x.NextStepOn < l.today
	add := func(i int, is bool) {
		if is {
			set |= 1 << i
		}
	}
	add(0, l.me != 0 && x.Agent == l.me)
	add(1, !x.Assigned)
	add(2, waits)
	add(3, x.Troubled || overdue || waits && x.WaitingSince <= l.tooLong || inPlay && l.rotten(x, rule.rotting))
	add(4, overdue)
	add(5, inPlay && x.NextStepOn == l.today)
	add(6, inPlay && x.NextStepOn == "" && !x.NextStep)
	return set
}

// rotten reports whether a card has been in its stage too long, 0 for no such time. It does not rot while a next step is to come.
func (l *Look) rotten(x *Facts, since Stamp) bool {
	return since != 0 && !x.EnteredAt.IsZero() && x.EnteredAt <= since && x.NextStepOn < l.today
}
