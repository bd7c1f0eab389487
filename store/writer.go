package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// groupLimit bounds the writes of one commit, so that none waits long for its neighbours.
const groupLimit = 512

// Chatwoot waits for the answer to a webhook, nobody for what it means. So a patient job waits for patience after the last of them, as
// long as there was a crowd lately: a commit that at least so many writes shared. In a crowd small commits and large ones alternate.
const (
	crowd    = 32
	lately   = 20 * time.Millisecond
	patience = 100 * time.Millisecond
)

// writer owns the one connection that writes. Writes that arrive while a commit is under way share the next one: a durable commit costs
// a disk flush, however much is in it.
type writer struct {
	db      *sql.DB
	log     *checkpointer
	touches *touches
	queue   chan *job
	patient chan *job // those that may wait for the others
	crowded time.Time // when a commit was last shared by many
	rested  time.Time // when a patient job last ended
	quit    chan struct{}
	done    chan struct{}
	once    sync.Once
}

// job is one write: all of it is in the database when its caller goes on, or nothing.
type job struct {
	ctx context.Context //nolint:containedctx // it is the caller's, who waits; the job crosses to the writer and back
	fn  func(context.Context, *db.Queries) error
	// alone gives the job a commit of its own, because those after it depend on what it changes in memory.
	alone bool
	// patient says that nobody waits for the outcome but a queue.
	patient bool
	// atomic says that fn is a single statement and needs no savepoint.
	atomic bool
	// after runs once the commit is durable and before the caller goes on.
	after  func()
	result chan error
	err    error
}

// errClosed answers writes to a store that is closed.
var errClosed = errors.New("store is closed")

func newWriter(d *sql.DB, log *checkpointer, touches *touches) *writer {
	w := &writer{db: d, log: log, touches: touches, queue: make(chan *job, groupLimit), patient: make(chan *job), quit: make(chan struct{}), done: make(chan struct{})}
	go w.run()
	return w
}

