package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// frame is what stands around a page of a signed-in person. What cannot be found out is left out of it: the page itself matters more.
func (s *Server) frame(c echo.Context, v kanban.Viewer) templates.Frame {
	f := frameFor(c.Request())
	f.Viewer = v
	if s.SimulatorURL != "" {
		f.DemoPath = templates.DemoPath
	}
	w, err := s.who(c)
	if err != nil || w.nobody() {
		return f
	}
	seats, _, err := s.seats(c)
	if err != nil {
		return f
	}
	f.SignedIn, f.Administers, f.Accounts = true, w.operator || seesAll(seats), accountBoards(seats)
	f.Person = s.personView(c, w, v)
	return f
}

// personView is who is signed in: where an account is looked into, whoever looks into it.
func (s *Server) personView(c echo.Context, w who, v kanban.Viewer) templates.PersonView {
	if len(w.people) == 0 {
		if s.Open {
			return templates.PersonView{}
		}
		view := templates.NewOperator(localeOf(c))
		view.Elsewhere = s.knowsOthers(c, w)
		return view
	}
	p := w.people[0]
	for _, one := range w.people {
		if one.ID == v.Person {
			p = one
		}
	}
	view := templates.NewPerson(p)
	view.Elsewhere = s.knowsOthers(c, w)
	return view
}

// knowsOthers reports whether there is a Chatwoot that the person has not signed in with.
func (s *Server) knowsOthers(c echo.Context, w who) bool {
	servers, err := s.chatwoots(c.Request().Context())
	return err == nil && len(servers) > len(w.people)
}

// accountBoards groups the boards that somebody may open. Their Chatwoot is named where there are several.
func accountBoards(seats []seat) []templates.AccountBoards {
	several := slices.ContainsFunc(seats, func(one seat) bool { return one.account.BaseURL != seats[0].account.BaseURL })
	var groups []templates.AccountBoards
	for _, one := range seats {
		g := templates.AccountBoards{
			ID: one.account.ID, Name: one.account.Name, Boards: one.boards, Stars: one.stars, Favours: one.viewer.Person != 0, Administers: one.viewer.SeesAll(),
		}
		if several {
			g.Server = hostOf(one.account.BaseURL)
		}
		groups = append(groups, g)
	}
	return groups
}
