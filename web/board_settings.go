package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// ownBoard finds the board that an address names, if whoever asks administers its account. For others it has no settings.
func (s *Server) ownBoard(c echo.Context) (kanban.Board, kanban.Viewer, error) {
	b, v, err := s.board(c)
	if err == nil && !v.SeesAll() {
		err = s.absent(c)
	}
	return b, v, err
}

// absent is what is said of something that is not there for the request's person.
func (s *Server) absent(c echo.Context) error {
	w, err := s.who(c)
	if err != nil {
		return err
	}
	return w.absent(kanban.ErrNotFound)
}

// boardSettings is the page of a board's settings.
func (s *Server) boardSettings(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	view := templates.BoardSettingsView{Board: b}
	if done := c.QueryParam("done"); settingsDone[done] != "" {
		view.Done = localeOf(c).T(settingsDone[done])
	}
	return s.drawSettings(c, http.StatusOK, v, view)
}

// settingsDone are the sentences that the page is led back to with.
var settingsDone = map[string]string{
	"saved": "board.done_saved", "added": "board.done_added", "removed": "board.done_removed", "copied": "board.done_copied",
	"archived": "board.done_archived", "back": "board.done_back",
}

// settled leads back to the page of settings, and says there what was done.
func (s *Server) settled(c echo.Context, b kanban.Board, done, fragment string) error {
	return c.Redirect(http.StatusSeeOther, templates.SettingsPath(b.ID)+"?done="+done+"#"+fragment)
}

// settingsRefused draws the page with what was typed, and says beside the form what was wrong with it. Whoever was overtaken gets the
// board as it is by now to look at, and saves again if that is still what they want.
func (s *Server) settingsRefused(c echo.Context, v kanban.Viewer, view templates.BoardSettingsView, form string, err error) error {
	status, text := Sentence(localeOf(c), err)
	if errors.Is(err, kanban.ErrNotFound) || errors.Is(err, kanban.ErrSignedOut) || wantsFragment(c.Request()) {
		return err
	}
	if status >= http.StatusInternalServerError {
		requestOf(c.Request().Context()).err = err
	}
	view.Problem = templates.FormProblem{Form: form, Text: text}
	return s.drawSettings(c, status, v, view)
}

func (s *Server) drawSettings(c echo.Context, status int, v kanban.Viewer, view templates.BoardSettingsView) error {
	ctx, loc := c.Request().Context(), localeOf(c)
	b, err := s.Store.Board(ctx, view.Board.ID)
	if err != nil {
		return err
	}
	boards, err := s.Store.Boards(ctx, b.Account)
	if err != nil {
		return err
	}
	if view.Catalog, err = s.Store.Catalog(ctx, b.Account); err != nil {
		return err
	}
	view.Loc, view.Version, view.Labels = loc, b.Version, templates.FreeLabels(b, view.Catalog)
	typed := map[kanban.StageID]templates.StageSettingsView{}
	for _, t := range view.Stages {
		typed[t.Stage.ID] = t
	}
	view.Stages = nil
	for _, st := range b.Stages {
		one, err := s.stageView(c, b, st, boards)
		if err != nil {
			return err
		}
		if t, ok := typed[st.ID]; ok {
			one = one.Typed(loc, t)
		}
		one.Open = one.Open || strings.HasSuffix(view.Problem.Form, one.ElementID) || st.Leaving != nil
		view.Stages = append(view.Stages, one)
	}
	view.Frame = s.frame(c, v)
	view.Frame.Current = b
	return s.draw(c, status, templates.BoardSettingsPage(view))
}

func (s *Server) stageView(c echo.Context, b kanban.Board, st kanban.Stage, boards []kanban.Board) (templates.StageSettingsView, error) {
	view := templates.NewStageSettings(localeOf(c), b, st, boards)
	if st.Leaving == nil {
		return view, nil
	}
	left, err := s.Store.CardsLeft(c.Request().Context(), st)
	view.Leaving = templates.NewStageLeaving(localeOf(c), b, st, left)
	return view, err
}

