package store

import (
	"bytes"
	"context"
	"database/sql"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// Stays are how long cards stayed in each open stage, for each of some spans: stays that ended within it or went on at its end, those up to
// there.
func (s *Store) Stays(ctx context.Context, a report.Question, spans []report.Span) ([]map[kanban.StageID]report.Stays, error) {
	seen, err := s.seen(ctx, a)
	if err != nil {
		return nil, err
	}
	g, ctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	all := make([]map[kanban.StageID]report.Stays, len(spans))
	for i, span := range spans {
		all[i] = map[kanban.StageID]report.Stays{}
		for _, st := range a.Board.Stages {
			if st.Kind != kanban.StageOpen {
				continue
			}
			g.Go(func() error {
				found, err := s.stays(ctx, a, span, st.ID, seen)
				mu.Lock()
				defer mu.Unlock()
				all[i][st.ID] = found
				return err
			})
		}
	}
	return all, g.Wait()
}

// seen are the cards that a question is about; nil for all of them. To ask for each stay whether its card is one would take longer.
func (s *Store) seen(ctx context.Context, a report.Question) (*idSet, error) {
	if a.Viewer.SeesAll() && a.Filter == (report.Filter{}) {
		return nil, nil
	}
	set := &idSet{}
	return set, s.each(ctx, a, asked(inLists("p.conversation_id")+" FROM leads p", a), func(rows *sql.Rows) error {
		var ids list
		err := scanLists(rows, &ids)
		for n, ok := ids.next(); ok; n, ok = ids.next() {
			set.add(n)
		}
		return err
	})
}

// stays are those of one stage.
func (s *Store) stays(ctx context.Context, a report.Question, span report.Span, stage kanban.StageID, seen *idSet) (report.Stays, error) {
	out := report.Stays{}
	var cards, unknown idSet
	return out, s.each(ctx, a, staysAsked(a, stage, millis(ends(a, span)), millis(span.From)), func(rows *sql.Rows) error {
		var ids, lengths, begun list
		if err := scanLists(rows, &ids, &lengths, &begun); err != nil {
			return err
		}
		out.All = make([]time.Duration, 0, bytes.Count(ids, []byte(",")))
		for card, ok := ids.next(); ok; card, ok = ids.next() {
			length, _ := lengths.next()
			if !seen.has(card) {
				continue
			}
			if length < 0 {
				length, out.Open = -1-length, out.Open+1
			}
			cards.add(card)
			out.All = append(out.All, time.Duration(length)*time.Millisecond)
		}
		for card, ok := begun.next(); ok; card, ok = begun.next() {
			if seen.has(card) {
				unknown.add(card)
			}
		}
		out.Cards, out.Unknown = cards.count, unknown.count
		return nil
	})
}

// staysAsked is the query of a stage's stays: those that go on, and those that ended since a time. What went on at the end of the span is
// told as a negative number. The planner is told the index: it cannot know that few of a long history match.
func staysAsked(a report.Question, stage kanban.StageID, end, from int64) *cardQuery {
	const columns = "SELECT conversation_id, at, left_at, at_known, source FROM transitions INDEXED BY transitions_stay WHERE board_id = ? AND to_id = ? AND at < ?"
	q := &cardQuery{args: []any{end, end, int64(a.Board.ID), int64(stage), end, int64(a.Board.ID), int64(stage), end, from}}
	q.sql.WriteString("SELECT " + inLists(
		"iif("+knownStart+", t.conversation_id, NULL)",
		"iif("+knownStart+", iif(t.left_at = 0 OR t.left_at > ?, t.at - ? - 1, t.left_at - t.at), NULL)",
		"iif("+knownStart+", NULL, t.conversation_id)",
	) + " FROM (" + columns + " AND left_at = 0 UNION ALL " + columns + " AND left_at >= max(1, ?)) t")
	return q
}

// Cycles are how long the leads that were won within a span took, from their first stage to the one they were won in. Those that were
// there before our time are left out.
func (s *Store) Cycles(ctx context.Context, a report.Question, span report.Span) ([]time.Duration, error) {
	var all []time.Duration
	return all, s.each(ctx, a, cyclesAsked(a, span), func(rows *sql.Rows) error {
		var lengths list
		err := scanLists(rows, &lengths)
		for n, ok := lengths.next(); ok; n, ok = lengths.next() {
			all = append(all, time.Duration(n)*time.Millisecond)
		}
		return err
	})
}

func cyclesAsked(a report.Question, span report.Span) *cardQuery {
	q := asked(inLists("p.entered_at - p.came_at")+" FROM leads p", a)
	q.selected(a, report.Selection{Entered: &span, Timed: true, Standings: report.Standings(a.Board, report.Won)})
	return q
}
