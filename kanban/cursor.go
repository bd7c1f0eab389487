package kanban

import (
	"fmt"
	"strconv"
	"strings"
)

// Cursor is where a page of a column ended: the next one begins after it, whatever moved meanwhile.
type Cursor struct {
	SortKey      int64
	Conversation ConversationID
}

// String writes a cursor for an address.
func (c Cursor) String() string { return fmt.Sprintf("%d.%d", c.SortKey, c.Conversation) }

// ParseCursor reads what String wrote.
func ParseCursor(text string) (Cursor, error) {
	key, id, ok := strings.Cut(text, ".")
	k, err := strconv.ParseInt(key, 10, 64)
	n, err2 := strconv.ParseInt(id, 10, 64)
	if !ok || err != nil || err2 != nil {
		return Cursor{}, Invalid("page.cursor")
	}
	return Cursor{k, ConversationID(n)}, nil
}
