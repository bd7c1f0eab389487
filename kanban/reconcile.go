package kanban

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// pollMargin widens each window so that neighbouring ones overlap: a commit in Chatwoot may be a moment older than its stamp.
	pollMargin = 15 * time.Second
	// pollLimit is the widest window asked for at once. Beyond it a busy account may have more changed rows than a small Chatwoot
	// serves before it gives up with a 500 after 15 s (CONTRACT 5.1).
	pollLimit = 5 * time.Minute
	// driftAge is how old a difference must be to count as drift rather than as a webhook still on its way.
	driftAge = 10 * time.Second
)

// reconcileRound asks for what changed since the last round, and now and then for what changes in silence.
func (s *accountSync) reconcileRound(ctx context.Context, c *chatwoot.Client, a Account) error {
	began := s.Clock()
	if err := s.catchUp(ctx, c, a.Sync.PolledAt); err != nil {
		return err
	}
	if err := s.saveSync(ctx, func(st *SyncState) { st.PolledAt = began }); err != nil {
		return err
	}
	due, err := s.sweepDue(ctx, c)
	if err != nil || !due {
		return err
	}
	return s.sweep(ctx, c)
}

// Reconcile runs one complete round at once: catalogue, changes and a sweep of everything. It returns when the cache equals what
// Chatwoot said.
func (e *Engine) Reconcile(ctx context.Context, id AccountID) error {
	s := e.sync(id)
	c, a, err := e.client(ctx, id)
	if err != nil {
		return err
	}
	c = c.In(chatwoot.LaneBackground)
	s.rounds.Lock()
	defer s.rounds.Unlock()
	if err := s.readCatalog(ctx, c, a); err != nil {
		return err
	}
	if err := s.catchUp(ctx, c, a.Sync.PolledAt); err != nil {
		return err
	}
	// A sweep that was interrupted read its first pages long ago.
	if err := s.saveSync(ctx, func(st *SyncState) { st.SweepStartedAt, st.SweepPage = time.Time{}, 0 }); err != nil {
		return err
	}
	return s.sweep(ctx, c)
}

// catchUp reads what changed since a time: by one short window, or by pages where the window would be wide or Chatwoot cannot
// answer it.
func (s *accountSync) catchUp(ctx context.Context, c *chatwoot.Client, since time.Time) error {
	at := s.Clock()
	if gap := at.Sub(since) + pollMargin; gap <= pollLimit {
		p, err := c.Once().Conversations(ctx, chatwoot.ListOptions{Status: "all", UpdatedWithin: gap})
		if err == nil {
			return s.noteDrift(ctx, at)(s.applyRead(ctx, p.Conversations, FromReconcile, at))
		}
		if !errors.Is(err, chatwoot.KindUnavailable) && !errors.Is(err, chatwoot.KindTimeout) {
			return fmt.Errorf("changes of the last %s: %w", gap.Round(time.Second), err)
		}
		s.log.InfoContext(ctx, "changes by pages", "window_seconds", gap.Seconds(), "error", err.Error())
	}
	return s.walk(ctx, c, walk{sort: "last_activity_at_desc", from: 1, source: FromReconcile}, func(p page) (bool, error) {
		err := s.noteDrift(ctx, at)(p.applied, nil)
		return p.oldest.After(since.Add(-pollMargin)), err
	})
}

// noteDrift counts what a read found different though no webhook had told.
func (s *accountSync) noteDrift(ctx context.Context, at time.Time) func(Applied, error) error {
	return func(applied Applied, err error) error {
		if err != nil {
			return err
		}
		n := 0
		for _, d := range applied.Drifted {
			if at.UnixMicro()-d.Version > driftAge.Microseconds() {
				n++
			}
		}
		if n == 0 {
			return nil
		}
		s.log.InfoContext(ctx, "drift repaired", "conversations", n)
		return s.saveSync(ctx, func(st *SyncState) { st.Drift, st.DriftAt = st.Drift+int64(n), at })
	}
}

// saveSync changes what the reconciler remembers. Only the goroutine that holds the round calls it.
func (s *accountSync) saveSync(ctx context.Context, change func(*SyncState)) error {
	a, err := s.Store.Account(ctx, s.id)
	if err != nil {
		return err
	}
	change(&a.Sync)
	return s.Store.SaveSyncState(ctx, s.id, a.Sync)
}

// sweepDue says whether to read everything again: because of the time, because a sweep was interrupted, or because Chatwoot twice
// counted other than we do.
func (s *accountSync) sweepDue(ctx context.Context, c *chatwoot.Client) (bool, error) {
	a, err := s.Store.Account(ctx, s.id)
	if err != nil {
		return false, err
	}
	now := s.Clock()
	if !a.Sync.SweepStartedAt.IsZero() || now.Sub(a.Sync.SweptAt) > s.SweepEvery {
		return true, nil
	}
	if now.Sub(s.countedAt) < s.CountEvery {
		return false, nil
	}
	s.countedAt = now
	counts, err := c.ConversationCounts(ctx, chatwoot.ListOptions{Status: "all"})
	if err != nil {
		return false, err
	}
	ours, err := s.Store.CountConversations(ctx, s.id)
	if err != nil {
		return false, err
	}
	if counts.All == ours {
		s.miscounted = 0
		return false, nil
	}
	s.miscounted++
	if s.miscounted == 1 {
		s.countedAt = time.Time{} // news may be on its way: count again in the next round before reading everything
		return false, nil
	}
	return true, nil
}

// sweep reads all conversations again, resumable at its page, and forgets those that are gone. It finds what Chatwoot changes
// without telling anybody: deletions, deleted labels, fields emptied with an agent or a team (CONTRACT 14).
func (s *accountSync) sweep(ctx context.Context, c *chatwoot.Client) error {
	a, err := s.Store.Account(ctx, s.id)
	if err != nil {
		return err
	}
	st := a.Sync
	if st.SweepStartedAt.IsZero() {
		st.SweepStartedAt, st.SweepPage = s.Clock(), 0
	}
	err = s.walk(ctx, c, walk{sort: "created_at_asc", from: st.SweepPage + 1, source: FromReconcile}, func(p page) (bool, error) {
		if err := s.noteDrift(ctx, s.Clock())(p.applied, nil); err != nil {
			return false, err
		}
		s.heard(nil)
		return true, s.saveSync(ctx, func(now *SyncState) { now.SweepStartedAt, now.SweepPage = st.SweepStartedAt, p.number })
	})
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	if err := s.forgetUnseen(ctx, st.SweepStartedAt); err != nil {
		return err
	}
	s.miscounted = 0
	return s.saveSync(ctx, func(now *SyncState) { now.SweptAt, now.SweepStartedAt, now.SweepPage = s.Clock(), time.Time{}, 0 })
}

// forgetUnseen asks by number for the conversations that no read has met since a sweep began.
func (s *accountSync) forgetUnseen(ctx context.Context, began time.Time) error {
	for {
		ids, err := s.Store.UnseenSince(ctx, s.id, began, readBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.readAgain(ctx, ids); err != nil {
			return fmt.Errorf("read what the sweep missed: %w", err)
		}
	}
}
