package store

import (
	"context"
	"database/sql"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// Came counts the leads that came in within each of some spans, which are told in their order.
func (s *Store) Came(ctx context.Context, a report.Question, spans []report.Span) ([]report.Came, error) {
	counts := map[report.Came]int{}
	err := s.each(ctx, a, cameAsked(a, spans), func(rows *sql.Rows) error {
		var times, agents list
		if err := scanLists(rows, &times, &agents); err != nil {
			return err
		}
		step := stepsOf(spans)
		for at, ok := times.next(); ok; at, ok = times.next() {
			agent, _ := agents.next()
			if n, within := step(at); within {
				counts[report.Came{Step: n, Agent: kanban.AgentID(agent)}]++
			}
		}
		return nil
	})
	all := make([]report.Came, 0, len(counts))
	for c, n := range counts {
		c.Count = n
		all = append(all, c)
	}
	return all, err
}

func cameAsked(a report.Question, spans []report.Span) *cardQuery {
	q := asked(inLists("p.came_at", "p.assignee_id")+" FROM leads p", a)
	q.within("p.came_at", spans)
	return q
}

// Entered counts the leads that got to where they are within each of some spans, which are told in their order. Only what was won or lost
// is counted.
func (s *Store) Entered(ctx context.Context, a report.Question, spans []report.Span) ([]report.Entered, error) {
	counts := map[report.Entered]*total{}
	err := s.each(ctx, a, enteredAsked(a, spans), func(rows *sql.Rows) error {
		var times, standings, agents, valued, values list
		if err := scanLists(rows, &times, &standings, &agents, &valued, &values); err != nil {
			return err
		}
		step := stepsOf(spans)
		for at, ok := times.next(); ok; at, ok = times.next() {
			standing, _ := standings.next()
			agent, _ := agents.next()
			known, _ := valued.next()
			value, _ := values.next()
			n, within := step(at)
			if !within {
				continue
			}
			key := report.Entered{Step: n, Standing: report.Standing{Stage: kanban.StageID(standing >> 2), Place: report.Place(standing & 3)}, Agent: kanban.AgentID(agent)}
			if counts[key] == nil {
				counts[key] = &total{}
			}
			counts[key].add(known, value)
		}
		return nil
	})
	all := make([]report.Entered, 0, len(counts))
	for e, t := range counts {
		e.Sum = t.sum()
		all = append(all, e)
	}
	return all, err
}

func enteredAsked(a report.Question, spans []report.Span) *cardQuery {
	q := asked(inLists("p.entered_at", "4 * p.stage_id + p.place", "p.assignee_id", "p.valued", "p.value")+" FROM leads p", a)
	q.within("p.entered_at", spans)
	q.and("p.entered_known = 1")
	q.standing(report.Standings(a.Board, report.Won, report.Lost))
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
	var all []report.Held
	return all, s.each(ctx, a, heldAsked(a), func(rows *sql.Rows) error {
		var h report.Held
		err := scanSum(rows, &h.Sum, &h.Stage, &h.Place, &h.Agent, &h.Month)
		h.Month = h.Month[:min(len(h.Month), len(report.MonthLayout))]
		all = append(all, h)
		return err
	})
}

func heldAsked(a report.Question) *cardQuery {
	q := asked("p.stage_id, p.place, p.assignee_id, p.closes_on, "+sums+" FROM "+byStanding, a)
	q.standing(report.Standings(a.Board, report.Open))
	q.sql.WriteString(" GROUP BY p.place, p.stage_id, p.assignee_id, p.closes_on") // in the order of the index: there is nothing to sort
	return q
}

// sums are how many leads, how many of them with a value, and what those add up to.
const sums = "count(*), sum(p.valued), sum(CAST(p.value AS REAL))"

// scanSum reads a row that ends in sums. Values are foreign: as whole numbers their sum could overflow.
func scanSum(rows *sql.Rows, into *report.Sum, before ...any) error {
	var value float64
	err := rows.Scan(append(before, &into.Count, &into.Valued, &value)...)
	into.Value = bounded(value)
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
