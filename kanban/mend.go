package kanban

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// mendsAtOnce bounds the conversations whose labels are being restored; most of them wait.
	mendsAtOnce = 64
	// mendAfter is how long webhooks that come in any order are waited for before labels are restored.
	mendAfter = 200 * time.Millisecond
)

// witness hears of each label change that a webhook tells, and has mended what our own writes undid.
func (m *mover) witness(account AccountID, id ConversationID, n labelNews) {
	key := conversationKey{account, id}
	m.race.hear(key, n)
	if len(m.race.undone(key, m.boardOf)) > 0 {
		m.sync(account).mends.add([]ConversationID{id})
	}
}

// boardOf is a board that the store has in memory.
func (m *mover) boardOf(id BoardID) (Board, bool) {
	b, err := m.Store.Board(context.Background(), id)
	return b, err == nil
}

// mendAll restores labels as races are found.
func (s *accountSync) mendAll(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(mendsAtOnce)
	for {
		for ids := s.mends.take(mendsAtOnce); len(ids) > 0; ids = s.mends.take(mendsAtOnce) {
			for _, id := range ids {
				g.Go(func() error { return s.mendStubbornly(ctx, id) })
			}
		}
		select {
		case <-s.mends.more:
		case <-ctx.Done():
			return g.Wait()
		}
	}
}

// mendStubbornly tries until the labels are restored or Chatwoot refuses. It returns an error only when ctx ended.
func (s *accountSync) mendStubbornly(ctx context.Context, id ConversationID) error {
	if !wait(ctx, mendAfter) {
		return ctx.Err()
	}
	for failures := 1; ; failures++ {
		err := s.mendLabels(ctx, id)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			return nil
		case refusal(err) != "":
			s.log.WarnContext(ctx, "labels lost in a race cannot be restored", "conversation", int64(id), "error", err.Error())
			return nil
		}
		s.log.WarnContext(ctx, "restore labels", "conversation", int64(id), "error", err.Error())
		if !wait(ctx, backoff(100*time.Millisecond, failures)) {
			return ctx.Err()
		}
	}
}

// mendLabels restores what writes of ours undid: it reads, applies only the difference, and writes.
func (s *accountSync) mendLabels(ctx context.Context, id ConversationID) error {
	key := conversationKey{s.id, id}
	leave, err := s.mover.race.turns.take(ctx, key)
	if err != nil {
		return err
	}
	defer leave()
	c, _, err := s.client(ctx, s.id)
	if err != nil {
		return err
	}
	c = c.In(chatwoot.LaneMove).Once() // a list that is written again later would be an old view of the labels
	at := s.Clock()
	conv, err := s.mover.labelled(ctx, c, s.id, id)
	if err != nil {
		return err
	}
	base := conv.Labels
	next := restoredIn(base, s.mover.race.undone(key, s.mover.boardOf))
	if sameTitles(base, next) {
		return nil
	}
	conv, err = s.mover.rewrite(ctx, c, labelWrite{
		move: Move{Account: s.id, Conversation: id}, base: base, written: next, at: at, since: int64(conv.UpdatedAt), mend: true,
	})
	if err != nil {
		return err
	}
	s.log.WarnContext(ctx, "labels lost in a race restored", "conversation", int64(id), "restored", len(minus(next, base)), "removed", len(minus(base, next)))
	_, err = s.apply(ctx, []Snapshot{SnapshotOf(s.id, conv, FromReconcile, at, true)}, nil)
	return err
}

// restoredIn are labels with those that were undone as they were wanted.
func restoredIn(base []string, undone map[string]bool) []string {
	next := slices.DeleteFunc(slices.Clone(base), func(t string) bool {
		on, known := undone[t]
		return known && !on
	})
	for t, on := range undone {
		if on && !slices.ContainsFunc(next, func(x string) bool { return strings.EqualFold(x, t) }) {
			next = append(next, t)
		}
	}
	return next
}
