package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

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
