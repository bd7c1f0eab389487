package chatwoot

import (
	"context"
	"net/http"
)

// Profile is the owner of a token (CONTRACT 2.3).
type Profile struct {
	ID            int64
	Name          string
	AvailableName string
	Email         string
	AvatarURL     string
	SuperAdmin    bool
	AccessToken   Secret
	PubsubToken   Secret
	Accounts      []ProfileAccount
}

// ProfileAccount is an account the user belongs to, and as what.
type ProfileAccount struct {
	ID           int64    `json:"id"`
	Name         string   `json:"name"`
	Status       string   `json:"status"` // active, suspended
	Role         string   `json:"role"`   // administrator, agent
	CustomRoleID int64    `json:"custom_role_id"`
	Permissions  []string `json:"permissions"` // administrator, agent, or those of the custom role
}

// The roles in an account.
const (
	RoleAdministrator = "administrator"
	RoleAgent         = "agent"
)

func (p Profile) usable() bool        { return p.ID > 0 }
func (a ProfileAccount) usable() bool { return a.ID > 0 }

// Account returns what the user is in an account.
func (p Profile) Account(id int64) (ProfileAccount, bool) {
	for _, a := range p.Accounts {
		if a.ID == id {
			return a, true
		}
	}
	return ProfileAccount{}, false
}

// UnmarshalJSON forgives wrong types, and fails on broken JSON only. The role and account at the top level are left out: they are
// those of whichever account was used last.
func (p *Profile) UnmarshalJSON(b []byte) error {
	var w struct {
		ID            int64            `json:"id"`
		Name          string           `json:"name"`
		AvailableName string           `json:"available_name"`
		Email         string           `json:"email"`
		AvatarURL     string           `json:"avatar_url"`
		Type          string           `json:"type"`
		AccessToken   Secret           `json:"access_token"`
		PubsubToken   Secret           `json:"pubsub_token"`
		Accounts      []ProfileAccount `json:"accounts"`
	}
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*p = Profile{
		ID: w.ID, Name: w.Name, AvailableName: w.AvailableName, Email: w.Email, AvatarURL: w.AvatarURL,
		SuperAdmin: w.Type == "SuperAdmin", AccessToken: w.AccessToken, PubsubToken: w.PubsubToken, Accounts: kept(w.Accounts),
	}
	return nil
}

// Profile returns the owner of the token: GET /api/v1/profile.
func (c *Client) Profile(ctx context.Context) (Profile, error) {
	return entry[Profile](ctx, c.call(http.MethodGet, "/api/v1/profile"))
}
