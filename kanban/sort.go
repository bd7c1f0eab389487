package kanban

import (
	"cmp"
	"slices"
	"time"
)

// Sort is the order of the cards in a column; empty for the board's own.
type Sort string

// The orders. Of equal cards the one with the greater conversation number comes first.
const (
	SortActivity Sort = "activity" // the latest activity first
	SortWaiting  Sort = "waiting"  // the customer who waits longest first
	SortStage    Sort = "stage"    // the one longest in its stage first
	SortValue    Sort = "value"    // the greatest value first
	SortCreated  Sort = "created"  // the newest conversation first
	SortPriority Sort = "priority" // the most urgent first, then the latest activity
	SortHand     Sort = "hand"     // as people put them
)

// Sorts are all of them.
func Sorts() []Sort {
	return []Sort{SortActivity, SortWaiting, SortStage, SortValue, SortCreated, SortPriority, SortHand}
}

// ParseSort reads an order from an address; anything unknown is the board's own.
func ParseSort(s string) Sort {
	if !slices.Contains(Sorts(), Sort(s)) {
		return ""
	}
	return Sort(s)
}

// last is the key of cards that an order has nothing to say about. Browsers compare keys, too, so all fit into a double's 53 bits.
const last = -1 << 52

// Key is a card's place in an order: the greatest comes first.
func (s Sort) Key(x *Facts) int64 {
	switch s {
	case SortWaiting:
		if x.WaitingSince.IsZero() || x.Status == StatusResolved {
			return last
		}
		return -int64(x.WaitingSince)
	case SortStage:
		if x.EnteredAt.IsZero() {
			return 0 // since before our time
		}
		return -int64(x.EnteredAt)
	case SortValue:
		if !x.Valued {
			return last
		}
		return int64(x.Value)
	case SortCreated:
		return int64(x.CreatedAt)
	case SortPriority:
		return int64(4-slices.Index(Priorities(), x.Priority))*priorityStep + int64(x.LastActivityAt)
	case SortHand:
		return x.Rank
	}
	return int64(x.LastActivityAt)
}

// priorityStep is more than any time in milliseconds that a conversation may have.
const priorityStep = 1 << 47

// handStep is the room between two milliseconds for what is put between cards that nobody put anywhere.
const handStep = 1 << 10

// FirstRank is the place by hand of a card that nobody put anywhere: in the order in which conversations began, the newest first.
func FirstRank(createdAt time.Time) int64 { return int64(StampOf(createdAt)) * handStep }

// Order is the order that a filter shows a board in.
func (f Filter) Order(b Board) Sort { return cmp.Or(f.Sort, b.Sort, SortActivity) }

// On is the filter as a board has it: without an order that is the board's own anyway.
func (f Filter) On(b Board) Filter {
	if f.Sort == (Filter{}).Order(b) {
		f.Sort = ""
	}
	return f
}
