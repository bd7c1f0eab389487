package chatwoottest

import "slices"

// Permissions of custom roles that bear on conversations (CONTRACT 2.2).
const (
	PermitAll           = "conversation_manage"
	PermitUnassigned    = "conversation_unassigned_manage"
	PermitParticipating = "conversation_participating_manage"
)

// customRole narrows what an agent of the enterprise edition may see.
type customRole struct {
	id          int64
	name        string
	permissions []string
}

// AddCustomRole makes an agent of the account one with a role of their own:
// they see of their inboxes only what the permissions let them; without any,
// nothing. It returns the role's id.
func (s *Server) AddCustomRole(userID int64, permissions ...string) int64 {
	var role *customRole
	s.inAccount(func(t *tx, a *account) {
		role = &customRole{id: t.id("custom_role"), permissions: slices.Clone(permissions)}
		role.name = "Papel " + itoa(role.id)
		a.customRoles[userID] = role
		a.roles[userID] = "agent"
	})
	return role.id
}

// RemoveCustomRole makes an agent with a role of their own an ordinary one.
func (s *Server) RemoveCustomRole(userID int64) {
	s.inAccount(func(_ *tx, a *account) { delete(a.customRoles, userID) })
}

func (r *customRole) permits(permission string) bool {
	return slices.Contains(r.permissions, permission)
}

// lists says whether lists show the viewer a conversation of one of their
// inboxes. Nobody takes part in a simulated conversation but its assignee.
func (r *customRole) lists(assignee, viewer int64) bool {
	switch {
	case r == nil, r.permits(PermitAll):
		return true
	case r.permits(PermitUnassigned):
		return assignee == 0 || assignee == viewer
	case r.permits(PermitParticipating):
		return assignee == viewer
	}
	return false
}

// shows says whether the viewer may read such a conversation on its own, which
// is not quite the same.
func (r *customRole) shows(assignee, viewer int64) bool {
	switch {
	case r == nil, r.permits(PermitAll):
		return true
	case assignee == 0:
		return r.permits(PermitUnassigned)
	}
	return r.permits(PermitParticipating) && assignee == viewer
}

// customRoleView is what profile.accounts[].custom_role shows.
type customRoleView struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Description *string  `json:"description"`
	Permissions []string `json:"permissions"`
}

func (r *customRole) view() *customRoleView {
	if r == nil {
		return nil
	}
	return &customRoleView{ID: r.id, Name: r.name, Permissions: r.permissions}
}

// permissionsOf is profile.accounts[].permissions.
func permissionsOf(a *account, userID int64) []string {
	if r := a.customRoles[userID]; r != nil {
		return append(slices.Clone(r.permissions), "custom_role")
	}
	return []string{a.roles[userID]}
}

func (r *customRole) number() *int64 {
	if r == nil {
		return nil
	}
	return &r.id
}
