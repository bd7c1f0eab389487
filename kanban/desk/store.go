package desk

import (
	"context"

	"github.com/chatlane/chatlane/kanban"
)

// Store is what the desk needs of the database. Each method is one transaction, durable when it returns.
type Store interface {
	accountStore
	sendStore
	beginningStore
	batchStore
}

type accountStore interface {
	Account(context.Context, kanban.AccountID) (kanban.Account, error)
	Catalog(context.Context, kanban.AccountID) (*kanban.Catalog, error)
	Conversation(context.Context, kanban.AccountID, kanban.ConversationID) (kanban.Conversation, error)
	Card(context.Context, kanban.Board, kanban.Viewer, kanban.ConversationID) (kanban.Card, error)
}
