// Package desk is what a person does with one conversation: reading it, answering, changing its fields, opening a new one. Everything
// is done in Chatwoot with the person's own token; the board follows through the engine.
package desk

import (
	"log/slog"
	"sync"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// Desk is where a person works a conversation.
type Desk struct {
	Engine *kanban.Engine
	Store  Store
	Logger *slog.Logger
	// Clock is time.Now unless a test sets it.
	Clock func() time.Time

	turns   turns
	busy    sync.Map // the messages that are just gone on with: kanban.SendID → true
	serving sync.Map // the accounts whose batches are just gone on with: kanban.AccountID → true
	batches sync.WaitGroup
	more    chan struct{} // a card of a batch may be due
}

// New makes a desk on the engine's clock and log.
func New(e *kanban.Engine, s Store) *Desk {
	return &Desk{Engine: e, Store: s, Logger: e.Logger, Clock: e.Clock, more: make(chan struct{}, 1)}
}
