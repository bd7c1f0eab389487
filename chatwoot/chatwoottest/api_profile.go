package chatwoottest

import (
	"cmp"
	"slices"
)

type profileView struct {
	AccessToken      string           `json:"access_token"`
	AccountID        int64            `json:"account_id"`
	AvailableName    string           `json:"available_name"`
	AvatarURL        string           `json:"avatar_url"`
	Confirmed        bool             `json:"confirmed"`
	DisplayName      *string          `json:"display_name"`
	MessageSignature *string          `json:"message_signature"`
	Email            string           `json:"email"`
	ID               int64            `json:"id"`
	InviterID        *int64           `json:"inviter_id"`
	Name             string           `json:"name"`
	Provider         string           `json:"provider"`
	PubsubToken      string           `json:"pubsub_token"`
	Role             string           `json:"role"`
	UISettings       struct{}         `json:"ui_settings"`
	UID              string           `json:"uid"`
	Type             *string          `json:"type"`
	Accounts         []profileAccount `json:"accounts"`
}

type profileAccount struct {
	ID                 int64           `json:"id"`
	Name               string          `json:"name"`
	Status             string          `json:"status"`
	OnboardingStep     *string         `json:"onboarding_step"`
	ActiveAt           *string         `json:"active_at"`
	Role               string          `json:"role"`
	Permissions        []string        `json:"permissions"`
	Availability       string          `json:"availability"`
	AvailabilityStatus string          `json:"availability_status"`
	AutoOffline        bool            `json:"auto_offline"`
	CustomRoleID       *int64          `json:"custom_role_id"`
	CustomRole         *customRoleView `json:"custom_role"`
}

// profile is GET /api/v1/profile (CONTRACT 2.3).
func (c *call) profile() answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return ok(c.viewProfile(c.users[c.who.id]))
}

func accountStatus(a *account) string {
	if a.suspended {
		return "suspended"
	}
	return "active"
}

// resetToken is POST /api/v1/profile/reset_access_token: the old token is dead
// at once.
func (c *call) resetToken() answer {
	c.RevokeToken(c.who.id)
	return c.profile()
}

func (s *Server) viewProfile(u *user) profileView {
	view := profileView{
		AccessToken: u.token, AvailableName: u.name, Confirmed: u.confirmed, Email: u.email, ID: u.id, Name: u.name,
		Provider: "email", PubsubToken: u.pubsub, UID: u.email, Accounts: []profileAccount{},
	}
	for _, a := range s.accounts {
		role := a.roles[u.id]
		if role == "" {
			continue
		}
		view.Accounts = append(view.Accounts, profileAccount{
			ID: a.id, Name: a.name, Status: accountStatus(a), Role: role, Permissions: permissionsOf(a, u.id),
			Availability: "online", AvailabilityStatus: availability(u), AutoOffline: true,
			CustomRoleID: a.customRoles[u.id].number(), CustomRole: a.customRoles[u.id].view(),
		})
	}
	slices.SortFunc(view.Accounts, func(a, b profileAccount) int { return cmp.Compare(a.ID, b.ID) })
	if len(view.Accounts) > 0 {
		view.AccountID, view.Role = view.Accounts[0].ID, view.Accounts[0].Role
	}
	return view
}
