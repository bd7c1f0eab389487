package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// Stays are how long cards stayed in each open stage: stays that ended within a span or went on at its end, those up to there.
func (s *Store) Stays(ctx context.Context, a report.Question, span report.Span) (map[kanban.StageID]report.Stays, error) {
	all := map[kanban.StageID]report.Stays{}
	for _, st := range a.Board.Stages {
		if st.Kind != kanban.StageOpen {
			continue
		}
		one, err := s.stays(ctx, a, span, st.ID)
		if err != nil {
			return nil, err
		}
		all[st.ID] = one
	}
	return all, nil
}

// stays are those of one stage. They come as one text: to hand over half a million rows would take seconds.
func (s *Store) stays(ctx context.Context, a report.Question, span report.Span, stage kanban.StageID) (report.Stays, error) {
	var out report.Stays
	end := millis(ends(a, span))
	q := staysAsked(a, stage, end, millis(span.From))
	lengths, cards := []time.Duration{}, []int64{}
	return out, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text, &out.Unknown); err != nil {
			return err
		}
		for fields := range strings.SplitSeq(text, ",") {
			at, left, card, ok := stayIn(fields)
			if !ok {
				continue
			}
			if left == 0 || left > end {
				left = end
				out.Open++
			}
			lengths, cards = append(lengths, time.Duration(left-at)*time.Millisecond), append(cards, card)
		}
		out.All, out.Cards = lengths, distinct(cards)
		return nil
	})
}

// staysAsked is the query of a stage's stays: those that go on, and those that ended since a time. The planner is told their index: it
// cannot know that few of a long history match. Who sees everything and narrows nothing needs no look at each card.
func staysAsked(a report.Question, stage kanban.StageID, end, from int64) *cardQuery {
	const columns = "SELECT board_id, conversation_id, at, left_at, at_known, source FROM transitions INDEXED BY transitions_stay WHERE board_id = ? AND to_id = ? AND at < ?"
	selected := "coalesce(group_concat(t.at || ' ' || t.left_at || ' ' || t.conversation_id) FILTER (WHERE " + knownStart + "), ''), count(*) FILTER (WHERE NOT (" + knownStart + `))
		FROM (` + columns + " AND left_at = 0 UNION ALL " + columns + " AND left_at >= max(1, ?)) t"
	args := []any{int64(a.Board.ID), int64(stage), end, int64(a.Board.ID), int64(stage), end, from}
	if a.Viewer.SeesAll() && a.Filter == (report.Filter{}) {
		q := &cardQuery{args: args}
		q.sql.WriteString("SELECT " + selected)
		return q
	}
	q := asked(selected+" CROSS JOIN leads p ON p.board_id = t.board_id AND p.conversation_id = t.conversation_id", a)
	q.args = append(args, q.args...)
	return q
}

// stayIn reads when a stay began and ended, and whose it was.
func stayIn(text string) (at, left, card int64, ok bool) {
	begun, rest, _ := strings.Cut(text, " ")
	ended, whose, ok := strings.Cut(rest, " ")
	at, _ = strconv.ParseInt(begun, 10, 64) // our own query wrote it
	left, _ = strconv.ParseInt(ended, 10, 64)
	card, _ = strconv.ParseInt(whose, 10, 64)
	return at, left, card, ok
}

// Cycles are how long the leads that were won within a span took, from their first stage to the one they were won in. Those that were
// there before our time are left out.
func (s *Store) Cycles(ctx context.Context, a report.Question, span report.Span) ([]time.Duration, error) {
	q := asked("coalesce(group_concat(p.entered_at - p.came_at), '') FROM leads p", a)
	q.selected(a, report.Selection{Entered: &span, Timed: true, Standings: report.Standings(a.Board, report.Won)})
	var all []time.Duration
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var lengths string
		err := rows.Scan(&lengths)
		all = durationsIn(lengths)
		return err
	})
}

func durationsIn(text string) []time.Duration {
	all := numbersIn(text)
	out := make([]time.Duration, len(all))
	for i, n := range all {
		out[i] = time.Duration(n) * time.Millisecond
	}
	return out
}

func numbersIn(text string) []int64 {
	if text == "" {
		return nil
	}
	all := make([]int64, 0, strings.Count(text, ",")+1)
	for part := range strings.SplitSeq(text, ",") {
		n, _ := strconv.ParseInt(part, 10, 64) // our own query wrote it
		all = append(all, n)
	}
	return all
}

func distinct(ids []int64) int {
	slices.Sort(ids)
	return len(slices.Compact(ids))
}
