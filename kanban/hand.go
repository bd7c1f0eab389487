package kanban

import "context"

// Spot is where somebody puts a card in the order by hand: directly above a card, or directly below one; one of them is 0.
type Spot struct{ Above, Below ConversationID }

// None reports whether nobody said where.
func (s Spot) None() bool { return s == Spot{} }

// farApart is the room that a card gets when nothing bounds it: a minute's worth.
const farApart = 60_000 * handStep

// Ranks are n ranks, the greatest first, between two others, spread evenly. upper or lower may be nil where nothing bounds them there. ok is
// false when there is no room.
func Ranks(n int, upper, lower *int64) (ranks []int64, ok bool) {
	switch {
	case upper == nil && lower == nil:
		zero := int64(0)
		lower = &zero
		fallthrough
	case upper == nil:
		top := *lower + farApart*int64(n+1)
		upper = &top
	case lower == nil:
		bottom := *upper - farApart*int64(n+1)
		lower = &bottom
	}
	step := (*upper - *lower) / int64(n+1)
	if step < 1 {
		return nil, false
	}
	for i := range n {
		ranks = append(ranks, *upper-step*int64(i+1))
	}
	return ranks, true
}

// Arrange puts a card into its place by hand, in the stage that it is shown in. Whoever sees its neighbours there sees it between them.
// ErrStale when the neighbour is in another stage by now, ErrNotFound for what the viewer does not see.
func (e *Engine) Arrange(ctx context.Context, by Viewer, b Board, id ConversationID, at Spot) error {
	if _, err := e.Store.Card(ctx, b, by, id); err != nil {
		return err
	}
	if at.None() {
		return Invalid("error.invalid_text")
	}
	if _, err := e.Store.Card(ctx, b, by, max(at.Above, at.Below)); err != nil {
		return err
	}
	changes, err := e.Store.Arrange(ctx, b, by.Actor, id, at)
	if err != nil {
		return err
	}
	e.publish(changes)
	return nil
}
