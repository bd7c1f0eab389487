package kanban

// Identity types are distinct so that the compiler catches a swap.
type (
	// AccountID is our own number of a connected Chatwoot account. Two Chatwoot servers may both have an account 1.
	AccountID int64
	// ConversationID is Chatwoot's display id: it counts from 1 in each account (CONTRACT 1).
	ConversationID int64
	// LabelID is Chatwoot's id of an account label. It outlives renames.
	LabelID int64
	// InboxID is Chatwoot's id of an inbox.
	InboxID int64
	// AgentID is Chatwoot's id of a user.
	AgentID int64
	// TeamID is Chatwoot's id of a team.
	TeamID int64
	// ContactID is Chatwoot's id of a contact.
	ContactID int64
	// BoardID is our number of a board.
	BoardID int64
	// StageID is our number of a stage. NoStage is the intake column.
	StageID int64
	// MoveID is our number of a move.
	MoveID int64
	// PersonID is our number of somebody who signed in.
	PersonID int64
)

// NoStage is the intake: conversations of a board's scope that carry none of its stage labels.
const NoStage StageID = 0
