package kanban

import "time"

// Overwrote is tested by tables of its own: a wrong answer either fights people or loses their moves.
var Overwrote = overwrote

// OurWrite is a write of ours, and Told a change that Chatwoot told, in milliseconds of its clock.
type (
	OurWrite struct {
		Since, Until  int64
		Base, Written []string
		Mend          bool
	}
	Told struct {
		At            int64
		Before, After []string
	}
)

// Undone is what is to be mended of a conversation after writes of ours and what was told in this order.
func Undone(b Board, writes []OurWrite, told []Told) map[string]bool {
	r, key, now := newRaces(), conversationKey{1, 1}, time.Now()
	for _, w := range writes {
		r.begin(labelWrite{
			move: Move{Account: 1, Conversation: 1, Board: b.ID}, base: w.Base, written: w.Written, at: now, since: w.Since * 1000, until: w.Until * 1000, mend: w.Mend,
		})
	}
	for _, n := range told {
		r.hear(key, labelNews{at: n.At, before: n.Before, after: n.After, heard: now})
	}
	return r.undone(key, func(BoardID) (Board, bool) { return b, true })
}
