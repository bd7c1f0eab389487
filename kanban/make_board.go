package kanban

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// StageSpec is one stage of a board that is to be made: a label's title and what being there means.
type StageSpec struct {
	Title string
	Kind  StageKind
}

// ParseStages reads "novo,qualificado,ganho=won,perdido=lost": labels in order, open unless said otherwise.
func ParseStages(text string) ([]StageSpec, error) {
	var specs []StageSpec
	for part := range strings.SplitSeq(text, ",") {
		title, kind, _ := strings.Cut(strings.TrimSpace(part), "=")
		spec := StageSpec{Title: strings.ToLower(strings.TrimSpace(title)), Kind: StageKind(strings.TrimSpace(kind))}
		if spec.Kind == "" {
			spec.Kind = StageOpen
		}
		switch {
		case spec.Title == "":
			return nil, Invalid("stages.empty")
		case spec.Kind != StageOpen && spec.Kind != StageWon && spec.Kind != StageLost:
			return nil, Invalid("stages.kind", "stage", spec.Title, "kind", string(spec.Kind))
		case slices.ContainsFunc(specs, func(s StageSpec) bool { return s.Title == spec.Title }):
			return nil, Invalid("stages.twice", "stage", spec.Title)
		}
		specs = append(specs, spec)
	}
	return specs, nil
}

// MakeBoard makes a board of an account. Labels that Chatwoot does not have are created there first.
func (e *Engine) MakeBoard(ctx context.Context, id AccountID, name, currency string, specs []StageSpec) (Board, error) {
	return e.MakeBoardOf(ctx, id, NewTemplate(name, currency, specs))
}

// MakeBoardOf makes a board of a template.
func (e *Engine) MakeBoardOf(ctx context.Context, id AccountID, t Template) (Board, error) {
	c, _, err := e.client(ctx, id)
	if err != nil {
		return Board{}, err
	}
	labels, err := e.ensureLabels(ctx, c, id, t.Stages)
	if err != nil {
		return Board{}, err
	}
	b := t.board(id)
	for i, s := range t.Stages {
		l := labels[s.Label]
		stage := Stage{
			Position: i, Label: l.ID, Title: l.Title, Name: s.Name, Kind: s.Kind, Color: l.Color,
			Probability: s.Probability, WIP: s.WIP, RottingDays: s.RottingDays, Hidden: s.Hidden,
		}
		if s.Color != "" && !strings.EqualFold(s.Color, l.Color) {
			stage.Color, stage.OwnColor = s.Color, true
		}
		b.Stages = append(b.Stages, stage)
	}
	if b, err = e.Store.CreateBoard(ctx, b); err != nil {
		return Board{}, err
	}
	e.Hub.Publish(&Event{Account: id, Kind: BoardChanged})
	return b, nil
}

// ensureLabels finds the labels of the stages, creating those that are missing.
func (e *Engine) ensureLabels(ctx context.Context, c *chatwoot.Client, id AccountID, stages []TemplateStage) (map[string]Label, error) {
	turn := e.sync(id).catalog
	if err := turn.take(ctx); err != nil {
		return nil, err
	}
	defer turn.leave()
	have, err := c.Labels(ctx)
	if err != nil {
		return nil, err
	}
	byTitle := map[string]Label{}
	for _, l := range labelsOf(have) {
		byTitle[strings.ToLower(l.Title)] = l
	}
	created := false
	for i, s := range stages {
		if _, ok := byTitle[s.Label]; ok {
			continue
		}
		l, err := c.CreateLabel(ctx, chatwoot.Label{Title: s.Label, Color: cmp.Or(s.Color, palette[i%len(palette)]), ShowOnSidebar: true})
		if err != nil {
			return nil, fmt.Errorf("create label %q: %w", s.Label, err)
		}
		byTitle[s.Label], created = labelsOf([]chatwoot.Label{l})[0], true
	}
	if !created {
		return byTitle, nil
	}
	catalog, err := catalogOf(ctx, c)
	if err != nil {
		return nil, err
	}
	_, err = e.Store.SaveCatalog(ctx, id, catalog)
	return byTitle, err
}

// palette colours labels that Chatlane creates: Chatwoot's own manner, told apart by people who see few colours.
var palette = []string{"#1f93ff", "#00a2a2", "#f5a623", "#7c4dff", "#2e7d32", "#c62828", "#5c6bc0", "#8d6e63"}

// displayName makes a label's title readable: "pos_venda" becomes "Pos venda".
func displayName(title string) string {
	r := []rune(strings.NewReplacer("_", " ", "-", " ").Replace(title))
	if len(r) > 0 {
		r[0] = []rune(strings.ToUpper(string(r[0])))[0]
	}
	return within(string(r))
}

// within makes a name of ours out of a longer one of Chatwoot's.
func within(name string) string {
	if r := []rune(name); len(r) > templateName {
		return strings.TrimSpace(string(r[:templateName-1])) + "…"
	}
	return name
}

// probability is a first guess: open stages rise evenly, won is certain, lost is not.
func probability(kind StageKind, i int, specs []StageSpec) int {
	switch kind {
	case StageWon:
		return 100
	case StageLost:
		return 0
	}
	open := 0
	for _, s := range specs {
		if s.Kind == StageOpen {
			open++
		}
	}
	return 100 * (i + 1) / (open + 1)
}
