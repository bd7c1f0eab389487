package store

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"sync/atomic"
)

// SQLite moves the pages of its log into the database file during a commit, once the log is long enough: in a rush that stops all
// writers for ten milliseconds, several times a second. So a connection of its own moves them meanwhile, a piece at a time, and the
// writer finds next to nothing to move when its turn comes (wal_autocheckpoint).
const checkpointEvery = 400 // writes

// checkpointer moves the log on.
type checkpointer struct {
	db     *sql.DB
	log    *slog.Logger
	writes atomic.Int64 // since the log was last moved
	due    chan struct{}
	done   chan struct{}
	once   sync.Once
}

func newCheckpointer(d *sql.DB, log *slog.Logger) *checkpointer {
	c := &checkpointer{db: d, log: log, due: make(chan struct{}, 1), done: make(chan struct{})}
	go c.run()
	return c
}

// wrote notes a commit of so many writes.
func (c *checkpointer) wrote(n int) {
	if c.writes.Add(int64(n)) < checkpointEvery {
		return
	}
	c.writes.Store(0)
	select {
	case c.due <- struct{}{}:
	default: // it is at it
	}
}

func (c *checkpointer) run() {
	defer close(c.done)
	for range c.due {
		// PASSIVE waits for nobody and keeps nobody waiting; what somebody still reads stays for the next time.
		if _, err := c.db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
			c.log.Warn("move the database's log", "error", err.Error()) // the writer will
		}
	}
}

// close waits for what is under way. Nobody may write any more.
func (c *checkpointer) close() error {
	c.once.Do(func() { close(c.due) })
	<-c.done
	return c.db.Close()
}
