package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Options say where the database is and how it is used.
type Options struct {
	// Path of the SQLite file; its folder must exist.
	Path string
	// Key encrypts tokens and secrets; 32 bytes, see KeyFile and KeyFromSecret.
	Key []byte
	// Readers is how many connections read at once; 0 means 4.
	Readers int
	Logger  *slog.Logger
	// Clock is time.Now unless a test sets it.
	Clock func() time.Time
}

// Store is the database: one connection that writes, several that read, and in memory what nearly every request needs.
type Store struct {
	path string
	lock *os.File
	read *sql.DB
	// count is for reports, which read much: the connections of pages stay free, and their memory small.
	count   *sql.DB
	writer  *writer
	seal    sealer
	clock   func() time.Time
	log     *slog.Logger
	faces   faces
	shelves shelves
	own     own
	order   atomic.Uint64 // of changes to cards, see kanban.CardChange

	mu       sync.RWMutex
	accounts map[kanban.AccountID]kanban.Account
	catalogs map[kanban.AccountID]*kanban.Catalog
	boards   map[kanban.BoardID]kanban.Board
}

var _ kanban.Store = (*Store)(nil)

// Open opens or makes the database, brings it up to date and starts the writer. It refuses a database that another process has open or
// that a newer program made, and a key that is not the one its secrets were encrypted with.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Readers == 0 {
		o.Readers = 4
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	seal, err := newSealer(o.Key)
	if err != nil {
		return nil, err
	}
	lock, err := takeLock(o.Path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: o.Path, lock: lock, seal: seal, clock: o.Clock, log: o.Logger}
	if err := s.connect(ctx, o.Readers); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := s.load(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.complete(ctx)
	return s, nil
}

// connect opens the connections and starts the writer.
func (s *Store) connect(ctx context.Context, readers int) error {
	if err := claim(s.path); err != nil {
		return err
	}
	touches := &touches{tell: s.shelves.touched}
	write := sql.OpenDB(connector{dsn(s.path, false), touches})
	write.SetMaxOpenConns(1)
	if err := migrate(ctx, write); err != nil {
		return errors.Join(err, write.Close())
	}
	if err := touches.watch(ctx, write); err != nil {
		return errors.Join(err, write.Close())
	}
	read, err := sql.Open(driverName, dsn(s.path, true))
	if err != nil {
		return errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	log, err := sql.Open(driverName, dsn(s.path, false))
	if err != nil {
		return errors.Join(err, write.Close(), read.Close())
	}
	log.SetMaxOpenConns(1)
	if s.count, err = sql.Open(driverName, strings.Replace(dsn(s.path, true), readerCache, countCache, 1)); err != nil {
		return errors.Join(err, write.Close(), read.Close(), log.Close())
	}
	s.count.SetMaxOpenConns(2)
	s.count.SetMaxIdleConns(2)
	s.count.SetConnMaxIdleTime(time.Minute) // gives the memory back
	s.read, s.writer = read, newWriter(write, newCheckpointer(log, s.log), touches)
	return nil
}

// load checks the key and reads what is kept in memory.
func (s *Store) load(ctx context.Context) error {
	if err := s.checkKey(ctx); err != nil {
		return err
	}
	return s.reload(ctx)
}

// complete places what an earlier run left over. Boards can be read without it.
func (s *Store) complete(ctx context.Context) {
	accounts, _ := s.Accounts(ctx)
	for _, a := range accounts {
		if err := s.placeRest(ctx, a.ID); err != nil {
			s.log.ErrorContext(ctx, "place conversations", "account", int64(a.ID), "error", err.Error())
		}
	}
}

// reload reads accounts, catalogues and boards from the database.
func (s *Store) reload(ctx context.Context) error {
	q := db.New(s.read)
	accounts, err := s.readAccounts(ctx, q)
	if err != nil {
		return err
	}
	catalogs := map[kanban.AccountID]*kanban.Catalog{}
	for id := range accounts {
		if catalogs[id], err = readCatalog(ctx, q, id); err != nil {
			return err
		}
	}
	boards, err := readBoards(ctx, q, catalogs)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts, s.catalogs, s.boards = accounts, catalogs, boards
	s.own.forget() // what went with a board or a stage
	return nil
}

// Close waits for the write under way and closes the database.
func (s *Store) Close() error {
	return errors.Join(s.writer.close(), s.read.Close(), s.count.Close(), giveBack(s.lock))
}

// Ping reports whether the database can be read.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, "SELECT 1 FROM sqlite_schema LIMIT 1").Scan(&one)
}

// ownerOnly is the mode of database files: they hold customers' names and numbers.
const ownerOnly = 0o600

// claim makes the file for its owner only, if there is none; SQLite gives its side files the same mode.
func claim(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, ownerOnly) //nolint:gosec // the operator names the file
	if err != nil {
		return opened(err)
	}
	return f.Close()
}

// The caches of a connection that reads, in KiB: for pages, and for reports, which go through all of a board's history.
const (
	readerCache = "_cache_size=-4096"
	countCache  = "_cache_size=-49152"
)

// driverName is mattn's driver with the settings that its address cannot carry: a pragma run once would reach one pooled connection only.
const driverName = "sqlite3_chatlane"

func init() { sql.Register(driverName, &sqlite3.SQLiteDriver{ConnectHook: settle}) }

func settle(c *sqlite3.SQLiteConn) error {
	_, err := c.Exec("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000", nil)
	return err
}

// dsn is the address of the database. FULL makes an acknowledged write survive a power loss, not only a crash.
func dsn(path string, readOnly bool) string {
	v := url.Values{
		"_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_cache_size": {"-16384"}, "_stmt_cache_size": {"128"},
	}
	if readOnly {
		v.Set("_cache_size", strings.TrimPrefix(readerCache, "_cache_size=")) // each reader has its own; what they share is the system's
		v.Set("mode", "ro")
		v.Set("_query_only", "1")
	} else {
		v.Set("_journal_mode", "WAL")
		v.Set("_synchronous", "FULL")
		v.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// found turns the database's word for "no such row" into ours.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return kanban.ErrNotFound
	}
	return err
}

func (s *Store) now() int64 { return s.clock().UnixMilli() }

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
