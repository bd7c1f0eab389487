package kanban

import "time"

// Conversation is what the cache knows of a Chatwoot conversation: what a card shows and what filters need.
type Conversation struct {
	Account AccountID
	ID      ConversationID
	UUID    string
	// Version is Chatwoot's updated_at in microseconds since the epoch: the only version stamp there is (CONTRACT 16).
	Version int64

	InboxID    InboxID
	Channel    string
	Status     Status
	Priority   Priority
	TeamID     TeamID
	AssigneeID AgentID
	// AssigneeName is kept because an assignee may be a bot or no longer in the account.
	AssigneeName string
	Contact      Contact
	// Labels are the titles as Chatwoot gave them, in its order, which means nothing.
	Labels []string

	LastMessage Message
	UnreadCount int
	CanReply    bool
	// Attributes is the conversation's custom attributes as a JSON object, as Chatwoot gave it.
	Attributes string

	CreatedAt      time.Time
	LastActivityAt time.Time
	// WaitingSince is since when the customer waits for an answer; zero when nobody waits.
	WaitingSince time.Time
	SnoozedUntil time.Time
	// LastIncomingAt is when the customer last wrote, as far as the cache has seen; zero when unknown.
	LastIncomingAt time.Time
}

// Contact is the customer of a conversation.
type Contact struct {
	ID           ContactID
	Name         string
	Email        string
	Phone        string
	ThumbnailURL string
	Company      string
	// Attributes is the contact's custom attributes as a JSON object; empty when there are none, or far too many.
	Attributes string `json:",omitempty"`
}

// Message is the last line of a conversation as a card shows it.
type Message struct {
	ID   int64
	Text string
	Kind MessageKind
	// Sender is the name of whoever wrote it; empty when unknown.
	Sender string
	At     time.Time
	// Attachment is Chatwoot's file_type of the first attachment (image, audio, …), empty without one.
	Attachment string
}

// MessageKind says who a message is from and for.
type MessageKind string

// The kinds of messages. Activity lines are never a card's last message.
const (
	MessageNone     MessageKind = ""
	MessageIncoming MessageKind = "incoming"
	MessageOutgoing MessageKind = "outgoing"
	MessageNote     MessageKind = "note"
	MessageTemplate MessageKind = "template"
)

// Status is Chatwoot's status of a conversation.
type Status string

// The statuses of Chatwoot.
const (
	StatusOpen     Status = "open"
	StatusPending  Status = "pending"
	StatusSnoozed  Status = "snoozed"
	StatusResolved Status = "resolved"
)

// Statuses are all of them, as people know their order.
func Statuses() []Status { return []Status{StatusOpen, StatusPending, StatusSnoozed, StatusResolved} }

// Priority is Chatwoot's priority of a conversation; empty when unset.
type Priority string

// The priorities of Chatwoot.
const (
	PriorityNone   Priority = ""
	PriorityLow    Priority = "low"
	PriorityMedium Priority = "medium"
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)