// saveBoard saves a board's rules.
func (s *Server) saveBoard(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	form := typed(c)
	saved, err := s.Engine.ChangeBoard(c.Request().Context(), v, b.ID, versionIn(form), func(b *kanban.Board) error { return boardIn(form, b) })
	if err != nil {
		_ = boardIn(form, &b) // what can be read of it
		return s.settingsRefused(c, v, templates.BoardSettingsView{Board: b, Reasons: form.Get("reasons")}, "board", err)
	}
	return s.settled(c, saved, "saved", "rules-title")
}

// versionIn is what a form was made from; 0 fits no board.
func versionIn(form url.Values) int64 {
	n, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	return n
}

// boardIn reads a board's rules from their form. Whatever the form does not have stays.
func boardIn(form url.Values, b *kanban.Board) error {
	b.Name, b.Currency = strings.TrimSpace(form.Get("name")), strings.ToUpper(strings.TrimSpace(form.Get("currency")))
	b.HideNoStage, b.CarryStage, b.Compact = form.Get("intake") != "yes", form.Get("carry") == "yes", form.Get("density") == "compact"
	if form.Has("sort") {
		b.Sort = kanban.Filter{Sort: kanban.ParseSort(form.Get("sort"))}.On(kanban.Board{}).Sort
	}
	b.Winner = kanban.Winner(form.Get("winner"))
	b.LostReasons, b.ReasonRequired = linesOf(form.Get("reasons")), form.Get("reason_required") == "yes"
	b.HiddenFields = nil
	for _, f := range kanban.CardFields() {
		if !slices.Contains(form["field"], string(f)) {
			b.HiddenFields = append(b.HiddenFields, f)
		}
	}
	b.Scope = kanban.Scope{}
	for _, status := range form["status"] {
		b.Scope.Statuses = append(b.Scope.Statuses, kanban.Status(status))
	}
	b.Audience = kanban.Audience{Chosen: form.Get("audience") == "chosen"}
	return errors.Join(tickedIn(form, "inbox", &b.Scope.Inboxes), tickedIn(form, "team", &b.Scope.Teams),
		tickedIn(form, "audience_team", &b.Audience.Teams), tickedIn(form, "audience_person", &b.Audience.People))
}

// tickedIn reads what was ticked, in an order that does not depend on names.
func tickedIn[T ~int64](form url.Values, name string, into *[]T) error {
	err := numbersIn(form, name, into)
	slices.Sort(*into)
	*into = slices.Compact(*into)
	return err
}

func numbersIn[T ~int64](form url.Values, name string, into *[]T) error {
	for _, text := range form[name] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return kanban.Invalid("error.invalid_text")
		}
		*into = append(*into, T(n))
	}
	return nil
}

// linesOf are the lines of a text that say something.
func linesOf(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// copyBoard makes a board like another one.
func (s *Server) copyBoard(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	name := typed(c).Get("name")
	made, err := s.Engine.CopyBoard(c.Request().Context(), v, b.ID, name)
	if err != nil {
		return s.settingsRefused(c, v, templates.BoardSettingsView{Board: b, Copy: name}, "copy", err)
	}
	return s.settled(c, made, "copied", "settings")
}

// archive puts a board away, or brings it back.
func (s *Server) archive(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	form := typed(c)
	wish := form.Get("wish")
	if wish != "yes" && wish != "no" {
		return kanban.Invalid("error.invalid_text")
	}
	saved, err := s.Engine.ChangeBoard(c.Request().Context(), v, b.ID, versionIn(form), func(b *kanban.Board) error {
		b.Archive(wish == "yes", time.Now())
		return nil
	})
	switch {
	case err != nil:
		return s.settingsRefused(c, v, templates.BoardSettingsView{Board: b}, "archive", err)
	case form.Get("return") == "boards":
		return c.Redirect(http.StatusSeeOther, templates.BoardsPath(b.Account))
	case wish == "yes":
		return s.settled(c, saved, "archived", "settings")
	}
	return s.settled(c, saved, "back", "settings")
}
