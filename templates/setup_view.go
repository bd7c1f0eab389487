package templates

import (
	"slices"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// The plans that a first board may begin with.
const (
	PlanSales      = "sales"
	PlanSupport    = "support"
	PlanRecruiting = "recruiting"
	PlanOnboarding = "onboarding"
	PlanLabels     = "labels" // stages are chosen among the labels there are
)

// SetupView is the page of three ticks: Chatwoot answers, webhooks arrive, labels are mapped. Then the tab inside of Chatwoot.
type SetupView struct {
	Frame   Frame
	Account kanban.Account
	Error   string
	// Chatwoot and Webhook are live; the third tick is done when there are boards.
	Chatwoot, Webhook TickView
	Boards            []SetupBoard
	// PublicURL is proposed as Chatlane's address. Fixed says that the operator chose it.
	PublicURL string
	Fixed     bool
	// Unsigned says that an administrator has to agree before webhooks are taken.
	Unsigned bool
	AppThere bool

	Plans               []PlanView
	BoardName, Currency string
	Currencies          []string
	Labels              []ConnectLabelView
	// NoLabels says that there are no labels to choose from; empty otherwise.
	NoLabels string
	// Return names another page than this one that the forms are shown on.
	Return string
}

// SetupBoard is a board of the account that is there already.
type SetupBoard struct {
	Name, Stages, Path, TemplatePath string
}

// PlanView is a plan that may be chosen.
type PlanView struct {
	ID, Name string
	// Stages are the names of its stages, for people to see what they get.
	Stages string
	// Shared says which boards have some of its labels; empty when none do.
	Shared string
	Chosen bool
}

// NewPlans are the plans in a language. Their labels are in it, too: people read them in Chatwoot.
func NewPlans(loc Locale, chosen string, labels bool) []PlanView {
	var plans []PlanView
	for _, id := range []string{PlanSales, PlanSupport, PlanRecruiting, PlanOnboarding} {
		var names []string
		for _, s := range PlanStages(loc, id) {
			names = append(names, s.Title)
		}
		plans = append(plans, PlanView{ID: id, Name: loc.T("plan." + id), Stages: strings.Join(names, " · "), Chosen: id == chosen})
	}
	if labels {
		plans = append(plans, PlanView{ID: PlanLabels, Name: loc.T("plan." + PlanLabels), Chosen: chosen == PlanLabels})
	}
	return plans
}

// PlanStages are the stages of a plan in a language; nil when there is no such plan.
func PlanStages(loc Locale, id string) []kanban.StageSpec {
	if id == PlanLabels || !loc.Has("plan."+id+"_stages") {
		return nil
	}
	specs, err := kanban.ParseStages(loc.T("plan." + id + "_stages"))
	if err != nil {
		return nil // a test reads all of them
	}
	return specs
}

// Sharing says of a plan which of an account's boards have some of its labels: a card that is moved on one moves on both.
func (p PlanView) Sharing(loc Locale, boards []kanban.Board) PlanView {
	specs := PlanStages(loc, p.ID)
	names := sharing(loc, boards, func(s kanban.Stage) bool {
		return slices.ContainsFunc(specs, func(spec kanban.StageSpec) bool { return strings.EqualFold(spec.Title, s.Title) })
	})
	if names != "" {
		p.Shared = loc.T("connect.shared_with", "boards", names)
	}
	return p
}

// sharing names the boards in use that have a stage of some kind.
func sharing(loc Locale, boards []kanban.Board, of func(kanban.Stage) bool) string {
	var names []string
	for _, b := range boards {
		if !b.Archived() && slices.ContainsFunc(b.Stages, of) {
			names = append(names, boardName(loc, b))
		}
	}
	return strings.Join(names, ", ")
}

// NewSetupBoard is a board as the page names it.
func NewSetupBoard(b kanban.Board) SetupBoard {
	var names []string
	for _, s := range b.Stages {
		names = append(names, s.Name)
	}
	return SetupBoard{Name: b.Name, Stages: strings.Join(names, " · "), Path: BoardPath(b.ID), TemplatePath: TemplatePath(b.ID)}
}

func (v SetupView) labelsState() string {
	if len(v.Boards) > 0 {
		return "good"
	}
	return "now"
}

// shares reports whether something that may be chosen has labels of another board.
func (v SetupView) shares() bool {
	return slices.ContainsFunc(v.Plans, func(p PlanView) bool { return p.Shared != "" }) ||
		slices.ContainsFunc(v.Labels, func(l ConnectLabelView) bool { return l.Shared != "" })
}
