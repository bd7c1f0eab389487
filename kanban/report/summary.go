package report

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// Summary is what the open stages of a board that people see come to.
type Summary struct {
	Stages   []kanban.StageID
	Open     Sum
	Weighted kanban.Amount
	// Attention counts the cards of all stages that need it.
	Attention int
	// Age is how long the cards have been in their stages on average, as far as that is known of them; Aged counts those.
	Age  time.Duration
	Aged int
}

// SummaryOf adds up what a filter finds.
func SummaryOf(b kanban.Board, f kanban.Filter, c kanban.Counts, now time.Time) Summary {
	s := Summary{Attention: c.Needs[kanban.NeedAttention]}
	var age int64 // milliseconds
	for _, st := range b.Columns() {
		if st.Kind != kanban.StageOpen || !f.Admits(st.ID) {
			continue
		}
		total, entered := c.Stages[st.ID], c.Entered[st.ID]
		s.Stages = append(s.Stages, st.ID)
		s.Open = s.Open.plus(Sum{Count: total.Count, Value: total.Value})
		s.Weighted += Weighted(total.Value, st.Probability)
		if entered.Cards > 0 {
			age += int64(entered.Cards) * now.Sub(entered.Mean.Time()).Milliseconds()
			s.Aged += entered.Cards
		}
	}
	if s.Aged > 0 {
		s.Age = max(0, time.Duration(age/int64(s.Aged))*time.Millisecond)
	}
	return s
}
