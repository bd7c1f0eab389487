package store

import (
	"context"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
	"github.com/chatlane/chatlane/store/db"
)

// OnWriter runs a statement on the connection that writes, to make it fail the way a disk does.
func (s *Store) OnWriter(ctx context.Context, statement string) error {
	_, err := s.writer.db.ExecContext(ctx, statement)
	return err
}

// Block has the writer wait until release is called, so that writes pile up behind it. It returns once the writer waits.
func (s *Store) Block() (release func()) {
	began, end := make(chan struct{}), make(chan struct{})
	s.writer.queue <- &job{ctx: context.Background(), alone: true, result: make(chan error, 1), fn: func(context.Context, *db.Queries) error {
		close(began)
		<-end
		return nil
	}}
	<-began
	return func() { close(end) }
}

// Queued is how many writes wait.
func (s *Store) Queued() int { return len(s.writer.queue) }

// Write saves a setting named name, and then, in the same write, does what fn does.
func (s *Store) Write(ctx context.Context, name string, fn func() error) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		if err := q.SetSetting(ctx, name, name); err != nil {
			return err
		}
		return fn()
	})
}

// WriterPragma is a setting of the connection that writes.
func (s *Store) WriterPragma(ctx context.Context, name string) (value string, err error) {
	err = s.writer.db.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value)
	return value, err
}

// PlaceBatch is how many conversations one turn of the writer places.
const PlaceBatch = placeBatch

// AddBoard makes a board on which nothing is placed yet, as a crash would leave it.
func (s *Store) AddBoard(ctx context.Context, b kanban.Board) (kanban.Board, error) {
	if err := s.addBoard(ctx, &b); err != nil {
		return b, err
	}
	return s.Board(ctx, b.ID)
}

// PlaceSome places the next conversations of a board.
func (s *Store) PlaceSome(ctx context.Context, id kanban.BoardID) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return s.placeSome(ctx, q, id) })
}

// Forsake drops what is kept in memory for filters.
func (s *Store) Forsake() {
	s.shelves.mu.Lock()
	defer s.shelves.mu.Unlock()
	clear(s.shelves.kept)
}

// ReportPlans is how SQLite would go about the queries of a report, a line a step.
func (s *Store) ReportPlans(ctx context.Context, a report.Question, span report.Span) (map[string]string, error) {
	spans := []report.Span{span}
	plans := map[string]string{}
	for name, q := range map[string]*cardQuery{
		"groups": groupsAsked(a, span), "came": cameAsked(a, spans), "entered": enteredAsked(a, spans), "held": heldAsked(a),
		"cycles": cyclesAsked(a, span), "stays": staysAsked(a, a.Board.Stages[0].ID, 2, 1),
	} {
		var err error
		if plans[name], err = s.plan(ctx, q); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

func (s *Store) plan(ctx context.Context, q *cardQuery) (steps string, err error) {
	rows, err := s.count.QueryContext(ctx, "EXPLAIN QUERY PLAN "+q.sql.String(), q.args...)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return "", err
		}
		steps += step + "\n"
	}
	return steps, rows.Err()
}

// The few cards of tests are gone through in parts, too.
func init() { partSize = 4 }

// Scattered is scattered.
var Scattered = scattered
