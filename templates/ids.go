package templates

import (
	"strconv"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// The ids of elements are public: tests, events and style sheets of users hang on them.

// StageID is the id of a column's element, such as "stage-3". No stage is "stage-0".
func StageID(id kanban.StageID) string { return "stage-" + strconv.FormatInt(int64(id), 10) }

// StageHeadID is the id of a column's header.
func StageHeadID(id kanban.StageID) string { return StageID(id) + "-head" }

// StageNameID is the id of a column's name, which names the column and its list.
func StageNameID(id kanban.StageID) string { return StageID(id) + "-name" }

// PeriodID is the id of the form that chooses the period of a column.
func PeriodID(id kanban.StageID) string { return StageID(id) + "-period" }

// StageCardsID is the id of a column's list of cards.
func StageCardsID(id kanban.StageID) string { return StageID(id) + "-cards" }

// moreID is the id of what fetches a column's further cards. It names the place in the column: when the board is merged while an
// answer is on its way, that answer must not be taken for the cards of another place.
func (v StageView) moreID() string {
	_, after, _ := strings.Cut(v.More, "=")
	after, _, _ = strings.Cut(after, "&")
	return v.CardsID + "-" + after
}

// CardID is the id of a card's element, such as "card-42": the conversation's number in Chatwoot.
func CardID(id kanban.ConversationID) string { return "card-" + strconv.FormatInt(int64(id), 10) }

// The ids of what is on a page once.
const (
	BoardElementID = "board"
	ConnectionID   = "connection"
	ImportID       = "import"
	NoticesID      = "notices"
	TotalsID       = "totals"
	CardMenuID     = "card-menu"
	// CardMenuStagesID is the list of stages in that menu, SwitcherID the board's name in the bar: they follow changes to the board.
	CardMenuStagesID = "card-menu-stages"
	SwitcherID       = "board-switcher"
	HelpID           = "help"
	BulkID           = "bulk"
	BatchesID        = "batches"
	FoldID           = "fold"
	PersonID         = "person"
	PanelID          = "panel"
	FilterID         = "filter"
	SummaryID        = "summary"
	SummarySheetID   = "summary-sheet"
	FiltersID        = "filters"
	FilterFormID     = "filter-form"
	PillsID          = "pills"
	ViewsID          = "views"
	// PalettePreferencesID and PaletteSignOutID are the forms that choices of the palette send.
	PalettePreferencesID = "palette-preferences"
	PaletteSignOutID     = "palette-sign-out"
)

// labelClass is the class that gives a label's dot its colour through the board's style sheet.
func labelClass(id kanban.LabelID) string { return "label-" + strconv.FormatInt(int64(id), 10) }
