package web

import (
	"crypto/rand"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// pendingLife is how long somebody may think between two steps of connecting.
const pendingLife = 15 * time.Minute

// pending is how far connecting has come. The token waits here, in memory: it is in no form, no cookie and no database before the
// account is connected.
type pending struct {
	step       templates.ConnectStep
	at         kanban.Address
	owner      kanban.Actor
	candidates []kanban.Candidate
	form       url.Values // what this request typed
	ends       time.Time
}

// connecting is what each session has pending.
type connecting struct {
	mu   sync.Mutex
	kept map[string]pending
}

func (c *connecting) keep(key string, p *pending, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[string]pending{}
	}
	for k, old := range c.kept {
		if now.After(old.ends) {
			delete(c.kept, k)
		}
	}
	kept := *p
	kept.form, kept.ends = nil, now.Add(pendingLife)
	c.kept[key] = kept
}

func (c *connecting) find(key string, now time.Time) pending {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.kept[key]
	if !ok || now.After(p.ends) {
		return pending{step: templates.ConnectAddress}
	}
	return p
}

func (c *connecting) forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.kept, key)
}

// connectKey is where a session's connecting is kept; empty when it has none.
func (s *Server) connectKey(c echo.Context) string {
	return s.sessions.GetString(c.Request().Context(), "connecting")
}

// keepConnecting remembers how far a session has come.
func (s *Server) keepConnecting(c echo.Context, p *pending) {
	key := s.connectKey(c)
	if key == "" {
		key = rand.Text()
		s.sessions.Put(c.Request().Context(), "connecting", key)
	}
	s.connecting.keep(key, p, s.Clock())
}

// pendingConnect is how far the request's session has come.
func (s *Server) pendingConnect(c echo.Context) *pending {
	p := s.connecting.find(s.connectKey(c), s.Clock())
	if c.QueryParam("step") == string(templates.ConnectAddress) {
		p = pending{step: templates.ConnectAddress}
	}
	return &p
}

// withoutBoard is an account of the administrator's that has no board yet.
func (s *Server) withoutBoard(c echo.Context) (kanban.Account, bool, error) {
	ctx := c.Request().Context()
	accounts, err := s.administered(c)
	if err != nil {
		return kanban.Account{}, false, err
	}
	for _, a := range accounts {
		boards, err := s.Store.Boards(ctx, a.ID)
		if err != nil {
			return kanban.Account{}, false, err
		}
		if len(boards) == 0 {
			return a, true, nil
		}
	}
	return kanban.Account{}, false, nil
}

// drawConnect draws a step. What was typed is filled in again; the token is not.
func (s *Server) drawConnect(c echo.Context, status int, p *pending, problem *string) error {
	view := templates.ConnectView{Frame: s.frame(c, kanban.Viewer{}), Step: p.step, Person: p.owner.Name}
	if problem != nil {
		view.Error = *problem
	}
	if p.step == templates.ConnectAccount {
		view.Accounts = accountChoices(p)
	} else {
		view.Address = p.form.Get("address")
	}
	return s.draw(c, status, templates.ConnectPage(view))
}

func accountChoices(p *pending) []templates.ConnectAccountView {
	var out []templates.ConnectAccountView
	for _, a := range p.candidates {
		usable := a.Administrator && !a.Suspended
		first := usable && !slices.ContainsFunc(out, func(o templates.ConnectAccountView) bool { return o.Chosen })
		out = append(out, templates.ConnectAccountView{ID: a.ChatwootID, Name: a.Name, Administrator: usable, Chosen: first})
	}
	return out
}

// currencyOf proposes the currency of most who read a language.
func currencyOf(loc templates.Locale) string {
	switch loc.Code() {
	case "pt-BR":
		return "BRL"
	case "es":
		return "MXN"
	}
	return "USD"
}
