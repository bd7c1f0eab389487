package kanban

import (
	"context"
	"slices"
	"strings"
)

// ChangeLabels adds labels to a conversation and takes others off, as the viewer. It is done as a move is: on a fresh read, one of ours at
// a time, and what a race undid is restored. Titles are lower-case, as an account's labels are.
func (e *Engine) ChangeLabels(ctx context.Context, v Viewer, id ConversationID, add, remove []string) error {
	c, err := e.As(ctx, v)
	if err != nil {
		return err
	}
	leave, err := e.Turn(ctx, v.Account, id)
	if err != nil {
		return err
	}
	defer leave()
	c = c.Once() // a list that is written again later would be an old view of the labels
	var failed error
	for range attributeTries {
		at := e.Clock()
		conv, err := e.mover.labelled(ctx, c, v.Account, id)
		if err != nil {
			return e.Heard(ctx, v, err)
		}
		next := labelsWith(conv.Labels, add, remove)
		if sameTitles(conv.Labels, next) {
			return e.Learn(ctx, v.Account, conv, at, v.Actor)
		}
		write := labelWrite{move: Move{Account: v.Account, Conversation: id}, base: conv.Labels, written: next, at: at, since: int64(conv.UpdatedAt), mend: true}
		if _, failed = e.mover.rewrite(ctx, c, write); failed != nil && !maybeDone(failed) {
			return e.Heard(ctx, v, failed)
		}
	}
	if failed != nil {
		return failed
	}
	return ErrStale
}

// labelsWith are labels with some added and some taken off. Those that were there keep their spelling.
func labelsWith(labels, add, remove []string) []string {
	in := func(list []string, title string) bool {
		return slices.ContainsFunc(list, func(t string) bool { return strings.EqualFold(t, title) })
	}
	next := slices.DeleteFunc(slices.Clone(labels), func(t string) bool { return in(remove, t) && !in(add, t) })
	for _, title := range add {
		if !in(next, title) {
			next = append(next, title)
		}
	}
	return next
}
