package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// guard lets only signed-in people pass.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		w, err := s.who(c)
		if err != nil {
			return err
		}
		if w.nobody() {
			return kanban.ErrSignedOut
		}
		return next(c)
	}
}

// askToSignIn leads to the sign-in page and, from there, back.
func (s *Server) askToSignIn(c echo.Context) {
	to := templates.SignInPath
	if back := c.Request().URL.RequestURI(); back != "/" {
		to += "?return=" + url.QueryEscape(back)
	}
	c.Response().Header().Set(echo.HeaderLocation, to)
	c.Response().WriteHeader(http.StatusSeeOther)
}

// signInPage asks for the password.
func (s *Server) signInPage(c echo.Context) error {
	w, err := s.who(c)
	if err != nil {
		return err
	}
	if !w.nobody() && len(w.out) == 0 {
		return c.Redirect(http.StatusSeeOther, localPath(c.QueryParam("return")))
	}
	return s.drawSignIn(c, http.StatusOK, templates.SignInView{Return: localPath(c.QueryParam("return"))})
}

func (s *Server) drawSignIn(c echo.Context, status int, v templates.SignInView) error {
	v.Frame, v.PasswordSet = frameFor(c.Request()), s.Password != ""
	v.Frame.Path = templates.SignInPath // a ticket is not to be repeated in the page
	return s.draw(c, status, templates.SignInPage(v))
}

// signInByPassword compares the password. The right one costs as long as a wrong one.
func (s *Server) signInByPassword(c echo.Context) error {
	if !s.attempts.allow(c.RealIP()) {
		return errTooMany
	}
	given, back := c.FormValue("password"), localPath(c.FormValue("return"))
	want, got := sha256.Sum256([]byte(s.Password)), sha256.Sum256([]byte(given))
	if subtle.ConstantTimeCompare(want[:], got[:]) != 1 || s.Password == "" {
		view := templates.SignInView{Return: back, Error: localeOf(c).T("sign_in.wrong")}
		return s.drawSignIn(c, http.StatusUnauthorized, view)
	}
	if err := s.enterAsOperator(c.Request().Context(), s.sessions); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back)
}

// ticketPage has the button that uses a sign-in link up: opening the page alone does not, since others may open it in advance.
func (s *Server) ticketPage(c echo.Context) error {
	if !s.tickets.valid(c.Param("ticket"), s.Clock()) {
		return s.drawSignIn(c, http.StatusGone, templates.SignInView{LinkExpired: true})
	}
	return s.drawSignIn(c, http.StatusOK, templates.SignInView{Link: templates.SignInPath + "/" + c.Param("ticket")})
}

// signInByTicket uses a sign-in link up. Nobody can guess one, so attempts are not counted.
func (s *Server) signInByTicket(c echo.Context) error {
	if !s.tickets.redeem(c.Param("ticket"), s.Clock()) {
		return s.drawSignIn(c, http.StatusGone, templates.SignInView{LinkExpired: true})
	}
	if err := s.enterAsOperator(c.Request().Context(), s.sessions); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/")
}

// signOut ends the session.
func (s *Server) signOut(c echo.Context) error {
	s.connecting.forget(s.connectKey(c))
	if err := s.sessions.Destroy(c.Request().Context()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, templates.SignInPath)
}

// localPath is an address of this server to go back to; anything else leads to the start.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") {
		return "/"
	}
	return path
}

// preferences keeps how a person wants the pages: theme, language, single-key shortcuts. It needs no session: the sign-in page has
// them, too.
func (s *Server) preferences(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	if form.Has("theme") {
		s.remember(c, themeCookie, string(templates.ParseTheme(form.Get("theme"))))
	}
	if form.Has("language") {
		s.remember(c, languageCookie, templates.Match("", form.Get("language")).Code())
	}
	if form.Has("keys") {
		if keys := form.Get("keys"); keys != "on" && keys != "off" {
			return kanban.Invalid("error.invalid_text")
		}
		s.remember(c, keysCookie, form.Get("keys"))
	}
	if wantsFragment(c.Request()) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, localPath(form.Get("return")))
}

func (s *Server) remember(c echo.Context, name, value string) {
	const year = 365 * 24 * 60 * 60
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure with https; without it the browser would drop the cookie
		Name: name, Value: value, Path: "/", MaxAge: year, HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}
