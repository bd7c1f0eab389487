package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/alexedwards/scs/v2"

	"github.com/chatlane/chatlane/templates"
)

// frameCookie is the cookie of the frame in Chatwoot, apart from the first-party session: another site's page sends it, so it exists once
// for each site that frames us, and opens nothing outside of that.
const frameCookie = "__Host-chatlane-frame"

// newFrameSessions keeps the frame's sessions. Browsers take its cookie only by https, or from localhost; where they take none, a window
// of our own signs in (embed_ticket.go).
func (s *Server) newFrameSessions() *scs.SessionManager {
	m := s.newSessions()
	m.Cookie.Name = frameCookie
	m.Cookie.Secure = true
	m.Cookie.SameSite = http.SameSiteNoneMode
	m.Cookie.Partitioned = true
	return m
}

// frameDoor is the sign-in within the frame. The operator's password is not asked for there.
func (s *Server) frameDoor() door { return door{sessions: s.frames, path: templates.EmbedSignInPath} }

// framed reports whether a page may be shown inside Chatwoot. The windows that a frame opens may not: they are pages of their own.
func framed(path string) bool {
	if path != templates.EmbedPath && !strings.HasPrefix(path, templates.EmbedPath+"/") {
		return false
	}
	return !windowed(path)
}

// windowed reports whether a page is one of the window that a frame opens. It keeps its opener, to which it hands a ticket.
func windowed(path string) bool {
	return path == templates.EmbedPopUpPath || strings.HasPrefix(path, templates.EmbedPopUpPath+"/") || path == templates.EmbedTicketsPath
}

// chatwootOrigins are where the connected Chatwoots are, as browsers name them.
func (s *Server) chatwootOrigins(ctx context.Context) ([]string, error) {
	accounts, err := s.Store.Accounts(ctx) // from memory
	if err != nil {
		return nil, err
	}
	var origins []string
	for _, a := range accounts {
		origins = append(origins, origin(a.BaseURL))
	}
	slices.Sort(origins)
	return slices.Compact(origins), nil
}

// ancestors are who may frame a page: the connected Chatwoots the pages of the frame, nobody any other. The demo frames its own pages.
func (s *Server) ancestors(r *http.Request) string {
	var allowed []string
	if s.SimulatorURL != "" { // the demo's windows stand in one another, at two names of this machine
		allowed = append(allowed, "'self'", "http://127.0.0.1:*", "http://localhost:*")
	}
	if framed(r.URL.Path) {
		origins, err := s.chatwootOrigins(r.Context())
		if err == nil {
			allowed = append(allowed, origins...)
		}
	}
	if len(allowed) == 0 {
		return "'none'"
	}
	return strings.Join(allowed, " ")
}
