package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/templates"
)

// leadRoutes begin new conversations.
func (s *Server) leadRoutes(e *echo.Echo) {
	e.GET("/boards/:board/leads", s.leadForm, s.guard)
	e.GET("/boards/:board/leads/contacts", s.leadContacts, s.guard)
	e.POST("/boards/:board/leads", s.beginLead, s.guard)
}

func (s *Server) leadForm(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	inboxes, err := s.Desk.Inboxes(c.Request().Context(), v)
	if err != nil {
		return acted(err)
	}
	loc := localeOf(c)
	return s.draw(c, http.StatusOK, templates.LeadForm(templates.NewLeadForm(loc, b, inboxes, loc.Country())))
}

// leadContacts are the contacts that match what was typed: ?q=, with ?country= for phone numbers.
func (s *Server) leadContacts(c echo.Context) error {
	_, v, err := s.board(c)
	if err != nil {
		return err
	}
	typed, country := strings.TrimSpace(c.QueryParam("q")), c.QueryParam("country")
	known, err := s.Desk.Known(c.Request().Context(), v, typed, country)
	if err != nil {
		return acted(err)
	}
	return s.draw(c, http.StatusOK, templates.LeadContacts(templates.NewLeadContacts(localeOf(c), typed, country, known)))
}

// beginLead begins a conversation and leads to it.
func (s *Server) beginLead(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	n, err := leadIn(c)
	if err != nil {
		return err
	}
	if _, ok := b.Stage(n.Stage); !ok && n.Stage != kanban.NoStage {
		return kanban.Invalid("move.stage_unknown")
	}
	begun, err := s.Desk.Begin(c.Request().Context(), v, b, n)
	if err != nil {
		return acted(err)
	}
	path := templates.PanelPath(b.ID, begun.Conversation)
	if wantsFragment(c.Request()) {
		c.Response().Header().Set("HX-Redirect", path)
		return c.NoContent(http.StatusCreated)
	}
	return c.Redirect(http.StatusSeeOther, path)
}

func leadIn(c echo.Context) (desk.NewLead, error) {
	form, err := c.FormParams()
	if err != nil {
		return desk.NewLead{}, err
	}
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(form.Get(name), 10, 64) // what is no number is none
		return max(n, 0)
	}
	return desk.NewLead{
		Key: form.Get("key"), Contact: kanban.ContactID(number("contact")), Name: form.Get("name"), Phone: form.Get("phone"), Email: form.Get("email"),
		Country: form.Get("country"), Inbox: kanban.InboxID(number("inbox")), Stage: kanban.StageID(number("stage")),
		Text: strings.ReplaceAll(form.Get("text"), "\r\n", "\n"), Private: form.Get("private") == "true",
	}, nil
}
