package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// Groups are the leads that came in within a span, by the way they went.
func (s *Store) Groups(ctx context.Context, a report.Question, span report.Span) ([]report.Group, error) {
	q := asked("p.visited, p.stage_id, p.place, CASE WHEN "+lostText(a.Board)+" THEN p.lost_reason ELSE '' END AS reason, count(*), sum(p.earlier), sum(p.told) FROM leads p", a)
	q.selected(a, report.Selection{Came: &span})
	q.sql.WriteString(" GROUP BY p.stage_id, p.place, p.visited, reason")
	var all []report.Group
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var g report.Group
		var visited string
		if err := rows.Scan(&visited, &g.Stage, &g.Place, &g.Reason, &g.Count, &g.Earlier, &g.Told); err != nil {
			return err
		}
		all = append(all, g)
		return json.Unmarshal([]byte(visited), &all[len(all)-1].Visited)
	})
}

// lostText is true of leads that were lost: only their reason tells anything.
func lostText(b kanban.Board) string {
	numbers := []int64{}
	for _, s := range report.Standings(b, report.Lost) {
		numbers = append(numbers, 4*int64(s.Stage)+int64(s.Place))
	}
	return "4 * p.stage_id + p.place IN (SELECT value FROM json_each('" + listOf(numbers) + "'))" // numbers only
}

// steps is a table of spans to join with: their number, beginning and end.
const steps = "json_each(?) s CROSS JOIN leads p"

// Came counts the leads that came in within each of some spans.
func (s *Store) Came(ctx context.Context, a report.Question, spans []report.Span) ([]report.Came, error) {
	q := stepped("s.key, p.assignee_id, count(*)", a, spans)
	q.and("p.came_at >= s.value ->> 0 AND p.came_at < s.value ->> 1")
	q.sql.WriteString(" GROUP BY s.key, p.assignee_id")
	var all []report.Came
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var c report.Came
		all = append(all, c)
		last := &all[len(all)-1]
		return rows.Scan(&last.Step, &last.Agent, &last.Count)
	})
}

// Entered counts the leads that got to where they are within each of some spans. Only what was won or lost is counted.
func (s *Store) Entered(ctx context.Context, a report.Question, spans []report.Span) ([]report.Entered, error) {
	q := stepped("s.key, p.stage_id, p.place, p.assignee_id, "+sums, a, spans)
	q.and("p.entered_at >= s.value ->> 0 AND p.entered_at < s.value ->> 1 AND p.entered_known = 1")
	q.standing(report.Standings(a.Board, report.Won, report.Lost))
	q.sql.WriteString(" GROUP BY s.key, p.stage_id, p.place, p.assignee_id")
	var all []report.Entered
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var e report.Entered
		err := scanSum(rows, &e.Sum, &e.Step, &e.Stage, &e.Place, &e.Agent)
		all = append(all, e)
		return err
	})
}

// stepped is a query of leads for each of some spans.
func stepped(selected string, a report.Question, spans []report.Span) *cardQuery {
	list := make([][2]int64, 0, len(spans))
	for _, s := range spans {
		list = append(list, [2]int64{millis(s.From), millis(s.To)})
	}
	q := asked(selected+" FROM "+steps, a)
	q.args = append([]any{listOf(list)}, q.args...)
	return q
}

// Undated counts what was won or lost at an unknown time: before Chatlane was connected.
func (s *Store) Undated(ctx context.Context, a report.Question) ([]report.Entered, error) {
	q := asked("p.stage_id, p.place, "+sums+" FROM "+byTime, a)
	q.selected(a, report.Selection{Undated: true, Standings: report.Standings(a.Board, report.Won, report.Lost)})
	q.sql.WriteString(" GROUP BY p.stage_id, p.place")
	var all []report.Entered
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var e report.Entered
		err := scanSum(rows, &e.Sum, &e.Stage, &e.Place)
		all = append(all, e)
		return err
	})
}

// byStanding reads leads by where they stand, byTime by since when. The planner is told: to it, all that begins with the board is alike.
const (
	byStanding = "leads p INDEXED BY leads_standing"
	byTime     = "leads p INDEXED BY leads_entered"
)

// Held counts what is open now.
func (s *Store) Held(ctx context.Context, a report.Question) ([]report.Held, error) {
	q := asked("p.stage_id, p.place, p.assignee_id, p.closes_on, "+sums+" FROM "+byStanding, a)
	q.standing(report.Standings(a.Board, report.Open))
	q.sql.WriteString(" GROUP BY p.place, p.stage_id, p.assignee_id, p.closes_on") // in the order of the index: there is nothing to sort
	var all []report.Held
	return all, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var h report.Held
		err := scanSum(rows, &h.Sum, &h.Stage, &h.Place, &h.Agent, &h.Month)
		h.Month = h.Month[:min(len(h.Month), len(report.MonthLayout))]
		all = append(all, h)
		return err
	})
}

// sums are how many leads, how many of them with a value, and what those add up to.
const sums = "count(*), sum(p.valued), sum(CAST(p.value AS REAL))"

// scanSum reads a row that ends in sums. Values are foreign: as whole numbers their sum could overflow.
func scanSum(rows *sql.Rows, into *report.Sum, before ...any) error {
	var value float64
	err := rows.Scan(append(before, &into.Count, &into.Valued, &value)...)
	into.Value = kanban.Amount(math.Round(min(max(value, -maxSum), maxSum)))
	return err
}

// each runs a query and hands over its rows. A viewer of another account finds nothing.
func (s *Store) each(ctx context.Context, a report.Question, q *cardQuery, scan func(*sql.Rows) error) error {
	if err := mine(a.Board, a.Viewer); err != nil {
		return err
	}
	rows, err := s.count.QueryContext(ctx, q.sql.String(), q.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
