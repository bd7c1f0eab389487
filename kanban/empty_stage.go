package kanban

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// leavingAtOnce bounds the moves under way of all stages that are being emptied: one of the movers stays free for people.
	leavingAtOnce = moversAtOnce - 1
	// leavingPace is how long there is at least between two of them. Each is three calls, so that they take a third of the requests that
	// we allow ourselves (CONTRACT 3.1).
	leavingPace = 200 * time.Millisecond
	// leavingLook is how often a stage that is being emptied is looked at when nothing is heard of its cards.
	leavingLook = 5 * time.Second
)

// emptyStages moves the cards out of stages that are to go, one after the other, and then takes the stages away. What is to be done stands
// on the boards, so it goes on after a restart.
func (s *accountSync) emptyStages(ctx context.Context) error {
	for {
		busy, err := s.emptySome(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			s.log.WarnContext(ctx, "empty stages", "error", err.Error())
		}
		if !s.awaitLeaving(ctx, busy) {
			return ctx.Err()
		}
	}
}

// awaitLeaving waits until there may be something to be done; false when ctx ended.
func (s *accountSync) awaitLeaving(ctx context.Context, busy bool) bool {
	if !busy {
		select {
		case <-s.leaving:
			return true
		case <-ctx.Done():
			return false
		}
	}
	if !wait(ctx, leavingPace) {
		return false
	}
	t := time.NewTimer(leavingLook)
	defer t.Stop()
	select {
	case <-s.leaving:
	case <-t.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// emptySome does a little for each stage that is to go. busy says that there are such stages still.
func (s *accountSync) emptySome(ctx context.Context) (busy bool, err error) {
	boards, err := s.Store.Boards(ctx, s.id)
	if err != nil {
		return true, err
	}
	var errs []error
	for _, b := range boards {
		for _, st := range b.Stages {
			if st.Leaving == nil {
				continue
			}
			gone, err := s.emptyStage(ctx, st)
			busy = busy || !gone
			errs = append(errs, err)
		}
	}
	return busy, errors.Join(errs...)
}

// emptyStage moves the next card out of a stage, or takes the stage away when it is empty.
func (s *accountSync) emptyStage(ctx context.Context, st Stage) (gone bool, err error) {
	underWay, err := s.Store.MovesUnderWay(ctx, st, leavingAtOnce)
	if err != nil || underWay >= leavingAtOnce {
		return false, err
	}
	next, err := s.Store.CardsToLeave(ctx, st, 1)
	if err != nil {
		return false, err
	}
	if len(next) == 0 {
		return s.takeAwayEmpty(ctx, st)
	}
	by := Viewer{Actor: st.Leaving.By, Account: s.id, Role: RoleAdministrator}
	_, _, err = s.Accept(ctx, by, Move{Account: s.id, Board: st.Board, Conversation: next[0], To: st.Leaving.To, Expect: &st.ID})
	if errors.Is(err, ErrStale) || errors.Is(err, ErrNotFound) {
		err = nil // somebody else moved it
	}
	if err == nil {
		poke(s.leaving) // there may be room for another one
	}
	return false, err
}

// takeAwayEmpty takes a stage away when nothing is in it any more, here or in Chatwoot.
func (s *accountSync) takeAwayEmpty(ctx context.Context, st Stage) (gone bool, err error) {
	left, err := s.Store.CardsLeft(ctx, st)
	if err != nil || left.Here > 0 {
		return false, err
	}
	return true, s.takeAway(ctx, st)
}

// takeAway removes a stage that nobody is in any more, then its label if that was wished.
func (s *accountSync) takeAway(ctx context.Context, st Stage) error {
	b, err := s.Store.Board(ctx, st.Board)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(b.Stages, func(o Stage) bool { return o.ID == st.ID && o.Leaving != nil })
	if i < 0 {
		return nil // it is to stay after all
	}
	label := st.Leaving.DeleteLabel && !st.LabelGone && s.mayDeleteLabel(ctx, b, st) == nil
	if _, err := s.changed(ctx, b, func(b *Board) error { b.Stages = slices.Delete(b.Stages, i, i+1); return nil }); err != nil {
		return err
	}
	if !label {
		return nil
	}
	return s.deleteLabel(ctx, Viewer{Actor: st.Leaving.By, Account: s.id, Role: RoleAdministrator}, st.Label)
}
