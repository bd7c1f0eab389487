package kanban

import "time"

// Transition is a fact: at this time a conversation went from one stage of a board to another.
type Transition struct {
	Account      AccountID
	Board        BoardID
	Conversation ConversationID
	// From is NoStage, too, when the conversation was not on the board before.
	From, To StageID
	At       time.Time
	// AtKnown is false when the change was found by import or reconciliation and its time is only a bound.
	AtKnown bool
	Source  Source
	By      Actor
	Move    MoveID
}

// Source is how Chatlane learned of something.
type Source string

// The sources of news.
const (
	FromMove      Source = "move"
	FromWebhook   Source = "webhook"
	FromStream    Source = "stream" // Chatwoot's event stream
	FromReconcile Source = "reconcile"
	FromImport    Source = "import"
	FromActivity  Source = "activity" // what Chatwoot wrote into the conversation, before our time
)
