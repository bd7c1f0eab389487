package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/chatlane/chatlane/store/db"
)

// Sessions keeps the sessions of browsers for scs. The database holds only a hash of what a browser has, and what a session knows is
// encrypted.
type Sessions struct{ store *Store }

// Sessions is the store's keeper of sessions; it is an scs.CtxStore.
func (s *Store) Sessions() *Sessions { return &Sessions{s} }

func hashed(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// FindCtx returns a session's data if it is there and has not expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, err := db.New(s.store.read).Session(ctx, hashed(token), s.store.now())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err = s.store.seal.open(data, "sessions", row(token), "data")
	return data, err == nil, err
}

// row finds a session's row.
func row(token string) string { return hex.EncodeToString(hashed(token)) }

// CommitCtx saves a session.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	sealed := s.store.seal.seal(data, "sessions", row(token), "data")
	return s.store.write(ctx, func(ctx context.Context, q *db.Queries) error {
		if err := q.PruneSessions(ctx, s.store.now()); err != nil {
			return err
		}
		return q.SaveSession(ctx, hashed(token), sealed, millis(expiry))
	})
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.store.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.DeleteSession(ctx, hashed(token)) })
}

// Find is FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
