package kanban

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// mend is a repair of labels that are no stages.
type mend struct {
	conversation ConversationID
	add, remove  []string
	move         Move
}

// mendSoon has labels restored that a write of ours undid.
func (s *accountSync) mendSoon(r mend) {
	select {
	case s.mends <- r:
	default:
		s.log.Error("too many label repairs at once, one left to the person", "conversation", int64(r.conversation))
	}
}

// mendAll restores labels as races are found, one at a time.
func (s *accountSync) mendAll(ctx context.Context) error {
	for {
		select {
		case r := <-s.mends:
			if err := s.mendStubbornly(ctx, r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// mendStubbornly tries until the labels are restored or Chatwoot refuses. It returns an error only when ctx ended.
func (s *accountSync) mendStubbornly(ctx context.Context, r mend) error {
	for failures := 1; ; failures++ {
		err := s.mendLabels(ctx, r)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			return nil
		case refusal(err) != "":
			s.log.WarnContext(ctx, "labels lost in a race cannot be restored", "conversation", int64(r.conversation), "error", err.Error())
			return nil
		}
		s.log.WarnContext(ctx, "restore labels", "conversation", int64(r.conversation), "error", err.Error())
		if !wait(ctx, backoff(100*time.Millisecond, failures)) {
			return ctx.Err()
		}
	}
}

// mendLabels restores what a write of ours undid: it reads, applies only the difference, and writes.
func (s *accountSync) mendLabels(ctx context.Context, r mend) error {
	c, _, err := s.client(ctx, s.id)
	if err != nil {
		return err
	}
	c = c.In(chatwoot.LaneMove).Once() // a list that is written again later would be an old view of the labels
	base, err := c.ConversationLabels(ctx, int64(r.conversation))
	if err != nil {
		return err
	}
	next := make([]string, 0, len(base)+len(r.add))
	for _, t := range base {
		if !slices.ContainsFunc(r.remove, func(x string) bool { return strings.EqualFold(x, t) }) {
			next = append(next, t)
		}
	}
	for _, t := range r.add {
		if !slices.ContainsFunc(next, func(x string) bool { return strings.EqualFold(x, t) }) {
			next = append(next, t)
		}
	}
	if sameTitles(base, next) {
		return nil
	}
	s.mover.race.begin(labelWrite{move: r.move, base: base, written: next, at: s.Clock(), mend: true})
	if _, err := c.SetConversationLabels(ctx, int64(r.conversation), next); err != nil {
		return err
	}
	s.log.WarnContext(ctx, "labels lost in a race restored", "conversation", int64(r.conversation), "restored", len(r.add), "removed", len(r.remove))
	return nil
}
