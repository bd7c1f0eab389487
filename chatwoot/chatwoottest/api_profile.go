package chatwoottest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
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
	ID                 int64    `json:"id"`
	Name               string   `json:"name"`
	Status             string   `json:"status"`
	OnboardingStep     *string  `json:"onboarding_step"`
	ActiveAt           *string  `json:"active_at"`
	Role               string   `json:"role"`
	Permissions        []string `json:"permissions"`
	Availability       string   `json:"availability"`
	AvailabilityStatus string   `json:"availability_status"`
	AutoOffline        bool     `json:"auto_offline"`
	CustomRoleID       *int64   `json:"custom_role_id"`
	CustomRole         *string  `json:"custom_role"`
}

// profile is GET /api/v1/profile (CONTRACT 2.3).
func (c *call) profile() answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return ok(c.viewProfile(c.users[c.who.id]))
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
			ID: a.id, Name: a.name, Status: "active", Role: role, Permissions: []string{role},
			Availability: "online", AvailabilityStatus: availability(u), AutoOffline: true,
		})
	}
	slices.SortFunc(view.Accounts, func(a, b profileAccount) int { return cmp.Compare(a.ID, b.ID) })
	if len(view.Accounts) > 0 {
		view.AccountID, view.Role = view.Accounts[0].ID, view.Accounts[0].Role
	}
	return view
}

// mfaStep is a sign-in waiting for its second factor.
type mfaStep struct {
	userID  int64
	expires time.Time
}

const (
	mfaPatience     = 5 * time.Minute
	sessionLifetime = 61 * 24 * time.Hour
)

// signIn is POST /auth/sign_in (CONTRACT 2.4).
func (c *call) signIn() answer {
	if c.has("mfa_token") {
		return c.secondFactor()
	}
	email := strings.ToLower(strings.TrimSpace(c.text("email")))
	if c.throttled("sign_in/email", email, 10, 15*time.Minute) {
		return retryLater()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.userByEmail(email)
	if u == nil || u.password != c.text("password") {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"success": false, "errors": []string{"Invalid login credentials. Please try again."}}}
	}
	if !u.confirmed {
		return answer{status: http.StatusUnauthorized, body: map[string]any{
			"success": false, "error_code": "user_not_confirmed",
			"errors": []string{"A confirmation email was sent to your account at '" + u.email + "'. You must follow the instructions in the email before your account can be activated"},
		}}
	}
	if u.otp != "" {
		token := c.secrets.token()
		c.mfaTokens[token] = mfaStep{u.id, c.opts.Clock().Add(mfaPatience)}
		return answer{status: http.StatusPartialContent, body: map[string]any{"mfa_required": true, "mfa_token": token}}
	}
	return c.session(u)
}

func (c *call) secondFactor() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	step, known := c.mfaTokens[c.text("mfa_token")]
	if !known || c.opts.Clock().After(step.expires) {
		return failure(http.StatusUnauthorized, "Invalid or expired MFA token")
	}
	u := c.users[step.userID]
	if u == nil || c.text("otp_code") != u.otp {
		return failure(http.StatusBadRequest, "Invalid verification code")
	}
	delete(c.mfaTokens, c.text("mfa_token"))
	return c.session(u)
}

func (s *Server) userByEmail(email string) *user {
	for _, u := range s.users {
		if u.email == email {
			return u
		}
	}
	return nil
}

// session answers with the profile and the five headers of a new session.
func (c *call) session(u *user) answer {
	token, client := c.secrets.token(), c.secrets.token()
	c.sessions[token] = u.id
	expiry := itoa(c.opts.Clock().Add(sessionLifetime).Unix())
	bundle, _ := json.Marshal(map[string]string{"access-token": token, "token-type": "Bearer", "client": client, "expiry": expiry, "uid": u.email})
	return answer{
		status: http.StatusOK,
		body:   map[string]any{"data": c.viewProfile(u)},
		header: http.Header{
			"Access-Token": {token}, "Token-Type": {"Bearer"}, "Client": {client}, "Expiry": {expiry}, "Uid": {u.email},
			"Authorization": {"Bearer " + base64.StdEncoding.EncodeToString(bundle)},
		},
	}
}

// validateToken is GET /auth/validate_token: whether a session still holds.
func (c *call) validateToken() answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	id, found := c.sessionUser()
	if !found {
		return answer{status: http.StatusUnauthorized, body: map[string]any{"success": false, "errors": []string{"Invalid login credentials"}}}
	}
	return ok(map[string]any{"payload": map[string]any{"success": true, "data": c.viewProfile(c.users[id])}})
}
