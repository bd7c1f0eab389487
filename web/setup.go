package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// accountOf is the account of an address, if its connection is the request's person's business. For others it is not there.
func (s *Server) accountOf(c echo.Context) (kanban.Account, error) {
	w, err := s.who(c)
	if err != nil {
		return kanban.Account{}, err
	}
	accounts, err := s.administered(c)
	if err != nil {
		return kanban.Account{}, err
	}
	i := slices.IndexFunc(accounts, func(a kanban.Account) bool { return strconv.FormatInt(int64(a.ID), 10) == c.Param("account") })
	if i < 0 {
		return kanban.Account{}, w.absent(kanban.ErrNotFound)
	}
	return accounts[i], nil
}

// setupPage is the page of three ticks.
func (s *Server) setupPage(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	return s.drawSetup(c, http.StatusOK, a, nil)
}

// setupTick is one of its ticks; nothing is answered when it says what the page knows already.
func (s *Server) setupTick(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	state, err := s.Engine.Connection(c.Request().Context(), a.ID)
	if err != nil {
		return err
	}
	v, ok := templates.NewTick(localeOf(c), c.Param("tick"), a, state)
	switch {
	case !ok:
		return kanban.ErrNotFound
	case v.Seen == c.QueryParam("seen"):
		return c.NoContent(http.StatusNoContent)
	}
	return s.draw(c, http.StatusOK, templates.Tick(v))
}

// setupFailed says on the page what went wrong with something done there.
func (s *Server) setupFailed(c echo.Context, a kanban.Account, err error) error {
	var invalid *kanban.InvalidError
	status, text := Sentence(localeOf(c), err)
	if status >= http.StatusInternalServerError && !errors.As(err, &invalid) {
		requestOf(c.Request().Context()).err = err
	}
	return s.drawSetup(c, status, a, &text)
}

func (s *Server) drawSetup(c echo.Context, status int, a kanban.Account, problem *string) error {
	ctx, loc := c.Request().Context(), localeOf(c)
	if now, err := s.Store.Account(ctx, a.ID); err == nil {
		a = now
	}
	state, err := s.Engine.Connection(ctx, a.ID)
	if err != nil {
		return err
	}
	boards, err := s.Store.Boards(ctx, a.ID)
	if err != nil {
		return err
	}
	v := templates.SetupView{
		Frame: s.frame(c, kanban.Viewer{}), Account: a, PublicURL: s.publicAddress(c, a), Fixed: s.PublicURL != "",
		Unsigned: !a.Signs() && !a.Link.AllowUnsigned, AppThere: a.Link.App.URL != "",
	}
	v.Chatwoot, _ = templates.NewTick(loc, templates.TickChatwoot, a, state)
	v.Webhook, _ = templates.NewTick(loc, templates.TickWebhook, a, state)
	for _, b := range boards {
		if !b.Archived() {
			v.Boards = append(v.Boards, templates.NewSetupBoard(b))
		}
	}
	if problem != nil {
		v.Error = *problem
	}
	if err := s.boardChoices(c, a, &v); err != nil {
		return err
	}
	return s.draw(c, status, templates.SetupPage(v))
}

// publicAddress is where Chatwoot is to reach us: what the operator said, else what is registered, else the address that the
// administrator uses, which is the best guess there is.
func (s *Server) publicAddress(c echo.Context, a kanban.Account) string {
	switch {
	case s.PublicURL != "":
		return strings.TrimRight(s.PublicURL, "/")
	case a.Webhook.URL != "":
		return a.Webhook.PublicURL()
	}
	return c.Scheme() + "://" + c.Request().Host
}

// boardChoices fills in what a board may be made of, with what was typed where that was refused.
func (s *Server) boardChoices(c echo.Context, a kanban.Account, v *templates.SetupView) error {
	cat, err := s.Store.Catalog(c.Request().Context(), a.ID)
	if err != nil {
		return err
	}
	boards, err := s.Store.Boards(c.Request().Context(), a.ID)
	if err != nil {
		return err
	}
	loc, form := localeOf(c), typed(c)
	v.Currencies = templates.Currencies()
	v.BoardName, v.Currency = loc.T("connect.board_name_proposal"), currencyOf(loc)
	plan := form.Get("plan")
	if form.Has("name") {
		v.BoardName, v.Currency = form.Get("name"), form.Get("currency")
	} else if plan == "" {
		plan = templates.PlanSales
	}
	for _, l := range cat.Labels {
		if l.Gone {
			continue
		}
		choice := templates.NewConnectLabel(l, slices.Contains(form["stage"], strconv.FormatInt(int64(l.ID), 10)))
		if kind := form.Get("kind_" + choice.ID); kind != "" {
			choice.Kind = kanban.StageKind(kind)
		}
		v.Labels = append(v.Labels, choice.Sharing(loc, boards))
	}
	if len(v.Labels) == 0 && len(v.Boards) == 0 && v.Error == "" {
		v.NoLabels = loc.T("connect.no_labels")
	}
	for _, p := range templates.NewPlans(loc, plan, len(v.Labels) > 0) {
		v.Plans = append(v.Plans, p.Sharing(loc, boards))
	}
	return nil
}
