package kanban

import "time"

// Card is a conversation as one board shows it. It follows from conversation, board and pending moves.
type Card struct {
	Board        BoardID
	Conversation Conversation
	Deal         Deal
	// Stage is where it is shown: the target of a pending move, else what the labels say.
	Stage StageID
	// Conflict says that it carries more than one stage label of this board.
	Conflict bool
	// EnteredAt is since when it is in its stage; zero when that was before Chatlane saw it.
	EnteredAt time.Time
	// Pending is the move on its way to Chatwoot; Refused the last one that came back and that nobody has acknowledged.
	Pending *CardMove
	Refused *CardMove
	// SortKey orders cards in a column, greatest first, then the greater conversation number.
	SortKey int64
	// Lane is the group of its column that it is in, which comes before the sort key; 0 where there are none.
	Lane Lane
	// Rank is the card's place by hand, see SortHand and FirstRank.
	Rank int64
}

// CardMove is what a card shows of a move.
type CardMove struct {
	ID       MoveID
	From, To StageID
	By       Actor
	Reason   string
	Attempts int
	At       time.Time
}

// Total is what a column's head says of all cards in it that a viewer may see, loaded or not.
type Total struct {
	Count int
	// Value sums the deal values in the board's currency; Valued counts the cards that have one.
	Value  Amount
	Valued int
	// Conflicts counts the cards that carry two stage labels.
	Conflicts int
	// Lanes counts the cards of each lane, where there are any.
	Lanes map[Lane]int
}
