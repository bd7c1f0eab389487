package kanban

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// StageEdit is what an administrator makes of a stage.
type StageEdit struct {
	Name string
	Kind StageKind
	// Color is the stage's own; empty follows the label.
	Color                         string
	WIP, RottingDays, Probability int
	Hidden                        bool
	// Title is what the label is to be called in Chatwoot, for everybody; as it is, or empty, leaves it alone.
	Title string
	// ColorLabel gives the label the stage's colour in Chatwoot, too.
	ColorLabel bool
}

func (s *Stage) edit(e StageEdit) {
	s.Name, s.Kind, s.WIP, s.RottingDays, s.Probability, s.Hidden = strings.TrimSpace(e.Name), e.Kind, e.WIP, e.RottingDays, e.Probability, e.Hidden
	s.Color, s.OwnColor = e.Color, e.Color != "" && !e.ColorLabel
}

// LabelRefusedError says that a stage was saved but its label was not changed in Chatwoot.
type LabelRefusedError struct{ Err error }

func (e *LabelRefusedError) Error() string { return "the label was not changed: " + e.Err.Error() }

// Unwrap is why.
func (e *LabelRefusedError) Unwrap() error { return e.Err }

// EditStage changes a stage of a board that is still as the administrator saw it (ErrStale), and then its label in Chatwoot if that was
// wished. A *LabelRefusedError says that only the stage was changed.
func (e *Engine) EditStage(ctx context.Context, by Viewer, id BoardID, version int64, stage StageID, edit StageEdit) (Board, error) {
	var before Stage
	b, err := e.ChangeBoard(ctx, by, id, version, func(b *Board) error {
		i := slices.IndexFunc(b.Stages, func(s Stage) bool { return s.ID == stage })
		if i < 0 {
			return ErrNotFound
		}
		before = b.Stages[i]
		if edit.Color != "" && !hexColor.MatchString(edit.Color) {
			return Invalid("stages.color", "stage", before.Name)
		}
		if err := e.mayRetitle(ctx, before, by.Account, edit.title(before)); err != nil {
			return err
		}
		b.Stages[i].edit(edit)
		return nil
	})
	if err != nil {
		return b, err
	}
	change, wished := edit.label(before)
	if !wished {
		return b, nil
	}
	if err := e.changeLabel(ctx, by, before.Label, change); err != nil {
		return b, &LabelRefusedError{err}
	}
	return e.Store.Board(ctx, id)
}

// title is the new one for the label; empty when it stays.
func (e StageEdit) title(s Stage) string {
	title := strings.ToLower(strings.TrimSpace(e.Title))
	if title == s.Title || s.LabelGone {
		return ""
	}
	return title
}

func (e StageEdit) label(s Stage) (change chatwoot.LabelChange, wished bool) {
	if title := e.title(s); title != "" {
		change.Title, wished = &title, true
	}
	if e.ColorLabel && e.Color != "" && !s.LabelGone {
		change.Color, wished = &e.Color, true
	}
	return change, wished
}

// mayRetitle refuses a title that Chatwoot would refuse: malformed, or taken by another label.
func (e *Engine) mayRetitle(ctx context.Context, s Stage, account AccountID, title string) error {
	if title == "" {
		return nil
	}
	if err := CheckLabelTitle(title); err != nil {
		return err
	}
	catalog, err := e.Store.Catalog(ctx, account)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(catalog.Labels, func(l Label) bool { return !l.Gone && l.ID != s.Label && strings.EqualFold(l.Title, title) }) {
		return Invalid("label.title_taken", "title", title)
	}
	return nil
}

// changeLabel changes a label in Chatwoot. A rename reaches conversations one by one and in silence (CONTRACT 7.4); until then the former
// title stands for the label.
func (e *Engine) changeLabel(ctx context.Context, by Viewer, id LabelID, change chatwoot.LabelChange) error {
	return e.changeLabels(ctx, by, func(c *chatwoot.Client, _ []Label) (int64, error) {
		_, err := c.UpdateLabel(ctx, int64(id), change)
		return int64(id), err
	}, nil)
}

// deleteLabel deletes a label in Chatwoot; that it is gone already is as well.
func (e *Engine) deleteLabel(ctx context.Context, by Viewer, id LabelID) error {
	return e.changeLabels(ctx, by, func(c *chatwoot.Client, _ []Label) (int64, error) {
		err := c.DeleteLabel(ctx, int64(id))
		if errors.Is(err, chatwoot.KindNotFound) {
			err = nil
		}
		return 0, err
	}, nil)
}
