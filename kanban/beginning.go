package kanban

import "time"

// Beginning is a new conversation that somebody begins, as far as it has come.
type Beginning struct {
	Account AccountID
	By      AgentID
	// Key is what the browser calls one form: the same key again is the same lead.
	Key string
	// Contact and Conversation are 0 until they are known.
	Contact      ContactID
	Conversation ConversationID
	// BegunAt is when the conversation was asked for; zero before.
	BegunAt time.Time
}
