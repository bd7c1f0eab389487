package kanban

import "time"

// Move is somebody's wish that a card be in a stage. It is durable from the moment it is accepted.
type Move struct {
	ID           MoveID
	Account      AccountID
	Board        BoardID
	Conversation ConversationID
	From, To     StageID
	By           Actor
	// Expect, when set, is the stage the person believes the card to be in; the move is refused with ErrStale if it is elsewhere.
	Expect *StageID
	// Undoes is the move that this one takes back; 0 for none.
	Undoes MoveID
	// Repair says that Chatlane made this move itself: to settle two stage labels or to restore what a race overwrote.
	Repair bool

	State     MoveState
	Attempts  int
	DueAt     time.Time
	CreatedAt time.Time
	// SettledAt is when the move was done or refused.
	SettledAt time.Time
	// Reason is a message key that says why the move is waiting or was refused; empty when all is well.
	Reason string
	// Base is what the labels were when the mover read them, Written what it wrote. They tell a race from a decision afterwards.
	Base, Written []string
	WrittenAt     time.Time
	// LostReason is why the deal was lost, for a move to a stage that loses it; empty for no word about it.
	LostReason string
	// Carries is the earlier conversation of the contact whose stage this move carries on; 0 for moves that somebody made.
	Carries ConversationID
}

// MoveState is how far a move has come.
type MoveState string

// The states of a move. A newer move of the same card on the same board supersedes a pending one.
const (
	MovePending    MoveState = "pending"
	MoveDone       MoveState = "done"
	MoveRefused    MoveState = "refused"
	MoveSuperseded MoveState = "superseded"
)
