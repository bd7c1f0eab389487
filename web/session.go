package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
)

// sessionLife is how long somebody stays signed in.
const sessionLife = 30 * 24 * time.Hour

// passKey is where a session keeps what it was opened with.
const passKey = "pass"

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store = s.Sessions
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.refuse(w, r, err) }
	m.Lifetime = sessionLife
	m.Cookie.Name = "chatlane"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	if s.secure() {
		m.Cookie.Secure = true
		m.Cookie.Name = "__Host-chatlane" // a browser takes this name only from the host itself and by https
	}
	return m
}

// pass is what a session must have been opened with. It changes with the password, so that a new password signs everybody out.
func (s *Server) pass() string {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte("session\x00" + s.Password))
	return hex.EncodeToString(mac.Sum(nil))
}

// signedIn reports whether the request's session lets it in.
func (s *Server) signedIn(c echo.Context) bool {
	return s.Open || hmac.Equal([]byte(s.sessions.GetString(c.Request().Context(), passKey)), []byte(s.pass()))
}

// stillSignedIn asks the session anew, for a stream that outlives its request's session.
func (s *Server) stillSignedIn(c echo.Context) bool {
	if s.Open {
		return true
	}
	cookie, err := c.Cookie(s.sessions.Cookie.Name)
	if err != nil {
		return false
	}
	// From a context of its own: the request's still holds the session as it was when the stream began.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	ctx, err = s.sessions.Load(ctx, cookie.Value)
	return err == nil && hmac.Equal([]byte(s.sessions.GetString(ctx, passKey)), []byte(s.pass()))
}

// signIn opens a session. Its token is new, so that one planted before is worth nothing.
func (s *Server) signIn(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, passKey, s.pass())
	return nil
}

// viewer is whoever looks. Until people sign in with Chatwoot it is an administrator without a name.
func (s *Server) viewer(_ echo.Context, account kanban.AccountID) kanban.Viewer {
	return kanban.Viewer{Account: account, Role: kanban.RoleAdministrator}
}
