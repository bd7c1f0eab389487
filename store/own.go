package store

import (
	"sync"

	"github.com/chatlane/chatlane/kanban"
)

// own keeps in memory what people have of boards for themselves, such as views and narrow columns: every page asks for it, and it seldom
// changes. The zero value is empty.
type own struct {
	mu   sync.Mutex
	turn uint64
	kept map[ownKey]any
}

// ownKey is one thing that a person has of a board.
type ownKey struct {
	what   string
	person kanban.PersonID
	board  kanban.BoardID
}

// ownLimit is how many things are kept; with one more, all are forgotten.
const ownLimit = 4096

// ownOf is what is kept, or what read finds. It must not be changed.
func ownOf[T any](o *own, key ownKey, read func() (T, error)) (T, error) {
	o.mu.Lock()
	kept, found := o.kept[key]
	turn := o.turn
	o.mu.Unlock()
	if found {
		return kept.(T), nil
	}
	fresh, err := read()
	if err != nil {
		return fresh, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.turn == turn { // nobody changed anything meanwhile
		if o.kept == nil || len(o.kept) >= ownLimit {
			o.kept = map[ownKey]any{}
		}
		o.kept[key] = fresh
	}
	return fresh, nil
}

// forget is called when a change is durable.
func (o *own) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.turn++
	o.kept = nil
}
