package templates

import "github.com/chatlane/chatlane/kanban"

// The ids of what a page of figures has once.
const (
	ReportID = "report"
	WallID   = "wall"
	// WallFiguresID is what of the wall follows the board.
	WallFiguresID = "wall-figures"
)

// ReportsPath is a board's funnel for its managers; a POST settles what administrators settle about it.
func ReportsPath(b kanban.BoardID) string { return BoardPath(b) + "/reports" }

// ReportTablePath is one of a report's tables as a file.
func ReportTablePath(b kanban.BoardID, table string) string {
	return ReportsPath(b) + "/" + table + ".csv"
}

// ReportCardsPath is the conversations behind a figure.
func ReportCardsPath(b kanban.BoardID) string { return ReportsPath(b) + "/cards" }

// WallPath is a board's figures for a screen on the wall.
func WallPath(b kanban.BoardID) string { return BoardPath(b) + "/wall" }
