package kanban

import (
	"context"
	"fmt"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// importAll reads all conversations for the first time, oldest first: an order that does not shift while people work. It resumes at
// the page where a crash left it, and asks afterwards for what changed meanwhile.
func (s *accountSync) importAll(ctx context.Context, c *chatwoot.Client, a Account) error {
	st := a.Import
	if st.StartedAt.IsZero() {
		st.StartedAt = s.Clock()
		if err := s.Store.SaveImportState(ctx, s.id, st); err != nil {
			return err
		}
		s.log.InfoContext(ctx, "import begins")
	}
	err := s.walk(ctx, c, walk{sort: "created_at_asc", from: st.Page + 1, source: FromImport}, func(p page) (bool, error) {
		st.Shrunk = st.Shrunk || p.total < st.Total
		st.Page, st.Total = p.number, p.total
		st.Done += p.rows
		s.heard(nil)
		return true, s.Store.SaveImportState(ctx, s.id, st)
	})
	if err != nil {
		return fmt.Errorf("import from page %d: %w", st.Page+1, err)
	}
	s.countedAt = time.Time{} // the next round counts
	began := s.Clock()
	if err := s.catchUp(ctx, c, st.StartedAt); err != nil {
		return err
	}
	sync := a.Sync
	sync.PolledAt, sync.SweptAt = began, st.StartedAt
	if st.Shrunk {
		sync.SweptAt = time.Time{} // the count may be right by chance, so the next round reads everything
	}
	if err := s.Store.SaveSyncState(ctx, s.id, sync); err != nil {
		return err
	}
	st.FinishedAt = s.Clock()
	s.log.InfoContext(ctx, "import ends", "conversations", st.Done, "seconds", st.FinishedAt.Sub(st.StartedAt).Seconds())
	defer s.connectionChanged()
	return s.Store.SaveImportState(ctx, s.id, st)
}

// walk says which pages of the conversation list to read.
type walk struct {
	sort   string
	from   int
	source Source
}

// page is what a walk tells after each page is in the cache.
type page struct {
	number, rows, total int
	applied             Applied
	oldest              time.Time // activity on the page
}

// walk reads pages until one is past the end or done says so. The next page is asked for while the last one is written, so that
// Chatwoot always has exactly one request of ours to answer: more readers would only slow it down for its people.
func (s *accountSync) walk(ctx context.Context, c *chatwoot.Client, w walk, done func(page) (goOn bool, err error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	number := w.from
	for ans := range s.pages(ctx, c, w) {
		if ans.err != nil {
			return ans.err
		}
		if ans.End() {
			return nil
		}
		applied, err := s.applyRead(ctx, ans.Conversations, w.source, ans.at)
		if err != nil {
			return err
		}
		goOn, err := done(page{number: number, rows: len(ans.Conversations), total: ans.Counts.All, applied: applied, oldest: oldest(ans.Conversations)})
		if err != nil || !goOn {
			return err
		}
		number++
	}
	return ctx.Err()
}

// pageAnswer is a page as Chatwoot answered it, and when it was asked for.
type pageAnswer struct {
	chatwoot.ConversationPage
	at  time.Time
	err error
}

// pages asks for one page after the other until the last one, an error, or the end of ctx.
func (s *accountSync) pages(ctx context.Context, c *chatwoot.Client, w walk) <-chan pageAnswer {
	answers := make(chan pageAnswer)
	go func() {
		defer close(answers)
		for n := w.from; ; n++ {
			at := s.Clock()
			p, err := c.Conversations(ctx, chatwoot.ListOptions{Status: "all", SortBy: w.sort, Page: n})
			select {
			case answers <- pageAnswer{p, at, err}:
			case <-ctx.Done():
				return
			}
			if err != nil || p.End() {
				return
			}
		}
	}()
	return answers
}

// oldest is the least recent activity among conversations.
func oldest(conversations []chatwoot.Conversation) (t time.Time) {
	for _, c := range conversations {
		if t.IsZero() || c.LastActivityAt.Before(t) {
			t = c.LastActivityAt.Time
		}
	}
	return t
}

// applyRead puts what a read answered into the cache.
func (s *accountSync) applyRead(ctx context.Context, conversations []chatwoot.Conversation, source Source, at time.Time) (Applied, error) {
	snaps := make([]Snapshot, 0, len(conversations))
	for _, c := range conversations {
		snaps = append(snaps, SnapshotOf(s.id, c, source, at, true))
	}
	applied, err := s.apply(ctx, snaps, nil)
	if err == nil {
		s.mover.inspect(ctx, s.id, snaps)
	}
	return applied, err
}
