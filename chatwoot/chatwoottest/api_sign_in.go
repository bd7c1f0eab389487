package chatwoottest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// mfaStep is a sign-in waiting for its second factor.
type mfaStep struct {
	userID  int64
	expires time.Time
}

// session is one signed-in client of a user.
type session struct {
	token     string
	createdAt time.Time
}

const (
	mfaPatience     = 5 * time.Minute
	sessionLifetime = 61 * 24 * time.Hour
	// defaultSessionLimit is MAX_USER_SESSIONS.
	defaultSessionLimit = 25
)

// signIn is POST /auth/sign_in (CONTRACT 2.4).
func (c *call) signIn() answer {
	if c.has("mfa_token") {
		return c.secondFactor()
	}
	email := strings.ToLower(strings.TrimSpace(c.text("email")))
	if c.signInThrottled("email", email, 10, 15*time.Minute) {
		return retryLater()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.userByEmail(email)
	switch {
	case u != nil && u.saml:
		return samlRequired()
	case u == nil || u.password != c.text("password"):
		return signInRefusal(map[string]any{"errors": []string{"Invalid login credentials. Please try again."}})
	case !u.confirmed:
		return signInRefusal(map[string]any{
			"error_code": "user_not_confirmed",
			"errors":     []string{"A confirmation email was sent to your account at '" + u.email + "'. You must follow the instructions in the email before your account can be activated"},
		})
	case u.otp != "":
		token := c.secrets.token()
		c.mfaTokens[token] = mfaStep{u.id, c.opts.Clock().Add(mfaPatience)}
		return answer{status: http.StatusPartialContent, body: map[string]any{"mfa_required": true, "mfa_token": token}}
	}
	return c.newSession(u)
}

func signInRefusal(body map[string]any) answer {
	body["success"] = false
	return answer{status: http.StatusUnauthorized, body: body}
}

// samlRequired refuses whoever has to come by single sign-on, whatever the
// password.
func samlRequired() answer {
	text := "This account uses SAML authentication. Please sign in using your organization's SAML provider."
	return signInRefusal(map[string]any{"message": text, "errors": []string{text}})
}

// secondFactor takes a code, or one of the backup codes, each of which is good
// for one sign-in.
func (c *call) secondFactor() answer {
	token := c.text("mfa_token")
	if c.signInThrottled("mfa", token, 10, time.Minute) {
		return retryLater()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	step, known := c.mfaTokens[token]
	u := c.users[step.userID]
	if !known || u == nil || c.opts.Clock().After(step.expires) {
		return failure(http.StatusUnauthorized, "Invalid or expired MFA token")
	}
	switch backup := c.text("backup_code"); {
	case backup != "" && slices.Contains(u.backupCodes, backup):
		u.backupCodes = without(u.backupCodes, equals(backup))
	case backup == "" && c.text("otp_code") == u.otp:
	default:
		return failure(http.StatusBadRequest, "Invalid verification code")
	}
	delete(c.mfaTokens, token)
	return c.newSession(u)
}

func (s *Server) userByEmail(email string) *user {
	for _, u := range s.users {
		if u.email == email {
			return u
		}
	}
	return nil
}

// newSession answers with the profile and the five headers of a new session.
// Beyond the limit the oldest ends, but browsers are asked which (4.15).
func (c *call) newSession(u *user) answer {
	if len(u.sessions) >= c.opts.SessionLimit {
		if c.since(sinceSessionPicker) && strings.Contains(c.r.UserAgent(), "Mozilla") {
			return sessionPicker(u)
		}
		delete(c.sessions, u.sessions[0].token)
		u.sessions = u.sessions[1:]
	}
	token, client := c.secrets.token(), c.secrets.token()
	c.sessions[token] = u.id
	u.sessions = append(u.sessions, session{token, c.opts.Clock()})
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

// sessionPicker lists the sessions of which one is to be ended. Their fields
// are not recorded; no client of the API is meant to read them.
func sessionPicker(u *user) answer {
	sessions := []map[string]any{}
	for i, one := range slices.Backward(u.sessions) {
		sessions = append(sessions, map[string]any{"id": i + 1, "created_at": isoTime(one.createdAt)})
	}
	return answer{status: http.StatusConflict, body: map[string]any{"sessions_limit_reached": true, "sessions": sessions}}
}

// validateToken is GET /auth/validate_token: whether a session still holds.
func (c *call) validateToken() answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	id, found := c.sessionUser()
	if !found {
		return signInRefusal(map[string]any{"errors": []string{"Invalid login credentials"}})
	}
	return ok(map[string]any{"payload": map[string]any{"success": true, "data": c.viewProfile(c.users[id])}})
}
