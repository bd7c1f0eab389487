package templates

import (
	"slices"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// StageView is a column: its head, its first cards, and where further ones are.
type StageView struct {
	ID, NameID, CardsID string
	Number              string
	id                  kanban.StageID
	// Label is the title of the label that the column stands for; empty for No stage.
	Label       string
	Kind        string
	RottingDays string
	Head        StageHeadView
	Cards       []CardView
	// More is the address of further cards; empty when these are all.
	More  string
	Words StageWords
	// Intake is the element id of No stage, offered where a column is empty; empty when there is none to offer.
	Intake string
}

// StageWords are the sentences of a column.
type StageWords struct{ Empty, Intake, Loading string }

// StageHeadView is a column's header.
type StageHeadView struct {
	ID, NameID, CardsID string
	Name                string
	Kind                string
	Number              string
	Count               string
	Cards               string // the count, for scripts
	Lanes               string // that of each lane; empty where there are none
	CountText           string
	Sum                 string
	SumTitle            string
	// Limit is "full" at the WIP limit and "over" above it.
	Limit string
	// Gone is the sentence that says that the label is no longer in Chatwoot.
	Gone string
	// Leaving says that the stage is being removed: no card can be moved there.
	Leaving   bool
	Conflicts string
	// Periods are for how many days cards of a closed stage may be shown; none of an open one.
	Periods []ChoiceView
	// PeriodForm is the form that sends the choice: one for each column, or the choices of all would be sent.
	PeriodForm, PeriodText string
	// Collapsed says that whoever looks has made the column narrow.
	Collapsed bool
	// FoldPath and FoldText are where its button leads, and what it says.
	FoldPath, FoldText string
	// OutOfBand makes htmx replace the header wherever it is.
	OutOfBand bool
}

// NewStage draws a column with the cards given. A stage with the number kanban.NoStage is the intake. next is the cursor of the
// cards after these, empty when there are none.
func NewStage(loc Locale, board kanban.Board, cat *kanban.Catalog, stage kanban.Stage, cards []kanban.Card, total kanban.Total, next string) StageView {
	d := newDeck(loc, board, cat, time.Now())
	v := StageView{
		ID: StageID(stage.ID), NameID: StageNameID(stage.ID), CardsID: StageCardsID(stage.ID),
		Number: itoa(stage.ID), id: stage.ID,
		Label: stage.Title,
		Kind:  string(stage.Kind),
		Head:  NewStageHead(loc, board, stage, total),
		Cards: make([]CardView, len(cards)),
		Words: StageWords{Empty: loc.T("stage.empty"), Loading: loc.T("stage.loading")},
	}
	if stage.RottingDays > 0 && stage.Kind == kanban.StageOpen {
		v.RottingDays = itoa(stage.RottingDays)
	}
	if stage.ID == kanban.NoStage {
		v.Kind, v.Words.Empty = "none", loc.T("stage.none_empty")
	} else if !board.HideNoStage {
		v.Intake, v.Words.Intake = StageID(kanban.NoStage), loc.T("stage.open_intake")
	}
	for i, c := range cards {
		v.Cards[i] = d.card(c)
	}
	if next != "" {
		v.More = StagePath(board.ID, stage.ID, next)
	}
	return v
}

// NewStageHead draws a column's header.
func NewStageHead(loc Locale, board kanban.Board, stage kanban.Stage, total kanban.Total) StageHeadView {
	v := StageHeadView{
		ID: StageHeadID(stage.ID), NameID: StageNameID(stage.ID), CardsID: StageCardsID(stage.ID), FoldPath: ColumnsPath(board.ID), FoldText: loc.T("stage.collapse"),
		Name: stage.Name, Kind: string(stage.Kind), Number: itoa(stage.ID),
		Count:     loc.Number(total.Count),
		Cards:     itoa(total.Count),
		Lanes:     laneCounts(loc, total.Lanes),
		CountText: loc.N("stage.cards", total.Count),
	}
	if stage.ID == kanban.NoStage {
		v.Name, v.Kind = loc.T("stage.none"), "none"
	}
	if v.Name == "" {
		v.Name = stage.Title
	}
	switch {
	case stage.Leaving != nil:
		v.Gone, v.Leaving = loc.T("stages.being_emptied"), true
	case stage.LabelGone:
		v.Gone = loc.T("stage.label_gone", "label", stage.Title)
	}
	v.limit(loc, stage, total)
	if stage.Kind == kanban.StageWon || stage.Kind == kanban.StageLost {
		v.Periods, v.PeriodForm, v.PeriodText = closedChoices(loc, 0), PeriodID(stage.ID), loc.T("filter.closed")
	}
	if total.Valued > 0 {
		v.Sum, v.SumTitle = loc.Money(rounded(total.Value), board.Currency), sumTitle(loc, board, stage, total)
	}
	if total.Conflicts > 0 {
		v.Conflicts = loc.N("stage.conflicts", total.Conflicts)
	}
	return v
}

func (v *StageHeadView) limit(loc Locale, stage kanban.Stage, total kanban.Total) {
	if stage.WIP <= 0 {
		return
	}
	v.Count += "/" + loc.Number(stage.WIP)
	words := "stage.limit"
	switch {
	case total.Count > stage.WIP:
		v.Limit, words = "over", "stage.over_limit"
	case total.Count == stage.WIP:
		v.Limit, words = "full", "stage.at_limit"
	}
	v.CountText = loc.N("stage.cards", total.Count) + ", " + loc.T(words, "limit", loc.Number(stage.WIP), "over", loc.Number(total.Count-stage.WIP))
}

// rounded leaves the cents out: a column is narrow, and its sum is there to be compared.
func rounded(a kanban.Amount) kanban.Amount {
	if a < 0 {
		return -rounded(-a)
	}
	return (a + 500) / 1000 * 1000
}

func sumTitle(loc Locale, board kanban.Board, stage kanban.Stage, total kanban.Total) string {
	title := loc.Money(total.Value, board.Currency) + " · " + loc.N("stage.valued", total.Valued)
	if stage.Probability <= 0 || stage.Probability > 100 {
		return title
	}
	weighted := rounded(kanban.Amount(int64(total.Value) / 100 * int64(stage.Probability)))
	return title + " · " + loc.T("stage.weighted", "value", loc.Money(weighted, board.Currency), "percent", stage.Probability)
}

// Collapse is the header of a column that whoever looks has made narrow, if it is among those.
func (v StageHeadView) Collapse(loc Locale, stage kanban.StageID, collapsed []kanban.StageID) StageHeadView {
	if slices.Contains(collapsed, stage) {
		v.Collapsed, v.FoldText = true, loc.T("stage.expand")
	}
	return v
}

// Under is the header under a filter.
func (v StageHeadView) Under(loc Locale, f kanban.Filter) StageHeadView {
	if len(v.Periods) > 0 {
		v.Periods = closedChoices(loc, f.Closed)
	}
	return v
}

func closedChoices(loc Locale, chosen int) []ChoiceView {
	choices := []ChoiceView{{Value: "", Text: loc.T("filter.closed_all"), Chosen: chosen == 0}}
	for _, n := range kanban.ClosedPeriods() {
		choices = append(choices, ChoiceView{Value: itoa(n), Text: loc.Age(time.Duration(n) * 24 * time.Hour), Chosen: chosen == n})
	}
	return choices
}

func (v StageHeadView) allTime() bool { return v.Periods[0].Chosen }

// fold is what the header's button does.
func (v StageHeadView) fold() string {
	if v.Collapsed {
		return "expand"
	}
	return "collapse"
}

func (v StageHeadView) foldID() string { return v.ID + "-fold" }

func (v StageHeadView) outOfBand() StageHeadView {
	v.OutOfBand = true
	return v
}
