package store

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// Stays are how long cards stayed in each open stage: stays that ended within a span or went on at its end, those up to there.
func (s *Store) Stays(ctx context.Context, a report.Question, span report.Span) (map[kanban.StageID]report.Stays, error) {
	seen, err := s.seen(ctx, a)
	if err != nil {
		return nil, err
	}
	all := map[kanban.StageID]report.Stays{}
	for _, st := range a.Board.Stages {
		if st.Kind != kanban.StageOpen {
			continue
		}
		if all[st.ID], err = s.stays(ctx, a, span, st.ID, seen); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// seen are the cards that a question is about; nil for all of them. To ask for each stay whether its card is one would take longer.
func (s *Store) seen(ctx context.Context, a report.Question) (*idSet, error) {
	if a.Viewer.SeesAll() && a.Filter == (report.Filter{}) {
		return nil, nil
	}
	set := &idSet{}
	return set, s.each(ctx, a, asked("coalesce(group_concat(p.conversation_id), '') FROM leads p", a), func(rows *sql.Rows) error {
		var ids sql.RawBytes
		err := rows.Scan(&ids)
		for n := range numbersIn(ids) {
			set.add(n)
		}
		return err
	})
}

// stays are those of one stage. They come as one text, a card and a length each: to hand over half a million rows would take seconds.
func (s *Store) stays(ctx context.Context, a report.Question, span report.Span, stage kanban.StageID, seen *idSet) (report.Stays, error) {
	out := report.Stays{}
	var cards, unknown idSet
	return out, s.each(ctx, a, staysAsked(a, stage, millis(ends(a, span)), millis(span.From)), func(rows *sql.Rows) error {
		var count int
		var lengths, begun sql.RawBytes
		if err := rows.Scan(&count, &lengths, &begun); err != nil {
			return err
		}
		out.All = make([]time.Duration, 0, count)
		card := int64(-1)
		for n := range numbersIn(lengths) {
			if card < 0 {
				card = n
				continue
			}
			if seen.has(card) {
				if n < 0 {
					n, out.Open = -1-n, out.Open+1
				}
				cards.add(card)
				out.All = append(out.All, time.Duration(n)*time.Millisecond)
			}
			card = -1
		}
		for n := range numbersIn(begun) {
			if seen.has(n) {
				unknown.add(n)
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
	q.sql.WriteString(`SELECT count(*), coalesce(group_concat(t.conversation_id || ',' || iif(t.left_at = 0 OR t.left_at > ?, t.at - ? - 1, t.left_at - t.at)) FILTER (WHERE ` +
		knownStart + "), ''), coalesce(group_concat(t.conversation_id) FILTER (WHERE NOT (" + knownStart + `)), '')
		FROM (` + columns + " AND left_at = 0 UNION ALL " + columns + " AND left_at >= max(1, ?)) t")
	return q
}

// Cycles are how long the leads that were won within a span took, from their first stage to the one they were won in. Those that were
// there before our time are left out.
func (s *Store) Cycles(ctx context.Context, a report.Question, span report.Span) ([]time.Duration, error) {
	q := asked("coalesce(group_concat(p.entered_at - p.came_at), '') FROM leads p", a)
	q.selected(a, report.Selection{Entered: &span, Timed: true, Standings: report.Standings(a.Board, report.Won)})
	var all []time.Duration
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var lengths sql.RawBytes
		err := rows.Scan(&lengths)
		for n := range numbersIn(lengths) {
			all = append(all, time.Duration(n)*time.Millisecond)
		}
		return err
	})
}

// numbersIn are the whole numbers in a list that our own query wrote.
func numbersIn(list []byte) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		n, sign := int64(0), int64(1)
		for i, c := range list {
			switch c {
			case '-':
				sign = -1
				continue
			case ',':
			default:
				n = n*10 + int64(c-'0')
				if i < len(list)-1 {
					continue
				}
			}
			if !yield(sign * n) {
				return
			}
			n, sign = 0, 1
		}
	}
}
