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
	Lane         Lane
}

// String writes a cursor for an address.
func (c Cursor) String() string {
	text := fmt.Sprintf("%d.%d", c.SortKey, c.Conversation)
	if c.Lane != 0 {
		text += fmt.Sprintf(".%d", c.Lane)
	}
	return text
}

// ParseCursor reads what String wrote.
func ParseCursor(text string) (Cursor, error) {
	parts := strings.Split(text, ".")
	if len(parts) == 2 {
		parts = append(parts, "0")
	}
	var n [3]int64
	if len(parts) != len(n) {
		return Cursor{}, Invalid("page.cursor")
	}
	for i, part := range parts {
		var err error
		if n[i], err = strconv.ParseInt(part, 10, 64); err != nil {
			return Cursor{}, Invalid("page.cursor")
		}
	}
	return Cursor{n[0], ConversationID(n[1]), Lane(n[2])}, nil
}
