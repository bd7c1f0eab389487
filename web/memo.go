package web

import (
	"context"
	"sync"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// memoLife bounds how long anything is kept: pages tell ages, which move by themselves.
const memoLife = 30 * time.Second

// memo keeps what was made from the database until the hub tells of something that changes it. Of many who ask at once one makes it.
type memo[K comparable, V any] struct {
	hub   *kanban.Hub
	limit int // how much is kept

	mu   sync.Mutex
	kept map[K]*made[V]
}

type made[V any] struct {
	mu    sync.Mutex
	value V
	at    time.Time
	seq   uint64 // the value tells of all events up to this one
}

func newMemo[K comparable, V any](hub *kanban.Hub, limit int) *memo[K, V] {
	return &memo[K, V]{hub: hub, limit: limit, kept: map[K]*made[V]{}}
}

// get returns what is kept under a key if no event since then concerns it, else what fresh makes of the database as it is now. fresh
// gets the number of the latest event before it began: whatever comes after may be missing.
func (m *memo[K, V]) get(ctx context.Context, key K, concerns func(*kanban.Event) bool, fresh func(ctx context.Context, seq uint64) (V, error)) (V, error) {
	asked := m.hub.Seq()
	one := m.entry(key)
	one.mu.Lock()
	defer one.mu.Unlock()
	if !one.at.IsZero() && time.Since(one.at) < memoLife && (one.seq >= asked || m.stillTrue(one, concerns)) {
		return one.value, nil
	}
	seq := m.hub.Seq() // before the database is read, so that nothing is missed
	value, err := fresh(ctx, seq)
	if err != nil {
		return value, err
	}
	one.value, one.at, one.seq = value, time.Now(), seq
	return value, nil
}

// stillTrue looks through what happened since the value was made.
func (m *memo[K, V]) stillTrue(one *made[V], concerns func(*kanban.Event) bool) bool {
	events, ok := m.hub.Since(one.seq)
	if !ok {
		return false
	}
	for _, e := range events {
		if concerns(e) {
			return false
		}
		one.seq = e.Seq
	}
	return true
}

func (m *memo[K, V]) entry(key K) *made[V] {
	m.mu.Lock()
	defer m.mu.Unlock()
	one, ok := m.kept[key]
	if !ok {
		if len(m.kept) >= m.limit {
			clear(m.kept)
		}
		one = new(made[V])
		m.kept[key] = one
	}
	return one
}
