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
	q := asked(`coalesce(group_concat(CASE WHEN t.left_at = 0 OR t.left_at > s.value THEN s.value ELSE t.left_at END - t.at) FILTER (WHERE `+knownStart+`), ''),
		coalesce(group_concat(t.conversation_id) FILTER (WHERE `+knownStart+`), ''),
		count(*) FILTER (WHERE (t.left_at = 0 OR t.left_at > s.value) AND `+knownStart+`), count(*) FILTER (WHERE NOT (`+knownStart+`))
		FROM json_each(?) s CROSS JOIN transitions t CROSS JOIN leads p ON p.board_id = t.board_id AND p.conversation_id = t.conversation_id`, a)
	q.args = append([]any{listOf([]int64{end})}, q.args...)
	q.and("t.board_id = ? AND t.to_id = ? AND t.at < s.value AND (t.left_at = 0 OR t.left_at >= ?)", int64(a.Board.ID), int64(stage), millis(span.From))
	return out, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var lengths, cards string
		err := rows.Scan(&lengths, &cards, &out.Open, &out.Unknown)
		out.All, out.Cards = durationsIn(lengths), distinct(numbersIn(cards))
		return err
	})
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
