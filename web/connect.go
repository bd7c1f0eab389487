package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// connectPage is where connecting goes on: the account that has no board yet, else the address of another Chatwoot.
func (s *Server) connectPage(c echo.Context) error {
	p := s.pendingConnect(c)
	if p.step == templates.ConnectAddress && c.QueryParam("step") == "" {
		if a, ok, err := s.withoutBoard(c); err != nil {
			return err
		} else if ok {
			return c.Redirect(http.StatusSeeOther, templates.SetupPath(a.ID))
		}
	}
	return s.drawConnect(c, http.StatusOK, p, s.setupProblem(c, p))
}

// setupProblem says why the Chatwoot that the environment names is not connected, and proposes its address; nil when nothing is wrong.
func (s *Server) setupProblem(c echo.Context, p *pending) *string {
	trouble, ok := s.Engine.SetupTrouble()
	if !ok || p.step != templates.ConnectAddress {
		return nil
	}
	_, text := Sentence(localeOf(c), trouble.Err)
	p.form = url.Values{"address": {trouble.URL}}
	return &text
}

// connect takes one step of connecting. What goes wrong is said on the page of that step.
func (s *Server) connect(c echo.Context) error {
	p := s.pendingConnect(c)
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p.form = form
	var next func(echo.Context, *pending) error
	switch templates.ConnectStep(form.Get("step")) {
	case templates.ConnectAddress:
		next = s.connectAddress
	case templates.ConnectAccount:
		next = s.connectAccount
	default:
		return kanban.Invalid("error.invalid_text")
	}
	p.step = templates.ConnectStep(form.Get("step"))
	if err := next(c, p); err != nil {
		status, text := Sentence(localeOf(c), err)
		if status >= http.StatusInternalServerError {
			requestOf(c.Request().Context()).err = err
		}
		return s.drawConnect(c, status, p, &text)
	}
	return nil
}

// connectAddress asks a Chatwoot whose token it is and which accounts it opens.
func (s *Server) connectAddress(c echo.Context, p *pending) error {
	p.at = kanban.Address{
		URL:                 addressTyped(p.form.Get("address")),
		Token:               strings.TrimSpace(p.form.Get("token")),
		AllowPrivateNetwork: s.AllowPrivateNetwork,
	}
	if p.at.Token == "" {
		return kanban.Invalid("connect.token_missing")
	}
	candidates, owner, err := s.Engine.Candidates(c.Request().Context(), p.at)
	if err != nil {
		return err
	}
	if len(candidates) == 0 {
		return kanban.Invalid("connect.no_accounts", "person", owner.Name)
	}
	if !slices.ContainsFunc(candidates, func(a kanban.Candidate) bool { return a.Administrator }) {
		return kanban.Invalid("connect.needs_administrator", "person", owner.Name, "account", candidates[0].Name)
	}
	p.candidates, p.owner, p.step = candidates, owner, templates.ConnectAccount
	s.keepConnecting(c, p)
	return c.Redirect(http.StatusSeeOther, templates.ConnectPath)
}

// addressTyped makes an address of what people paste: without a scheme, or from Chatwoot's own screen.
func addressTyped(text string) string {
	text = strings.TrimSpace(text)
	if text != "" && !strings.Contains(text, "://") {
		text = "https://" + text
	}
	text, _, _ = strings.Cut(text, "/app/")
	return strings.TrimRight(text, "/")
}

// connectAccount connects the chosen account and has Chatwoot send its news here.
func (s *Server) connectAccount(c echo.Context, p *pending) error {
	if p.at.Token == "" {
		p.step = templates.ConnectAddress
		return kanban.Invalid("connect.expired")
	}
	n, err := strconv.ParseInt(p.form.Get("account"), 10, 64)
	if err != nil {
		return kanban.Invalid("connect.no_such_account", "account", p.form.Get("account"))
	}
	ctx := c.Request().Context()
	a, err := s.Engine.Connect(ctx, p.at, n)
	if err != nil {
		return err
	}
	s.connecting.forget(s.connectKey(c))
	if err := s.enterWithToken(c, a, p.at.Token); err != nil {
		return err
	}
	s.firstWebhook(c, a)
	return c.Redirect(http.StatusSeeOther, templates.SetupPath(a.ID))
}

// enterWithToken signs in whose token connected an account: they proved to be its administrator. In the demo everybody is.
func (s *Server) enterWithToken(c echo.Context, a kanban.Account, token string) error {
	if s.Open {
		return nil
	}
	ctx := c.Request().Context()
	in, err := s.Engine.SignIn(ctx, kanban.SignIn{Server: a.BaseURL, Token: token})
	if err != nil {
		return err
	}
	return s.enterAs(ctx, s.sessions, in.Person)
}

// firstWebhook asks Chatwoot for its news. What is in the way of that is said by the page that follows.
func (s *Server) firstWebhook(c echo.Context, a kanban.Account) {
	ctx := c.Request().Context()
	if _, err := s.Engine.RegisterWebhook(ctx, a.ID, s.publicAddress(c, a)); err != nil {
		s.Logger.WarnContext(ctx, "register webhook", "account", int64(a.ID), "error", err.Error())
	}
}

// stagesChosen are the labels that were ticked, in the order of the form.
func stagesChosen(form url.Values, cat *kanban.Catalog) ([]kanban.StageSpec, error) {
	var specs []kanban.StageSpec
	for _, text := range form["stage"] {
		n, err := strconv.ParseInt(text, 10, 64)
		i := slices.IndexFunc(cat.Labels, func(l kanban.Label) bool { return l.ID == kanban.LabelID(n) && !l.Gone })
		if err != nil || i < 0 {
			return nil, kanban.Invalid("connect.label_gone")
		}
		kind := kanban.StageKind(form.Get("kind_" + text))
		if kind != kanban.StageOpen && kind != kanban.StageWon && kind != kanban.StageLost {
			kind = kanban.StageOpen
		}
		title := cat.Labels[i].Title
		if slices.ContainsFunc(specs, func(s kanban.StageSpec) bool { return s.Title == title }) {
			return nil, kanban.Invalid("stages.twice", "stage", title)
		}
		specs = append(specs, kanban.StageSpec{Title: title, Kind: kind})
	}
	if len(specs) == 0 {
		return nil, kanban.Invalid("connect.no_stages")
	}
	return specs, nil
}

// boardNameLimit bounds a board's name, in bytes.
const boardNameLimit = 240

func checkBoard(name, currency string) error {
	if name == "" || len(name) > boardNameLimit {
		return kanban.Invalid("connect.board_name_missing")
	}
	if len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return kanban.Invalid("connect.currency_unknown")
	}
	return nil
}
