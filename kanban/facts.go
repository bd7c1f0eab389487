package kanban

import "time"

// Stamp is a moment in milliseconds UTC; 0 when there is none. Facts have many of them.
type Stamp int64

// StampOf is the stamp of a moment.
func StampOf(t time.Time) Stamp {
	if t.IsZero() {
		return 0
	}
	return Stamp(t.UnixMilli())
}

// Time is the moment of a stamp; the zero time when there is none.
func (s Stamp) Time() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(s)).UTC()
}

// IsZero reports whether there is no moment.
func (s Stamp) IsZero() bool { return s == 0 }

// Facts are what filters, searches and orders look at of a card. There is one in memory for each card of a board that is filtered.
type Facts struct {
	// What nearly every look asks for comes first: to go through a board is to wait for memory.
	Stage                                   StageID
	Agent                                   AgentID
	Value                                   Amount // valid when Valued is set
	EnteredAt, WaitingSince, LastActivityAt Stamp
	Conversation                            ConversationID

	// Assigned says that somebody has it, who may be a bot.
	Assigned, Valued bool
	// NextStep says that something is agreed, NextStepOn for which day ("2026-12-01"), or empty.
	NextStep bool
	// Moving says that a move is on its way: its labels are those from before it.
	Moving bool
	// Conflict says that it carries two stage labels; Troubled that it does, or that a move of it was refused.
	Conflict, Troubled bool

	Status     Status
	NextStepOn string
	// Words are what searches look through, Digits its phone number. See TextOf.
	marks         sieve
	Words, Digits string

	Inbox     InboxID
	Team      TeamID
	Priority  Priority
	Labels    []string
	CreatedAt Stamp
	// Rank is its place by hand.
	Rank int64
}

// FactsOf are the facts of a card, without the text that searches look through.
func FactsOf(c Card) Facts {
	conv := c.Conversation
	return Facts{
		Conversation: conv.ID, Stage: c.Stage, Inbox: conv.InboxID, Team: conv.TeamID, Agent: conv.AssigneeID,
		Assigned: conv.AssigneeID != 0 || conv.AssigneeName != "", Status: conv.Status, Priority: conv.Priority, Labels: conv.Labels,
		Value: c.Deal.Value, Valued: c.Deal.HasValue, NextStep: c.Deal.NextStep != "", NextStepOn: c.Deal.NextStepOn,
		Moving: c.Pending != nil, Conflict: c.Conflict, Troubled: c.Conflict || c.Refused != nil,
		CreatedAt: StampOf(conv.CreatedAt), LastActivityAt: StampOf(conv.LastActivityAt), WaitingSince: StampOf(conv.WaitingSince),
		EnteredAt: StampOf(c.EnteredAt), Rank: c.Rank,
	}
}

// Searchable adds the text that searches look through.
func (x Facts) Searchable(c Conversation) Facts {
	x.Words, x.Digits = TextOf(c)
	x.marks = sieveOf(x.Words)
	return x
}
