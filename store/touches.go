package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"

	"github.com/mattn/go-sqlite3"

	"github.com/chatlane/chatlane/kanban"
)

// touches notices which cards each transaction changes, whatever statement does it, so that what is kept of them in memory is read
// anew. The writer's connection calls it by triggers of its own, which are not in the file.
type touches struct {
	mu    sync.Mutex
	under []touch // by the transaction under way
	tell  func([]touch)
}

// touch is a card, or with a board of 0 all cards of a conversation.
type touch struct {
	account      kanban.AccountID
	board        kanban.BoardID
	conversation kanban.ConversationID
}

// touching are the triggers. A conversation that goes takes its placements along, one by one.
const touching = `
	CREATE TEMP TRIGGER IF NOT EXISTS touch_insert AFTER INSERT ON main.placements BEGIN SELECT touch(new.account_id, new.board_id, new.conversation_id); END;
	CREATE TEMP TRIGGER IF NOT EXISTS touch_update AFTER UPDATE ON main.placements BEGIN SELECT touch(new.account_id, new.board_id, new.conversation_id); END;
	CREATE TEMP TRIGGER IF NOT EXISTS touch_delete AFTER DELETE ON main.placements BEGIN SELECT touch(old.account_id, old.board_id, old.conversation_id); END;
	CREATE TEMP TRIGGER IF NOT EXISTS touch_face AFTER UPDATE OF face ON main.conversations BEGIN SELECT touch(new.account_id, 0, new.id); END;`

// connector opens the connection that writes. Its triggers need tables, so on a new file they come after the migrations: see watch.
type connector struct {
	dsn     string
	touches *touches
}

func (c connector) Driver() driver.Driver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		if err := settle(conn); err != nil {
			return err
		}
		return conn.RegisterFunc("touch", c.touches.note, false)
	}}
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(c.dsn) }

// watch sets the triggers. The writer has one connection, which stays.
func (t *touches) watch(ctx context.Context, writer *sql.DB) error {
	writer.SetConnMaxLifetime(0)
	_, err := writer.ExecContext(ctx, touching)
	return err
}

// note is called by SQLite within a write.
func (t *touches) note(account, board, conversation int64) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.under = append(t.under, touch{kanban.AccountID(account), kanban.BoardID(board), kanban.ConversationID(conversation)})
	return 0
}

// settled tells of the cards that a transaction changed, once it is through. What was undone is told of, too, which does no harm.
func (t *touches) settled() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.under) > 0 {
		t.tell(t.under)
		t.under = t.under[:0]
	}
}
