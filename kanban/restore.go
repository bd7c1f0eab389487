package kanban

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

var errLabelRefused = errors.New("label refused")

// restoreLabel gives a stage whose label Chatwoot lost a label again: the one that bears its title by now, or a new one.
func (s *accountSync) restoreLabel(ctx context.Context, c *chatwoot.Client, id BoardID, stage Stage) (Board, error) {
	if err := s.catalog.take(ctx); err != nil {
		return Board{}, err
	}
	defer s.catalog.leave()
	b, err := s.Store.Board(ctx, id)
	if now, ok := b.Stage(stage.ID); err != nil || !ok || !now.LabelGone {
		return b, err // another move was first
	}
	label, err := s.labelTitled(ctx, c, stage)
	if err != nil {
		return b, err
	}
	if b, err = s.Store.Board(ctx, id); err != nil { // the catalogue may have changed it
		return b, err
	}
	if slices.ContainsFunc(b.Stages, func(o Stage) bool { return o.Label == label }) {
		return b, fmt.Errorf("%w: another stage has it", errLabelRefused)
	}
	b.Stages = slices.Clone(b.Stages)
	for i := range b.Stages {
		if b.Stages[i].ID == stage.ID {
			b.Stages[i].Label, b.Stages[i].LabelGone = label, false
		}
	}
	if b, err = s.Store.UpdateBoard(ctx, b); err != nil {
		return b, err
	}
	s.boardChanged(b.ID)
	return b, nil
}

// labelTitled finds the label that bears a stage's title, or creates it, and saves the catalogue with it.
func (s *accountSync) labelTitled(ctx context.Context, c *chatwoot.Client, stage Stage) (LabelID, error) {
	for tried := false; ; tried = true {
		catalog, err := catalogOf(ctx, c)
		if err != nil {
			return 0, err
		}
		i := slices.IndexFunc(catalog.Labels, func(l Label) bool { return strings.EqualFold(l.Title, stage.Title) })
		if i >= 0 {
			_, err = s.Store.SaveCatalog(ctx, s.id, catalog)
			return catalog.Labels[i].ID, err
		}
		if tried {
			return 0, fmt.Errorf("%w: created, and not there", errLabelRefused)
		}
		_, err = c.CreateLabel(ctx, chatwoot.Label{Title: stage.Title, Color: stage.Color, ShowOnSidebar: true})
		if errors.Is(err, chatwoot.KindNotAllowed) || errors.Is(err, chatwoot.KindInvalid) {
			return 0, fmt.Errorf("%w: %w", errLabelRefused, err)
		}
		if err != nil {
			return 0, err
		}
	}
}

// turn lets one at a time, and gives up with the context.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) leave() { <-t }
