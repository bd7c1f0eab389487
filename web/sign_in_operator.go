package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// signInByPassword compares the operator's password. The right one costs as long as a wrong one.
func (s *Server) signInByPassword(c echo.Context, d door) error {
	view := templates.SignInView{Return: localPath(c.FormValue("return")), Way: templates.SignInAsOperator}
	forgive, ok := s.attempts.allow(c.RealIP(), operatorAccount)
	if !ok {
		return s.failSignIn(c, d, view, errTooMany)
	}
	want, got := sha256.Sum256([]byte(s.Password)), sha256.Sum256([]byte(c.FormValue("password")))
	if subtle.ConstantTimeCompare(want[:], got[:]) != 1 || s.Password == "" {
		return s.failSignIn(c, d, view, errWrongPassword)
	}
	forgive()
	if err := s.enterAsOperator(c.Request().Context(), d.sessions); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, view.Return)
}

// ticketPage has the button that uses a sign-in link up: opening the page alone does not, since others may open it in advance.
func (s *Server) ticketPage(c echo.Context) error {
	if !s.tickets.valid(c.Param("ticket"), s.Clock()) {
		return s.drawSignIn(c, s.front(), http.StatusGone, templates.SignInView{LinkExpired: true, Return: "/"})
	}
	return s.drawSignIn(c, s.front(), http.StatusOK, templates.SignInView{Link: templates.SignInPath + "/" + c.Param("ticket")})
}

// signInByTicket uses a sign-in link up. Nobody can guess one, so attempts are not counted.
func (s *Server) signInByTicket(c echo.Context) error {
	if !s.tickets.redeem(c.Param("ticket"), s.Clock()) {
		return s.drawSignIn(c, s.front(), http.StatusGone, templates.SignInView{LinkExpired: true, Return: "/"})
	}
	if err := s.enterAsOperator(c.Request().Context(), s.sessions); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/")
}

// signOut ends the session; with the field "everywhere" all sessions of its people.
func (s *Server) signOut(c echo.Context) error {
	ctx := c.Request().Context()
	if c.FormValue("everywhere") != "" {
		w, err := s.who(c)
		if err != nil {
			return err
		}
		for _, p := range w.people {
			if err := s.Engine.SignOutEverywhere(ctx, p.ID); err != nil {
				return err
			}
		}
	}
	s.connecting.forget(s.connectKey(c))
	if err := s.sessions.Destroy(ctx); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, templates.SignInPath)
}

// chatwoots are the addresses of the connected Chatwoots.
func (s *Server) chatwoots(ctx context.Context) ([]string, error) {
	accounts, err := s.Store.Accounts(ctx)
	var all []string
	for _, a := range accounts {
		if !slices.Contains(all, a.BaseURL) {
			all = append(all, a.BaseURL)
		}
	}
	return all, err
}

// chatwootChosen is the Chatwoot that a form names. Only a single one needs no choice: nobody's password is sent to a Chatwoot that they
// did not mean.
func (s *Server) chatwootChosen(c echo.Context) (string, error) {
	all, err := s.chatwoots(c.Request().Context())
	if err != nil {
		return "", err
	}
	chosen := c.FormValue("server")
	switch {
	case slices.Contains(all, chosen):
		return chosen, nil
	case len(all) == 0 || chosen != "":
		return "", kanban.Invalid("sign_in.no_server")
	case len(all) > 1:
		return "", kanban.Invalid("sign_in.choose_server")
	}
	return all[0], nil
}

// hostOf is what people call a Chatwoot.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host + u.Path
}
