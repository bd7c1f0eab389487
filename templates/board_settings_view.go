package templates

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/chatlane/chatlane/kanban"
)

// BoardSettingsView is a board's settings, for its administrators. What somebody typed and was refused is filled in again.
type BoardSettingsView struct {
	Frame Frame
	Loc   Locale
	// Board is as the forms show it, Version what they were made from.
	Board   kanban.Board
	Version int64
	Catalog *kanban.Catalog
	// Reasons are the lost reasons as typed; empty takes the board's.
	Reasons string
	// Done is what was just done, Problem what was refused.
	Done    string
	Problem FormProblem
	Stages  []StageSettingsView
	// New is the stage that was to be added.
	New NewStageView
	// Labels are the titles that another stage may take.
	Labels []string
	// Copy is the name that was typed for a copy.
	Copy string
}

// FormProblem is a sentence beside the form that was refused; an empty Form is the page.
type FormProblem struct{ Form, Text string }

func (v BoardSettingsView) title() string {
	return v.Loc.T("board.settings_title", "board", boardName(v.Loc, v.Board))
}

// tab is what the browser's tab says, and screen readers first: what came of the form that was sent.
func (v BoardSettingsView) tab() string {
	for _, news := range []string{v.Problem.Text, v.Done} {
		if news != "" {
			return news + " · " + v.title()
		}
	}
	return v.title()
}

func (v BoardSettingsView) version() string { return itoa(v.Version) }

func (v BoardSettingsView) problemOf(form string) templ.Component {
	if v.Problem.Form != form || v.Problem.Text == "" {
		return templ.NopComponent
	}
	return problem(v.Problem.Text)
}

func (v BoardSettingsView) inboxes() []ChoiceView {
	var all []ChoiceView
	for _, i := range v.Catalog.Inboxes {
		chosen := slices.Contains(v.Board.Scope.Inboxes, i.ID)
		if !i.Gone || chosen {
			all = append(all, ChoiceView{Name: "inbox", Value: itoa(i.ID), Text: oneLine(i.Name, nameLimit), Note: v.gone(i.Gone), Chosen: chosen})
		}
	}
	return all
}

// gone marks what Chatwoot no longer has.
func (v BoardSettingsView) gone(gone bool) string {
	if !gone {
		return ""
	}
	return v.Loc.T("board.gone")
}

func (v BoardSettingsView) teams() []ChoiceView { return v.teamsIn("team", v.Board.Scope.Teams) }

func (v BoardSettingsView) audienceTeams() []ChoiceView {
	return v.teamsIn("audience_team", v.Board.Audience.Teams)
}

func (v BoardSettingsView) teamsIn(name string, in []kanban.TeamID) []ChoiceView {
	var all []ChoiceView
	for _, t := range v.Catalog.Teams {
		chosen := slices.Contains(in, t.ID)
		if !t.Gone || chosen {
			all = append(all, ChoiceView{Name: name, Value: itoa(t.ID), Text: oneLine(t.Name, nameLimit), Note: v.gone(t.Gone), Chosen: chosen})
		}
	}
	return all
}

func (v BoardSettingsView) audiencePeople() []ChoiceView {
	var all []ChoiceView
	for _, a := range v.Catalog.Agents {
		chosen := slices.Contains(v.Board.Audience.People, a.ID)
		if (!a.Gone && a.Role != kanban.RoleAdministrator) || chosen {
			all = append(all, ChoiceView{Name: "audience_person", Value: itoa(a.ID), Text: oneLine(a.Name, nameLimit), Note: v.gone(a.Gone), Chosen: chosen})
		}
	}
	return all
}

func (v BoardSettingsView) statuses() []ChoiceView {
	var all []ChoiceView
	for _, s := range kanban.Statuses() {
		all = append(all, ChoiceView{Name: "status", Value: string(s), Text: v.Loc.T("status." + string(s)), Chosen: slices.Contains(v.Board.Scope.Statuses, s)})
	}
	return all
}

func (v BoardSettingsView) audience() []ChoiceView {
	return []ChoiceView{
		{Name: "audience", Value: "everyone", Text: v.Loc.T("board.audience_everyone"), Chosen: !v.Board.Audience.Chosen},
		{Name: "audience", Value: "chosen", Text: v.Loc.T("board.audience_chosen"), Chosen: v.Board.Audience.Chosen},
	}
}

func (v BoardSettingsView) densities() []ChoiceView {
	return []ChoiceView{
		{Name: "density", Value: "comfortable", Text: v.Loc.T("board.comfortable"), Chosen: !v.Board.Compact},
		{Name: "density", Value: "compact", Text: v.Loc.T("board.compact"), Chosen: v.Board.Compact},
	}
}

func (v BoardSettingsView) orders() []ChoiceView {
	var all []ChoiceView
	for _, s := range kanban.Sorts() {
		all = append(all, ChoiceView{Name: "sort", Value: string(s), Text: v.Loc.T("sort." + string(s)), Chosen: s == (kanban.Filter{}).Order(v.Board)})
	}
	return all
}

func (v BoardSettingsView) fields() []ChoiceView {
	var all []ChoiceView
	for _, f := range kanban.CardFields() {
		all = append(all, ChoiceView{Name: "field", Value: string(f), Text: v.Loc.T("field." + string(f)), Chosen: v.Board.Shows(f)})
	}
	return all
}

func (v BoardSettingsView) winners() []ChoiceView {
	return []ChoiceView{
		{Name: "winner", Value: string(kanban.FurthestStage), Text: v.Loc.T("board.winner_furthest"), Chosen: v.Board.Winner != kanban.EarliestStage},
		{Name: "winner", Value: string(kanban.EarliestStage), Text: v.Loc.T("board.winner_earliest"), Chosen: v.Board.Winner == kanban.EarliestStage},
	}
}

func (v BoardSettingsView) switches() []ChoiceView {
	return []ChoiceView{
		{Name: "intake", Value: "yes", Text: v.Loc.T("board.intake"), Chosen: !v.Board.HideNoStage},
		{Name: "carry", Value: "yes", Text: v.Loc.T("board.carry"), Chosen: v.Board.CarryStage},
	}
}

func (v BoardSettingsView) reasons() string {
	if v.Reasons != "" {
		return v.Reasons
	}
	return strings.Join(v.Board.LostReasons, "\n")
}

// scopeNote, audienceNote and cardsNote say in few words what is chosen now.
func (v BoardSettingsView) scopeNote() string {
	s := v.Board.Scope
	if n := len(s.Inboxes) + len(s.Teams) + len(s.Statuses); n > 0 {
		return v.Loc.N("board.scope_some", n)
	}
	return v.Loc.T("board.scope_all")
}

func (v BoardSettingsView) audienceNote() string {
	a := v.Board.Audience
	if !a.Chosen {
		return v.Loc.T("board.audience_everyone")
	}
	return v.Loc.N("board.audience_some", len(a.Teams)+len(a.People))
}

func (v BoardSettingsView) cardsNote() string {
	if v.Board.Compact {
		return v.Loc.T("board.compact")
	}
	return v.Loc.T("board.comfortable")
}

func (v BoardSettingsView) copyName() string {
	if v.Copy != "" {
		return v.Copy
	}
	return cutTo(v.Loc.T("board.copy_of", "board", boardName(v.Loc, v.Board)), nameLimit)
}

// cutTo leaves off what a field does not take.
func cutTo(text string, letters int) string {
	if r := []rune(text); len(r) > letters {
		return string(r[:letters])
	}
	return text
}
