package templates

import (
	"slices"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// StageSettingsView is a stage on the page of its board's settings.
type StageSettingsView struct {
	ElementID, Number string
	Stage             kanban.Stage
	// Color is the stage's as a colour that may be drawn, OwnColor what its own one starts with.
	Color, OwnColor string
	Colors          []ChoiceView
	// Note says in few words what the stage is.
	Note string
	// Title is the label's as the form shows it, Suggestion one that would follow from the name, if it is another.
	Title, Suggestion string
	// Shared names the other boards that have the label; empty when there are none.
	Shared                    string
	WIP, Rotting, Probability string
	Others                    []ChoiceView
	Open                      bool
	Leaving                   StageLeavingView
}

// NewStageView is a stage that is to be added, as it was typed.
type NewStageView struct {
	Name, Label string
	Kind        kanban.StageKind
	// Share asks whether a label is to be shared with another board.
	Share bool
}

// StageLeavingView is how far the emptying of a stage has come.
type StageLeavingView struct {
	ID, Path, Version string
	Text, Refused     string
	All, Moved        string
	Again, Keep       string
}

// StageElementID is the id of a stage on the page of settings.
func StageElementID(id kanban.StageID) string { return StageID(id) + "-settings" }

// NewStageSettings draws a stage with its form. others are the boards of the account.
func NewStageSettings(loc Locale, b kanban.Board, s kanban.Stage, boards []kanban.Board) StageSettingsView {
	v := StageSettingsView{
		ElementID: StageElementID(s.ID), Number: itoa(s.ID), Stage: s, Color: drawable(s.Color), Title: s.Title,
		WIP: countOf(s.WIP), Rotting: countOf(s.RottingDays), Probability: itoa(s.Probability),
		Shared: strings.Join(kanban.SharedWith(boards, b.ID, s.Label), ", "),
	}
	if suggestion := kanban.SuggestLabelTitle(s.Name); suggestion != s.Title {
		v.Suggestion = suggestion
	}
	v.OwnColor, v.Colors = v.Color, stageColors(loc, s)
	v.Note = stageNote(loc, s, v.Shared)
	for _, o := range b.Stages {
		if o.ID != s.ID && o.Leaving == nil {
			v.Others = append(v.Others, ChoiceView{Value: itoa(o.ID), Text: loc.T("stages.remove_merge", "stage", o.Name)})
		}
	}
	return v
}

func stageColors(loc Locale, s kanban.Stage) []ChoiceView {
	return []ChoiceView{
		{Name: "colour", Value: "label", Text: loc.T("stages.colour_label"), Chosen: !s.OwnColor},
		{Name: "colour", Value: "own", Text: loc.T("stages.colour_own"), Chosen: s.OwnColor},
		{Name: "colour", Value: "both", Text: loc.T("stages.colour_both")},
	}
}

// stageNote is what a stage is, in few words.
func stageNote(loc Locale, s kanban.Stage, shared string) string {
	var parts []string
	if s.Leaving != nil {
		return loc.T("stages.is_leaving")
	}
	if s.Kind != kanban.StageOpen {
		parts = append(parts, loc.T("kind."+string(s.Kind)))
	}
	if !strings.EqualFold(s.Title, s.Name) {
		parts = append(parts, oneLine(s.Title, nameLimit))
	}
	if s.WIP > 0 {
		parts = append(parts, loc.T("stage.limit", "limit", loc.Number(s.WIP)))
	}
	if s.RottingDays > 0 {
		parts = append(parts, loc.N("stages.rots", s.RottingDays))
	}
	if s.Hidden {
		parts = append(parts, loc.T("stages.is_hidden"))
	}
	if s.LabelGone {
		parts = append(parts, loc.T("stages.is_gone"))
	}
	if shared != "" {
		parts = append(parts, loc.T("stages.is_shared"))
	}
	return strings.Join(parts, " · ")
}

// NewStageLeaving draws how far the emptying of a stage has come.
func NewStageLeaving(loc Locale, b kanban.Board, s kanban.Stage, left kanban.Remaining) StageLeavingView {
	all := max(s.Leaving.Cards, left.Here, 1)
	v := StageLeavingView{
		ID: StageElementID(s.ID) + "-leaving", Path: StageRemovalPath(b.ID, s.ID), Version: itoa(b.Version),
		Text: loc.T("stages.leaving", "moved", loc.Number(all-left.Here), "all", loc.Number(all), "stage", stageName(loc, b, s.Leaving.To)),
		All:  itoa(all), Moved: itoa(all - left.Here), Again: loc.T("stages.leave_again"), Keep: loc.T("stages.leave_keep"),
	}
	if left.Refused > 0 {
		v.Refused = loc.N("stages.leave_refused", left.Refused)
	}
	return v
}

// FreeLabels are the titles that another stage of a board may take.
func FreeLabels(b kanban.Board, cat *kanban.Catalog) []string {
	var titles []string
	for _, l := range cat.Labels {
		if !l.Gone && !slices.ContainsFunc(b.Stages, func(s kanban.Stage) bool { return s.Label == l.ID }) {
			titles = append(titles, l.Title)
		}
	}
	return titles
}

// drawable is a colour that a browser's colour field takes: #rrggbb.
func drawable(color string) string {
	switch {
	case !isColor(color):
		return "#80838d"
	case len(color) == 4:
		return "#" + strings.Repeat(color[1:2], 2) + strings.Repeat(color[2:3], 2) + strings.Repeat(color[3:4], 2)
	}
	return strings.ToLower(color)
}

// countOf is a number in a field that may be empty.
func countOf(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(n)
}

// NewStageTyped is a stage as it was typed in its form.
func NewStageTyped(s kanban.Stage, e kanban.StageEdit, typed func(string) string) StageSettingsView {
	s.Name, s.Kind, s.Hidden = e.Name, e.Kind, e.Hidden
	return StageSettingsView{
		Stage: s, Title: e.Title, WIP: typed("wip"), Rotting: typed("rotting"), Probability: typed("probability"), OwnColor: typed("color"), Note: typed("colour"),
	}
}

// Typed puts what was typed into the form of a stage that was refused.
func (v StageSettingsView) Typed(loc Locale, t StageSettingsView) StageSettingsView {
	v.Stage.Name, v.Stage.Kind, v.Stage.Hidden = t.Stage.Name, t.Stage.Kind, t.Stage.Hidden
	v.Title, v.WIP, v.Rotting, v.Probability, v.OwnColor = t.Title, t.WIP, t.Rotting, t.Probability, drawable(t.OwnColor)
	for i := range v.Colors {
		v.Colors[i].Chosen = v.Colors[i].Value == t.Note
	}
	v.Open = true
	return v
}
