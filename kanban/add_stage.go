package kanban

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// NewStage is a stage that is to be added to a board.
type NewStage struct {
	Name string
	Kind StageKind
	// Title is the label's: one that exists is taken, another is created in Chatwoot. Empty makes one of the name.
	Title string
	// Color of the stage; of the label, too, when that is created. Empty leaves it to the label.
	Color string
	// Share agrees to a label that is a stage of another board already.
	Share bool
}

// title is the label's that the stage is to have.
func (n NewStage) title() (string, error) {
	title := strings.ToLower(strings.TrimSpace(n.Title))
	if title == "" {
		if title = SuggestLabelTitle(n.Name); title == "" {
			return "", Invalid("label.title_not_allowed", "title", cut(n.Name))
		}
	}
	return title, CheckLabelTitle(title)
}

// AddStage adds a stage to a board that is still as the administrator saw it (ErrStale), with a label of that title.
func (e *Engine) AddStage(ctx context.Context, by Viewer, id BoardID, version int64, n NewStage) (Board, error) {
	b, err := e.boardFor(ctx, by, id)
	if err != nil {
		return Board{}, err
	}
	if b.Version != version {
		return b, ErrBoardChanged
	}
	title, err := n.title()
	if err != nil {
		return b, err
	}
	draft := Stage{Board: id, Name: strings.TrimSpace(n.Name), Kind: n.Kind, Title: title, Color: n.Color, OwnColor: n.Color != "", Probability: firstGuess(n.Kind)}
	if err := e.mayAdd(ctx, b, draft, n.Share); err != nil {
		return b, err
	}
	label, err := e.labelFor(ctx, by, draft)
	if err != nil {
		return b, err
	}
	if b, err = e.Store.Board(ctx, id); err != nil { // the catalogue may have changed it
		return b, err
	}
	draft.Label, draft.Title = label.ID, label.Title
	draft.OwnColor = n.Color != "" && !strings.EqualFold(n.Color, label.Color)
	return e.changed(ctx, b, func(b *Board) error {
		b.insert(draft)
		return nil
	})
}

// mayAdd refuses what cannot be added before anything is created in Chatwoot.
func (e *Engine) mayAdd(ctx context.Context, b Board, s Stage, share bool) error {
	for _, o := range b.Stages {
		if strings.EqualFold(o.Title, s.Title) && !o.LabelGone {
			return Invalid("stages.label_taken", "label", s.Title, "stage", o.Name)
		}
	}
	next := b
	next.Stages = slices.Clone(b.Stages)
	next.insert(s)
	if err := next.Check(); err != nil {
		return err
	}
	return e.mayShare(ctx, b, s.Title, share)
}

// mayShare refuses a label that another board uses, unless that was agreed to.
func (e *Engine) mayShare(ctx context.Context, b Board, title string, agreed bool) error {
	if agreed {
		return nil
	}
	boards, err := e.Store.Boards(ctx, b.Account)
	if err != nil {
		return err
	}
	for _, o := range boards {
		for _, s := range o.Stages {
			if o.ID != b.ID && !o.Archived() && strings.EqualFold(s.Title, title) {
				return Invalid("stages.label_shared", "label", title, "board", o.Name)
			}
		}
	}
	return nil
}

// labelFor finds the label of a stage by its title, or creates it as the administrator, and saves the catalogue with it.
func (e *Engine) labelFor(ctx context.Context, by Viewer, s Stage) (Label, error) {
	var label Label
	err := e.changeLabels(ctx, by, func(c *chatwoot.Client, labels []Label) (int64, error) {
		if i := slices.IndexFunc(labels, func(l Label) bool { return strings.EqualFold(l.Title, s.Title) }); i >= 0 {
			return int64(labels[i].ID), nil
		}
		l, err := c.CreateLabel(ctx, chatwoot.Label{Title: s.Title, Color: s.labelColor(), ShowOnSidebar: true})
		if err != nil {
			return 0, fmt.Errorf("create label: %w", err)
		}
		return l.ID, nil
	}, &label)
	return label, err
}

func (s Stage) labelColor() string {
	if s.Color != "" {
		return s.Color
	}
	return palette[len(s.Title)%len(palette)]
}

// changeLabels changes something about the account's labels, as the administrator and alone, and saves the catalogue as it is
// afterwards. label, if not nil, becomes the label whose number the change returns.
func (e *Engine) changeLabels(ctx context.Context, by Viewer, change func(*chatwoot.Client, []Label) (int64, error), label *Label) error {
	c, err := e.As(ctx, by)
	if err != nil {
		return err
	}
	s := e.sync(by.Account)
	if err := s.catalog.take(ctx); err != nil {
		return err
	}
	defer s.catalog.leave()
	have, err := c.Labels(ctx)
	if err != nil {
		return e.Heard(ctx, by, err)
	}
	id, err := change(c, labelsOf(have))
	if err != nil {
		return e.Heard(ctx, by, err)
	}
	return s.saveLabels(ctx, LabelID(id), label)
}

// saveLabels reads the account's lists with the account's own token, which nobody's role makes shorter.
func (s *accountSync) saveLabels(ctx context.Context, id LabelID, label *Label) error {
	c, _, err := s.client(ctx, s.id)
	if err != nil {
		return err
	}
	catalog, err := catalogOf(ctx, c)
	if err != nil {
		return err
	}
	change, err := s.Store.SaveCatalog(ctx, s.id, catalog)
	if err != nil {
		return err
	}
	for _, b := range change.Boards {
		s.boardChanged(b)
	}
	if label == nil {
		if change.Changed && len(change.Boards) == 0 {
			s.boardChanged(0)
		}
		return nil
	}
	i := slices.IndexFunc(catalog.Labels, func(l Label) bool { return l.ID == id })
	if i < 0 {
		return fmt.Errorf("%w: not there any more", errLabelRefused)
	}
	*label = catalog.Labels[i]
	return nil
}

// firstGuess of the probability of winning; people correct it.
func firstGuess(kind StageKind) int {
	switch kind {
	case StageWon:
		return 100
	case StageLost:
		return 0
	}
	return 50
}
