package store

import (
	"context"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// leaveAgain is how long a card that came back into a stage that is being emptied is left alone: an automation may put it there.
const leaveAgain = 5 * time.Second

// CardsToLeave are cards of a stage that is being emptied which have yet to be moved.
func (s *Store) CardsToLeave(ctx context.Context, st kanban.Stage, limit int) ([]kanban.ConversationID, error) {
	rows, err := db.New(s.read).CardsToLeave(ctx, db.CardsToLeaveParams{
		Board: int64(st.Board), Stage: int64(st.ID), Since: millis(st.Leaving.Begun), Tried: s.now() - leaveAgain.Milliseconds(), Most: int64(limit),
	})
	ids := make([]kanban.ConversationID, len(rows))
	for i, id := range rows {
		ids[i] = kanban.ConversationID(id)
	}
	return ids, err
}

// CardsLeft counts what is in a stage that is being emptied, on the screen or in Chatwoot.
func (s *Store) CardsLeft(ctx context.Context, st kanban.Stage) (kanban.Remaining, error) {
	q := db.New(s.read)
	here, err := q.CardsIn(ctx, int64(st.Board), int64(st.ID))
	if err != nil || st.Leaving == nil {
		return kanban.Remaining{Here: int(here)}, err
	}
	refused, err := q.CardsRefused(ctx, int64(st.Board), int64(st.ID), millis(st.Leaving.Begun))
	return kanban.Remaining{Here: int(here), Refused: int(refused)}, err
}

// MovesUnderWay counts the moves out of a stage that Chatwoot does not have yet, up to a limit.
func (s *Store) MovesUnderWay(ctx context.Context, st kanban.Stage, limit int) (int, error) {
	n, err := db.New(s.read).MovesUnderWay(ctx, int64(st.Board), int64(st.ID), int64(limit))
	return int(n), err
}
