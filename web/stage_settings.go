package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// ownStage finds the stage that an address names, of a board that whoever asks administers.
func (s *Server) ownStage(c echo.Context) (kanban.Board, kanban.Stage, kanban.Viewer, error) {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return b, kanban.Stage{}, v, err
	}
	n, err := strconv.ParseInt(c.Param("stage"), 10, 64)
	if err != nil {
		return b, kanban.Stage{}, v, s.absent(c)
	}
	st, ok := b.Stage(kanban.StageID(n))
	if !ok {
		return b, st, v, s.absent(c)
	}
	return b, st, v, nil
}

// addStage adds a stage to a board.
func (s *Server) addStage(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	form := typed(c)
	n := kanban.NewStage{Name: form.Get("name"), Kind: kanban.StageKind(form.Get("kind")), Title: form.Get("label"), Share: form.Get("share") == "yes"}
	saved, err := s.Engine.AddStage(c.Request().Context(), v, b.ID, versionIn(form), n)
	if err != nil {
		return s.settingsRefused(c, v, templates.BoardSettingsView{Board: b, New: newStageTyped(n, err)}, "add", err)
	}
	return s.settled(c, saved, "added", "stages-title")
}

// newStageTyped is what was typed, with what would do instead of a label that is not allowed.
func newStageTyped(n kanban.NewStage, err error) templates.NewStageView {
	view := templates.NewStageView{Name: n.Name, Label: n.Title, Kind: n.Kind}
	if invalid, ok := errors.AsType[*kanban.InvalidError](err); ok {
		view.Share = invalid.Key == "stages.label_shared"
		if suggestion, ok := invalid.Values["suggestion"].(string); ok {
			view.Label = suggestion
		}
	}
	return view
}

// editStage changes a stage, and its label where that was wished.
func (s *Server) editStage(c echo.Context) error {
	b, st, v, err := s.ownStage(c)
	if err != nil {
		return err
	}
	form := typed(c)
	edit, err := stageIn(form)
	if err == nil {
		b, err = s.Engine.EditStage(c.Request().Context(), v, b.ID, versionIn(form), st.ID, edit)
	}
	id := templates.StageElementID(st.ID)
	if err != nil {
		view := templates.BoardSettingsView{Board: b, Stages: []templates.StageSettingsView{templates.NewStageTyped(st, edit, form.Get)}}
		return s.settingsRefused(c, v, view, id, err)
	}
	return s.settled(c, b, "saved", id)
}

// stageIn reads a stage from its form.
func stageIn(form url.Values) (kanban.StageEdit, error) {
	edit := kanban.StageEdit{
		Name: form.Get("name"), Kind: kanban.StageKind(form.Get("kind")), Hidden: form.Get("hidden") == "yes", Title: form.Get("label"),
		ColorLabel: form.Get("colour") == "both",
	}
	if form.Get("colour") != "label" {
		edit.Color = form.Get("color")
	}
	for name, into := range map[string]*int{"wip": &edit.WIP, "rotting": &edit.RottingDays, "probability": &edit.Probability} {
		text := strings.TrimSpace(form.Get(name))
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return edit, kanban.Invalid("stages.number", "stage", edit.Name)
		}
		*into = n
	}
	return edit, nil
}

// orderStages puts the stages of a board in an order: the one of the form, after one of them went up or down.
func (s *Server) orderStages(c echo.Context) error {
	b, v, err := s.ownBoard(c)
	if err != nil {
		return err
	}
	form := typed(c)
	order, err := orderIn[kanban.StageID](form, "stage")
	if err != nil {
		return err
	}
	saved, err := s.Engine.ChangeBoard(c.Request().Context(), v, b.ID, versionIn(form), func(b *kanban.Board) error {
		b.Order(order)
		return nil
	})
	if err != nil {
		return s.settingsRefused(c, v, templates.BoardSettingsView{Board: b}, "order", err)
	}
	if wantsFragment(c.Request()) {
		return s.versioned(c, saved, c.NoContent)
	}
	return s.settled(c, saved, "saved", "stages-title")
}

// versioned tells the other forms of the page what they are made from by now.
func (s *Server) versioned(c echo.Context, b kanban.Board, answer func(int) error) error {
	news, err := json.Marshal(map[string]any{"board-versioned": map[string]int64{"version": b.Version}})
	if err != nil {
		return err
	}
	c.Response().Header().Set("HX-Trigger", string(news))
	return answer(http.StatusOK)
}

// orderIn reads an order from a form: the numbers as they come, one of them exchanged with its neighbour if it was to go up or down.
func orderIn[T ~int64](form url.Values, name string) ([]T, error) {
	var order []T
	if err := numbersIn(form, name, &order); err != nil {
		return nil, err
	}
	for step, by := range map[string]int{"up": -1, "down": 1} {
		n, err := strconv.ParseInt(form.Get(step), 10, 64)
		if err != nil {
			continue
		}
		i := slices.Index(order, T(n))
		if j := i + by; i >= 0 && j >= 0 && j < len(order) {
			order[i], order[j] = order[j], order[i]
		}
	}
	return order, nil
}

// removeStage takes a stage off a board, or ends that, or tries again what was refused.
func (s *Server) removeStage(c echo.Context) error {
	b, st, v, err := s.ownStage(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), typed(c)
	version, done := versionIn(form), "removed"
	switch form.Get("wish") {
	case "keep":
		done = "saved"
		b, err = s.Engine.KeepStage(ctx, v, b.ID, version, st.ID)
	case "again":
		b, err = s.Engine.EmptyAgain(ctx, v, b.ID, version, st.ID)
	default:
		var r kanban.StageRemoval
		if r, err = removalIn(form); err == nil {
			b, err = s.Engine.RemoveStage(ctx, v, b.ID, version, st.ID, r)
		}
	}
	if err != nil {
		return s.settingsRefused(c, v, templates.BoardSettingsView{Board: b}, "remove-"+templates.StageElementID(st.ID), err)
	}
	return s.settled(c, b, done, "stages-title")
}

func removalIn(form url.Values) (kanban.StageRemoval, error) {
	r := kanban.StageRemoval{DeleteLabel: form.Get("delete_label") == "yes"}
	if form.Get("to") == "keep" {
		r.KeepLabels = true
		return r, nil
	}
	n, err := strconv.ParseInt(form.Get("to"), 10, 64)
	if err != nil || n < 0 {
		return r, kanban.Invalid("stages.nowhere")
	}
	r.To = kanban.StageID(n)
	return r, nil
}

// stageRemoval is how far the emptying of a stage has come.
func (s *Server) stageRemoval(c echo.Context) error {
	b, st, _, err := s.ownStage(c)
	if errors.Is(err, kanban.ErrNotFound) && slices.ContainsFunc(b.Removed, func(r kanban.Stage) bool { return strconv.FormatInt(int64(r.ID), 10) == c.Param("stage") }) {
		return s.versioned(c, b, func(status int) error { return s.draw(c, status, templates.StageLeft(localeOf(c))) })
	}
	if err != nil {
		return err
	}
	if st.Leaving == nil {
		return c.NoContent(http.StatusNoContent)
	}
	left, err := s.Store.CardsLeft(c.Request().Context(), st)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.StageLeaving(templates.NewStageLeaving(localeOf(c), b, st, left)))
}
