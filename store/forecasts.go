package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
	"github.com/chatlane/chatlane/store/db"
)

// RecordForecasts keeps what the open deals of an account's boards promise today, once a day. Later reports tell what had been forecast.
func (s *Store) RecordForecasts(ctx context.Context, account kanban.AccountID, now time.Time) error {
	for _, b := range s.boardsOf(account) {
		day := now.UTC().Format(time.DateOnly)
		known, err := db.New(s.read).HasForecast(ctx, int64(b.ID), day)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		rows, err := s.forecast(ctx, b, day)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue
		}
		if err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
			var errs []error
			for _, r := range rows {
				errs = append(errs, q.SaveForecast(ctx, r))
			}
			return errors.Join(errs...)
		}); err != nil {
			return err
		}
	}
	return nil
}

// forecast is what a board promises now, by month and inbox.
func (s *Store) forecast(ctx context.Context, b kanban.Board, day string) ([]db.SaveForecastParams, error) {
	a := report.Question{Board: b, Viewer: kanban.Viewer{Account: b.Account, Role: kanban.RoleAdministrator}}
	q := asked("p.stage_id, p.place, p.inbox_id, substr(p.closes_on, 1, 7) AS month, "+sums+" FROM leads p", a)
	q.standing(report.Standings(b, report.Open))
	q.sql.WriteString(" GROUP BY p.stage_id, p.place, p.inbox_id, month")
	type key struct {
		month string
		inbox int64
	}
	by := map[key]*db.SaveForecastParams{}
	err := s.each(ctx, a, q, func(rows *sql.Rows) error {
		var h report.Held
		var k key
		if err := scanSum(rows, &h.Sum, &h.Stage, &h.Place, &k.inbox, &k.month); err != nil {
			return err
		}
		if by[k] == nil {
			by[k] = &db.SaveForecastParams{Board: int64(b.ID), Day: day, Month: k.month, Inbox: k.inbox}
		}
		r := by[k]
		r.Cards += int64(h.Count)
		r.Value = min(r.Value+int64(h.Value), maxSum)
		r.Weighted = min(r.Weighted+int64(report.Weighted(h.Value, report.Probability(b, h.Standing))), maxSum)
		return nil
	})
	out := make([]db.SaveForecastParams, 0, len(by))
	for _, r := range by {
		out = append(out, *r)
	}
	return out, err
}

// recordPatience is how many days after a day its record may be from: the program may not have run.
const recordPatience = 7

// Forecast is what had been forecast for a month on a day, or the first record within a week after it. It is kept by inbox only: ok is
// false for a question that is narrower, and where nothing was recorded.
func (s *Store) Forecast(ctx context.Context, a report.Question, month string, on time.Time) (amount kanban.Amount, ok bool, err error) {
	f := a.Filter
	if a.Viewer.Narrow || f.Agent != 0 || f.Unassigned || f.Team != 0 || f.Label != "" {
		return 0, false, nil
	}
	q := &cardQuery{args: []any{month, int64(a.Board.ID)}}
	q.sql.WriteString(`SELECT coalesce(sum(CAST(p.weighted AS REAL)) FILTER (WHERE p.month = ?), 0), count(*) FROM forecasts p WHERE p.board_id = ?`)
	q.listed(a.Viewer)
	q.filtered(f)
	q.and("p.day = (SELECT min(r.day) FROM forecasts r WHERE r.board_id = ? AND r.day >= ? AND r.day <= ?)",
		int64(a.Board.ID), on.Format(time.DateOnly), on.AddDate(0, 0, recordPatience).Format(time.DateOnly))
	err = s.each(ctx, a, q, func(rows *sql.Rows) error {
		var n int
		var sum float64
		err := rows.Scan(&sum, &n)
		amount, ok = kanban.Amount(min(max(sum, -maxSum), maxSum)), n > 0
		return err
	})
	return amount, ok, err
}

// convert takes away what was forecast and wanted in a currency that a board no longer has: amounts of two are never put side by side.
func convert(ctx context.Context, q *db.Queries, old, b kanban.Board) error {
	if old.Currency == b.Currency {
		return nil
	}
	return errors.Join(q.ForgetForecasts(ctx, int64(b.ID)), q.ForgetGoals(ctx, int64(b.ID)))
}

// Goal is what is wanted of a board in a month; ok is false where nothing was said.
func (s *Store) Goal(ctx context.Context, b kanban.BoardID, month string) (goal kanban.Amount, ok bool, err error) {
	value, err := db.New(s.read).Goal(ctx, int64(b), month)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return kanban.Amount(value), err == nil, err
}

// SetGoal says what is wanted of a board in a month; zero takes the goal away.
func (s *Store) SetGoal(ctx context.Context, b kanban.BoardID, month string, goal kanban.Amount) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		if goal == 0 {
			return q.DeleteGoal(ctx, int64(b), month)
		}
		return q.SaveGoal(ctx, int64(b), month, int64(goal))
	})
}

// HidesAgents reports whether agents see no figures of each other in a board's reports.
func (s *Store) HidesAgents(ctx context.Context, b kanban.BoardID) (bool, error) {
	hide, err := db.New(s.read).HidesAgents(ctx, int64(b))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return hide == 1, err
}

// SetHidesAgents settles that.
func (s *Store) SetHidesAgents(ctx context.Context, b kanban.BoardID, hide bool) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.SaveHidesAgents(ctx, int64(b), flag(hide)) })
}
