package kanban

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// ChangeBoard changes a board's settings for an administrator, if it still is as they saw it: ErrStale says that somebody else changed it
// meanwhile, and nothing is overwritten. Open boards follow at once; conversations are placed anew where that is due.
func (e *Engine) ChangeBoard(ctx context.Context, by Viewer, id BoardID, version int64, change func(*Board) error) (Board, error) {
	b, err := e.boardFor(ctx, by, id)
	if err != nil {
		return Board{}, err
	}
	if b.Version != version {
		return b, ErrBoardChanged
	}
	return e.changed(ctx, b, change)
}

// boardFor is a board that the viewer administers. For others it is not there.
func (e *Engine) boardFor(ctx context.Context, by Viewer, id BoardID) (Board, error) {
	b, err := e.Store.Board(ctx, id)
	if err != nil {
		return Board{}, err
	}
	if by.Account != b.Account || !by.SeesAll() {
		return Board{}, ErrNotFound
	}
	return b, nil
}

// changed saves a board as it is after a change, and tells of it.
func (e *Engine) changed(ctx context.Context, b Board, change func(*Board) error) (Board, error) {
	next := b
	next.Stages = slices.Clone(b.Stages)
	if err := change(&next); err != nil {
		return b, err
	}
	if err := next.Check(); err != nil {
		return b, err
	}
	next, err := e.Store.UpdateBoard(ctx, next)
	if errors.Is(err, ErrStale) {
		return b, ErrBoardChanged
	}
	if err != nil {
		return b, err
	}
	e.Hub.Publish(&Event{Account: b.Account, Board: b.ID, Kind: BoardChanged})
	return next, nil
}

// CopyBoard makes a board like another one, with the same labels: both show the same conversations until their scopes differ.
func (e *Engine) CopyBoard(ctx context.Context, by Viewer, id BoardID, name string) (Board, error) {
	b, err := e.boardFor(ctx, by, id)
	if err != nil {
		return Board{}, err
	}
	c := b
	c.ID, c.Name, c.ArchivedAt, c.Stages = 0, strings.TrimSpace(name), time.Time{}, nil
	for _, s := range b.Stages {
		if s.LabelGone || s.Leaving != nil {
			continue
		}
		s.ID, s.Board = 0, 0
		c.Stages = append(c.Stages, s)
	}
	if err := c.Check(); err != nil {
		return Board{}, err
	}
	if c, err = e.Store.CreateBoard(ctx, c); err != nil {
		return Board{}, err
	}
	e.Hub.Publish(&Event{Account: c.Account, Kind: BoardChanged})
	return c, nil
}

// OrderBoards puts the boards of the viewer's account in an order, for everybody.
func (e *Engine) OrderBoards(ctx context.Context, by Viewer, order []BoardID) error {
	if !by.SeesAll() {
		return ErrNotFound
	}
	return e.Store.OrderBoards(ctx, by.Account, order)
}

// SharedWith are the other boards in use of an account that have a label for a stage, by name.
func SharedWith(boards []Board, b BoardID, label LabelID) []string {
	var names []string
	for _, o := range boards {
		if o.ID != b && !o.Archived() && slices.ContainsFunc(o.Stages, func(s Stage) bool { return s.Label == label }) {
			names = append(names, o.Name)
		}
	}
	return names
}
