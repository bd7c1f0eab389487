package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// typed is what a form sent; nothing where none did.
func typed(c echo.Context) url.Values {
	if c.Request().Method == http.MethodGet {
		return nil
	}
	form, err := c.FormParams()
	if err != nil {
		return nil // what could not be read was refused before
	}
	return form
}

// registerWebhook registers an account's webhook anew, and tries whether it arrives.
func (s *Server) registerWebhook(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	if err := s.tryWebhook(c, a); err != nil {
		return s.setupFailed(c, a, err)
	}
	return s.backTo(c, a)
}

func (s *Server) tryWebhook(c echo.Context, a kanban.Account) error {
	ctx, form := c.Request().Context(), typed(c)
	if !a.Signs() && !a.Link.AllowUnsigned {
		if form.Get("unsigned") != "yes" {
			return kanban.Invalid("connect.unsigned_missing")
		}
		if err := s.Engine.AllowUnsigned(ctx, a.ID, true); err != nil {
			return err
		}
	}
	public := s.publicAddress(c, a)
	if typed := strings.TrimSpace(form.Get("address")); typed != "" && s.PublicURL == "" {
		if public = typed; !isWebAddress(typed) {
			return chatwoot.ErrAddress
		}
	}
	if _, err := s.Engine.RegisterWebhook(ctx, a.ID, public); err != nil {
		return err
	}
	s.Engine.Prove(a.ID)
	return nil
}

// isWebAddress reports whether a text is scheme, host and at most a path.
func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// backTo leads back to the page that something was done on.
func (s *Server) backTo(c echo.Context, a kanban.Account) error {
	if typed(c).Get("return") == "health" {
		return c.Redirect(http.StatusSeeOther, templates.HealthPath)
	}
	return c.Redirect(http.StatusSeeOther, templates.SetupPath(a.ID))
}

// dashboardApp adds the tab inside of Chatwoot, or removes it.
func (s *Server) dashboardApp(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	switch typed(c).Get("wish") {
	case "yes":
		err = s.Engine.AddApp(ctx, a.ID, s.publicAddress(c, a))
	case "no":
		err = s.Engine.RemoveApp(ctx, a.ID)
	default:
		err = kanban.Invalid("error.invalid_text")
	}
	if err != nil {
		return s.setupFailed(c, a, err)
	}
	return s.backTo(c, a)
}

// disconnect ends an account's connection.
func (s *Server) disconnect(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	form := typed(c)
	if form.Get("confirm") != "yes" {
		return kanban.Invalid("disconnect.unconfirmed")
	}
	left, err := s.Engine.Disconnect(c.Request().Context(), a.ID, form.Get("data") == "delete")
	if err != nil {
		return err
	}
	var what string
	switch {
	case left.Webhook && left.App:
		what = "both"
	case left.Webhook:
		what = "webhook"
	case left.App:
		what = "app"
	default:
		return c.Redirect(http.StatusSeeOther, "/")
	}
	text := localeOf(c).T("disconnect.left_"+what, "account", a.Name)
	return s.draw(c, http.StatusOK, templates.HealthPage(templates.HealthView{Frame: s.frame(c, kanban.Viewer{}), Version: s.Version, Problem: text}))
}

// makeBoard makes a board of an account: of a plan, of labels that were chosen, or of a template's file.
func (s *Server) makeBoard(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	t, err := s.templateChosen(c, a)
	if err != nil {
		return s.boardRefused(c, a, err)
	}
	b, err := s.Engine.MakeBoardOf(c.Request().Context(), a.ID, t)
	if err != nil {
		return s.boardRefused(c, a, err)
	}
	if boards, err := s.Store.Boards(c.Request().Context(), a.ID); err == nil && len(boards) == 1 && typed(c).Get("return") == "" {
		return c.Redirect(http.StatusSeeOther, templates.SetupPath(a.ID)) // the first: there is the tab to be offered yet
	}
	return c.Redirect(http.StatusSeeOther, templates.BoardPath(b.ID))
}

// boardRefused says what was wrong with a board that was to be made, on the page that it was asked for on.
func (s *Server) boardRefused(c echo.Context, a kanban.Account, err error) error {
	if typed(c).Get("return") != "boards" {
		return s.setupFailed(c, a, err)
	}
	one, seatErr := s.seatIn(c)
	if seatErr != nil {
		return s.setupFailed(c, a, err)
	}
	status, text := Sentence(localeOf(c), err)
	if status >= http.StatusInternalServerError {
		requestOf(c.Request().Context()).err = err
	}
	return s.drawBoards(c, status, one, text)
}

func (s *Server) templateChosen(c echo.Context, a kanban.Account) (kanban.Template, error) {
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		return templateSent(c)
	}
	form := typed(c)
	name, currency := strings.TrimSpace(form.Get("name")), strings.ToUpper(strings.TrimSpace(form.Get("currency")))
	if err := checkBoard(name, currency); err != nil {
		return kanban.Template{}, err
	}
	specs := templates.PlanStages(localeOf(c), form.Get("plan"))
	if form.Get("plan") == templates.PlanLabels {
		cat, err := s.Store.Catalog(c.Request().Context(), a.ID)
		if err != nil {
			return kanban.Template{}, err
		}
		if specs, err = stagesChosen(form, cat); err != nil {
			return kanban.Template{}, err
		}
	}
	if len(specs) == 0 {
		return kanban.Template{}, kanban.Invalid("connect.plan_unknown")
	}
	return kanban.NewTemplate(name, currency, specs), nil
}

// templateSent reads the file of a template.
func templateSent(c echo.Context) (kanban.Template, error) {
	done := hurry(c.Response(), formPatience)
	defer done()
	file, err := c.FormFile("template")
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return kanban.Template{}, kanban.Invalid("template.too_large")
	}
	if err != nil {
		return kanban.Template{}, kanban.Invalid("connect.import_missing")
	}
	f, err := file.Open()
	if err != nil {
		return kanban.Template{}, err
	}
	text, err := io.ReadAll(io.LimitReader(f, kanban.TemplateLimit+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return kanban.Template{}, err
	}
	return kanban.ParseTemplate(text)
}

// boardTemplate is a board's structure as a file, for administrators.
func (s *Server) boardTemplate(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	if !v.SeesAll() {
		return kanban.ErrNotFound
	}
	text, err := json.MarshalIndent(kanban.TemplateOf(b), "", "  ")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="chatlane-board-%d.json"`, b.ID))
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, "application/json", append(text, '\n'))
}
