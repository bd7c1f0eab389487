package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// door is where people sign in: a form, and the sessions that it opens.
type door struct {
	sessions *scs.SessionManager
	// path is the form's address.
	path string
	// operator says that the operator may come in here, too.
	operator bool
}

// front is the door of the sign-in page.
func (s *Server) front() door {
	return door{sessions: s.sessions, path: templates.SignInPath, operator: true}
}

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
	if framed(c.Request().URL.Path) {
		to = templates.EmbedSignInPath
	}
	if back := c.Request().URL.RequestURI(); back != "/" {
		to += "?return=" + url.QueryEscape(back)
	}
	c.Response().Header().Set(echo.HeaderLocation, to)
	c.Response().WriteHeader(http.StatusSeeOther)
}

// signInPage asks who somebody is, or for the code that is still due. ?another=1 asks although somebody is signed in, ?anew=1 although
// a code is due.
func (s *Server) signInPage(d door) echo.HandlerFunc {
	return func(c echo.Context) error {
		w, err := s.who(c)
		if err != nil {
			return err
		}
		back := localPath(c.QueryParam("return"))
		if !w.nobody() && len(w.out) == 0 && !c.QueryParams().Has("another") {
			return c.Redirect(http.StatusSeeOther, back)
		}
		view := templates.SignInView{Return: back}
		if due, ok := s.codeAwaited(c, d); ok && !c.QueryParams().Has("anew") {
			view.CodeDue, view.Return = true, due.back
		}
		return s.drawSignIn(c, d, http.StatusOK, view)
	}
}

func (s *Server) drawSignIn(c echo.Context, d door, status int, v templates.SignInView) error {
	servers, err := s.chatwoots(c.Request().Context())
	if err != nil {
		return err
	}
	v.Frame, v.Path, v.PasswordSet = frameFor(c.Request()), d.path, d.operator && s.Password != ""
	v.Frame.Path = d.path // a ticket is not to be repeated in the page
	for _, address := range servers {
		v.Servers = append(v.Servers, templates.SignInServer{Address: address, Name: hostOf(address), Chosen: address == v.Server})
	}
	return s.draw(c, status, templates.SignInPage(v))
}

// signIn takes a sign-in's form: e-mail and password, then perhaps a code; or an access token; or the operator's password.
func (s *Server) signIn(d door) echo.HandlerFunc {
	return func(c echo.Context) error {
		form, err := c.FormParams()
		if err != nil {
			return err
		}
		switch {
		case form.Has("code"):
			return s.signInByCode(c, d)
		case form.Has("token"):
			return s.signInByToken(c, d)
		case form.Has("email"):
			return s.signInByEmail(c, d)
		case d.operator:
			return s.signInByPassword(c, d)
		}
		return kanban.Invalid("error.invalid_text")
	}
}

// signInByEmail asks Chatwoot whether it knows somebody. Their password goes there and nowhere else.
func (s *Server) signInByEmail(c echo.Context, d door) error {
	view := templates.SignInView{Return: localPath(c.FormValue("return")), Email: strings.TrimSpace(c.FormValue("email")), Server: c.FormValue("server")}
	server, err := s.chatwootChosen(c)
	if err == nil && (view.Email == "" || c.FormValue("password") == "") {
		err = kanban.Invalid("sign_in.incomplete")
	}
	if err != nil {
		return s.failSignIn(c, d, view, err)
	}
	in := kanban.SignIn{Server: server, Email: view.Email, Password: c.FormValue("password")}
	return s.signInAs(c, d, in, personAccount(server, view.Email), view)
}

// signInByToken asks Chatwoot whose access token somebody has.
func (s *Server) signInByToken(c echo.Context, d door) error {
	view := templates.SignInView{Return: localPath(c.FormValue("return")), Way: templates.SignInByToken, Server: c.FormValue("server")}
	server, err := s.chatwootChosen(c)
	token := strings.TrimSpace(c.FormValue("token"))
	if err == nil && token == "" {
		err = kanban.Invalid("sign_in.incomplete")
	}
	if err != nil {
		return s.failSignIn(c, d, view, err)
	}
	return s.signInAs(c, d, kanban.SignIn{Server: server, Token: token}, "", view)
}

// signInByCode gives Chatwoot the second factor of a sign-in that this session began.
func (s *Server) signInByCode(c echo.Context, d door) error {
	due, ok := s.tryCode(c, d)
	if !ok {
		return s.failSignIn(c, d, templates.SignInView{Return: localPath(c.FormValue("return"))}, errCodeOver)
	}
	code := strings.Join(strings.Fields(c.FormValue("code")), "")
	in := kanban.SignIn{Server: due.server, MFAToken: due.mfaToken, Code: code}
	return s.signInAs(c, d, in, "", templates.SignInView{Return: due.back, CodeDue: true})
}

// signInAs lets somebody in whom Chatwoot knows.
func (s *Server) signInAs(c echo.Context, d door, in kanban.SignIn, account string, view templates.SignInView) error {
	forgive, ok := s.attempts.allow(c.RealIP(), account)
	if !ok {
		return s.failSignIn(c, d, view, errTooMany)
	}
	ctx := c.Request().Context()
	got, err := s.Engine.SignIn(ctx, in)
	if err != nil {
		return s.failSignIn(c, d, view, err)
	}
	forgive()
	if got.MFAToken != "" {
		due := codeDue{server: in.Server, mfaToken: got.MFAToken, back: view.Return}
		if err := s.awaitCode(c, d, due); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, d.path)
	}
	if err := s.enterAs(ctx, d.sessions, got.Person); err != nil {
		return err
	}
	s.codeDone(c, d)
	return c.Redirect(http.StatusSeeOther, view.Return)
}

// failSignIn says on the form why somebody was not let in.
func (s *Server) failSignIn(c echo.Context, d door, view templates.SignInView, err error) error {
	status, text := signInSentence(localeOf(c), err)
	if status >= http.StatusInternalServerError {
		requestOf(c.Request().Context()).err = err
	}
	if over(err) {
		view.CodeDue = false
		s.codeDone(c, d)
	}
	if after := retryAfterOf(err); after != "" {
		c.Response().Header().Set("Retry-After", after)
	}
	view.Error = text
	return s.drawSignIn(c, d, status, view)
}

// localPath is an address of this server to go back to; anything else leads to the start.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") {
		return "/"
	}
	return path
}