// do runs a job and returns when it is durable. A job whose context ends while it waits is not run.
func (w *writer) do(j *job) error {
	j.result = make(chan error, 1)
	queue := w.queue
	if j.patient {
		queue = w.patient
	}
	select {
	case queue <- j:
	case <-w.quit:
		return errClosed
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
	select {
	case err := <-j.result:
		return err
	case <-w.done:
		select {
		case err := <-j.result: // it was in the last commit
			return err
		default:
			return errClosed
		}
	}
}

func (w *writer) run() {
	defer close(w.done)
	for j := w.take(); j != nil; j = w.take() {
		for next := w.commit(j); next != nil; {
			next = w.commit(next)
		}
		if j.patient {
			w.rested = time.Now()
		}
	}
}

// take waits for the next job; nil when there will be none.
func (w *writer) take() *job {
	for {
		patient, later := w.patient, (<-chan time.Time)(nil)
		if wait := w.hold(); wait > 0 {
			patient, later = nil, time.After(wait)
		}
		select {
		case j := <-w.queue:
			return j
		case j := <-patient:
			return j
		case <-later:
		case <-w.quit:
			return nil
		}
	}
}

// hold is how long patient jobs wait from now on: until the crowd is gone, or it is their turn.
func (w *writer) hold() time.Duration {
	return min(lately-time.Since(w.crowded), patience-time.Since(w.rested))
}

// commit runs a job and those waiting behind it in one transaction. It returns a job that must come next, if it met one.
func (w *writer) commit(first *job) (next *job) {
	group := []*job{first} // answered also when no transaction begins
	err := w.transact(func(tx *sql.Tx) (err error) {
		group, next, err = w.gather(tx, first)
		return err
	})
	if len(group) >= crowd {
		w.crowded = time.Now()
	}
	if broken(err) {
		err = fmt.Errorf("%w: %w", kanban.ErrUnavailable, err)
	}
	w.touches.settled() // before anybody goes on: whoever does reads what they wrote
	for _, j := range group {
		j.answer(err)
	}
	w.log.wrote(len(group))
	return next
}

// gather runs a job, and more as long as some wait and may share its commit.
func (w *writer) gather(tx *sql.Tx, first *job) (group []*job, next *job, err error) {
	for j := first; j != nil; j = w.waiting() {
		if j.alone && j != first {
			return group, j, nil
		}
		group = append(group, j)
		if err := w.step(tx, j); err != nil || j.alone || len(group) == groupLimit {
			return group, nil, err
		}
	}
	return group, nil, nil
}

// waiting is a job that is there already, or will be once those who can run have run: it costs nothing when there are none, and in a
// crowd it makes one commit of several.
func (w *writer) waiting() *job {
	for range 2 {
		select {
		case j := <-w.queue:
			return j
		default:
			runtime.Gosched()
		}
	}
	return nil
}

// answer tells a job's caller how it ended; err is that of the whole transaction.
func (j *job) answer(err error) {
	switch {
	case err != nil:
		j.result <- fmt.Errorf("write: %w", err)
	case j.err != nil:
		j.result <- j.err
	default:
		if j.after != nil {
			j.after()
		}
		j.result <- nil
	}
}

// transact is the only place that begins and ends a transaction.
func (w *writer) transact(fn func(*sql.Tx) error) error {
	tx, err := w.db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// step runs one job. Its own failure is undone and kept for its caller; only a broken transaction is returned.
func (w *writer) step(tx *sql.Tx, j *job) error {
	if j.err = context.Cause(j.ctx); j.err != nil {
		return nil //nolint:nilerr // its caller hears it; the others' transaction goes on
	}
	ctx := context.WithoutCancel(j.ctx) // from here on the caller waits for the outcome
	if !j.atomic {
		if _, err := tx.ExecContext(ctx, "SAVEPOINT job"); err != nil {
			return err
		}
	}
	j.err = j.run(ctx, db.New(tx))
	switch {
	case broken(j.err):
		return j.err // SQLite may have rolled back everything, so nothing of the group counts
	case j.atomic:
		return nil
	case j.err != nil:
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO job"); err != nil {
			return errors.Join(j.err, err)
		}
	}
	_, err := tx.ExecContext(ctx, "RELEASE job")
	return err
}

// run calls fn. A mistake in it is its caller's failure, not the end of the one goroutine that writes.
func (j *job) run(ctx context.Context, q *db.Queries) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", r, debug.Stack())
		}
	}()
	return j.fn(ctx, q)
}

// broken reports whether an error is the database's own, such as a full disk, rather than that of one statement.
func broken(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrReadonly, sqlite3.ErrBusy, sqlite3.ErrInterrupt, sqlite3.ErrCantOpen,
		sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return true
	}
	return false
}

// close lets the write under way end, refuses those that wait, and closes the connection.
func (w *writer) close() error {
	w.once.Do(func() { close(w.quit) })
	<-w.done
	_, _ = w.db.ExecContext(context.Background(), "PRAGMA optimize")
	return errors.Join(w.log.close(), w.db.Close())
}

// write runs fn in a transaction that others may share.
func (s *Store) write(ctx context.Context, fn func(context.Context, *db.Queries) error) error {
	return s.writer.do(&job{ctx: ctx, fn: fn})
}

// writePatiently is write for what nobody waits for. It has to be short, because others wait for it.
func (s *Store) writePatiently(ctx context.Context, fn func(context.Context, *db.Queries) error) error {
	return s.writer.do(&job{ctx: ctx, fn: fn, patient: true})
}

// writeThen is write, and after runs once the change is durable.
func (s *Store) writeThen(ctx context.Context, fn func(context.Context, *db.Queries) error, after func()) error {
	return s.writer.do(&job{ctx: ctx, fn: fn, after: after})
}

// restructure runs fn in a transaction of its own and then reads anew what is kept in memory.
func (s *Store) restructure(ctx context.Context, fn func(context.Context, *db.Queries) error) error {
	var reloaded error
	err := s.writer.do(&job{ctx: ctx, fn: fn, alone: true, after: func() { reloaded = s.reload(context.WithoutCancel(ctx)) }})
	return errors.Join(err, reloaded)
}
