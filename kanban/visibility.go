package kanban

import "slices"

// Role is a person's role in an account.
type Role string

// The roles of Chatwoot.
const (
	RoleAgent         Role = "agent"
	RoleAdministrator Role = "administrator"
)

// Viewer is whoever looks: what Chatwoot would let them see.
type Viewer struct {
	Actor
	Account AccountID
	Role    Role
	// Inboxes an agent is a member of. Not looked at for administrators.
	Inboxes []InboxID
}

// Sees reports whether Chatwoot would list a conversation for the viewer (CONTRACT 2.2).
func (v Viewer) Sees(c Conversation) bool {
	if v.Account != c.Account {
		return false
	}
	return v.Role == RoleAdministrator || slices.Contains(v.Inboxes, c.InboxID)
}

// SeesAll reports whether nothing of the account is hidden from the viewer.
func (v Viewer) SeesAll() bool { return v.Role == RoleAdministrator }
