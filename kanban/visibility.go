package kanban

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
)

// Role is a person's role in an account.
type Role string

// The roles of Chatwoot. A custom role is an agent's.
const (
	RoleAgent         Role = "agent"
	RoleAdministrator Role = "administrator"
)

// Viewer is whoever looks: what Chatwoot would let them see.
type Viewer struct {
	Actor
	// Person is who signed in; 0 for the operator of the installation and for Chatlane itself.
	Person  PersonID
	Account AccountID
	Role    Role
	// Inboxes and Teams an agent is a member of. Not looked at for administrators.
	Inboxes []InboxID
	Teams   []TeamID
	// Narrow says that of those inboxes only the conversations in Only, sorted, may be seen.
	Narrow bool
	Only   []ConversationID
}

// Sees reports whether Chatwoot would list a conversation for the viewer (CONTRACT 2.2).
func (v Viewer) Sees(c Conversation) bool {
	if v.Account != c.Account {
		return false
	}
	if v.SeesAll() {
		return true
	}
	if v.Narrow {
		if _, ok := slices.BinarySearch(v.Only, c.ID); !ok {
			return false
		}
	}
	return v.Role != "" && slices.Contains(v.Inboxes, c.InboxID)
}

// Opens reports whether Chatwoot would show the viewer a conversation that they name: one that lists show them, or one of their team.
func (v Viewer) Opens(c Conversation) bool {
	if v.Sees(c) {
		return true
	}
	return v.Account == c.Account && v.Role != "" && !v.Narrow && c.TeamID != 0 && slices.Contains(v.Teams, c.TeamID)
}

// SeesAll reports whether nothing of the account is hidden from the viewer.
func (v Viewer) SeesAll() bool { return v.Role == RoleAdministrator }

// Sight is the same for viewers whom lists show the same conversations.
func (v Viewer) Sight() string {
	account := strconv.FormatInt(int64(v.Account), 10)
	if v.SeesAll() {
		return account + " all"
	}
	sight := fmt.Sprint(account, " ", slices.Compact(slices.Sorted(slices.Values(v.Inboxes))))
	if v.Narrow {
		sight += fmt.Sprintf(" %x", sha256.Sum256(fmt.Append(nil, v.Only)))
	}
	return sight
}
