package web

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

const (
	// handLife is how long a ticket is good for: the window hands it over at once.
	handLife = time.Minute
	// bearerLife is how long a frame without cookies stays signed in at the most; reloading it ends that sooner.
	bearerLife = 12 * time.Hour
)

// passes are secrets of one person each, until a time. They are in memory alone, as hashes.
type passes struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte]passOf
}

type passOf struct {
	kept keptPerson
	ends time.Time
}

func (p *passes) issue(who keptPerson, now time.Time, life time.Duration) string {
	secret := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[[sha256.Size]byte]passOf{}
	}
	for k, old := range p.kept {
		if now.After(old.ends) {
			delete(p.kept, k)
		}
	}
	p.kept[sha256.Sum256([]byte(secret))] = passOf{kept: who, ends: now.Add(life)}
	return secret
}

func (p *passes) find(secret string, now time.Time, once bool) (keptPerson, bool) {
	key := sha256.Sum256([]byte(secret))
	p.mu.Lock()
	defer p.mu.Unlock()
	found, ok := p.kept[key]
	if once {
		delete(p.kept, key)
	}
	return found.kept, ok && now.Before(found.ends)
}

// windowDoor is the sign-in in the window that a frame without cookies opens.
func (s *Server) windowDoor() door {
	return door{sessions: s.sessions, path: templates.EmbedPopUpPath + "/sign-in"}
}

// popUp is that window: whoever is signed in there already goes on with one click, others sign in first.
func (s *Server) popUp(c echo.Context) error {
	p, ok, err := s.windowPerson(c)
	if err != nil {
		return err
	}
	if !ok {
		return c.Redirect(http.StatusSeeOther, s.windowDoor().path+"?another=1&return="+templates.EmbedPopUpPath)
	}
	return s.draw(c, http.StatusOK, templates.PopUpPage(templates.PopUpView{Frame: frameFor(c.Request()), Name: p.Name}))
}

// windowPerson is who is signed in with the first-party session.
func (s *Server) windowPerson(c echo.Context) (kanban.Person, bool, error) {
	w, err := s.who(c)
	if err != nil || len(w.people) == 0 {
		return kanban.Person{}, false, err
	}
	return w.people[len(w.people)-1], true, nil
}

// issueTicket makes what the window hands to the frame: good once, for a minute.
func (s *Server) issueTicket(c echo.Context) error {
	p, ok, err := s.windowPerson(c)
	if err != nil {
		return err
	}
	if !ok {
		return kanban.ErrSignedOut
	}
	now := s.Clock()
	ticket := s.hands.issue(keptPerson{ID: p.ID, Epoch: p.Epoch, Since: now.Unix()}, now, handLife)
	return s.draw(c, http.StatusOK, templates.PopUpPage(templates.PopUpView{Frame: frameFor(c.Request()), Name: p.Name, Ticket: ticket}))
}

// redeemTicket exchanges a ticket for what the frame's script sends with its requests from then on.
func (s *Server) redeemTicket(c echo.Context) error {
	now := s.Clock()
	who, ok := s.hands.find(c.FormValue("ticket"), now, true)
	if !ok {
		return kanban.ErrSignedOut
	}
	return c.JSON(http.StatusOK, map[string]string{"token": s.bearers.issue(who, now, bearerLife)})
}

// bearerSource reads who a frame without cookies says it is.
func (s *Server) bearerSource(r *http.Request, _ bool) (kept, error) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return kept{}, nil
	}
	now := s.Clock()
	who, ok := s.bearers.find(secret, now, false)
	if !ok {
		return kept{}, nil
	}
	return kept{People: []keptPerson{who}, Seen: now.Unix()}, nil
}
