package kanban

import "time"

// Snapshot is what one Chatwoot answer or webhook said of a conversation.
type Snapshot struct {
	Conversation
	Source Source
	// At is when the snapshot was asked for (a read) or received (a webhook), by our clock.
	At time.Time
	// Read says that it is the answer to a request of ours. It wins a tie of versions: some changes upstream do not move
	// updated_at (CONTRACT 14), and a read is never older than a webhook with the same stamp.
	Read bool
	// KeepMessage says that the source tells nothing of the last message, so the cached one stays unless it is older.
	KeepMessage bool
	// By is who caused the change, if known.
	By Actor
	// Move is the move whose write this snapshot confirms; 0 for none.
	Move MoveID
}

// CardChange is what one commit did to one card.
type CardChange struct {
	// Card is what the board shows afterwards. When On is false it is the conversation that left the board.
	Card Card
	On   bool
	// Was is the stage it was shown in before; WasOn is false when it was not on the board.
	Was   StageID
	WasOn bool
	// WasInbox is the inbox before, so that a viewer who loses the card is told.
	WasInbox InboxID
	// By is whoever moved it, if known.
	By Actor
	// Order numbers the changes of one process in the order of their commits; 0 when that is not known. Whoever tells of two changes may
	// be overtaken between commit and telling.
	Order uint64
}

// Applied is what became of the snapshots of one commit.
type Applied struct {
	Changes []CardChange
	// New, Changed, Same and Stale count conversations. Same ones were equal to the cache, stale ones older than it.
	New, Changed, Same, Stale int
	// Drifted are the conversations that a read found different though nothing had announced it.
	Drifted []Drift
	// Carried counts the moves that boards' rules wished.
	Carried int
}

// Drift is one conversation that a read found different, with the version stamp of the change.
type Drift struct {
	Conversation ConversationID
	Version      int64
}

// Delivery is a webhook as it was received, secrets blanked.
type Delivery struct {
	ID         int64
	Account    AccountID
	Body       []byte
	ReceivedAt time.Time
}
