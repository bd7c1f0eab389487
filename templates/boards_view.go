package templates

import (
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// BoardsView is the boards of an account. Setup has what another board may be made of.
type BoardsView struct {
	Frame Frame
	Loc   Locale
	// Administers says that the viewer may arrange the boards, Favours that there is a person who may put some first.
	Administers, Favours bool
	Boards, Archived     []BoardRowView
	Setup                SetupView
}

// BoardRowView is a board in a list.
type BoardRowView struct {
	ElementID, Number, Version                     string
	Name, Note                                     string
	Path, SettingsPath, FavouritePath, ArchivePath string
	Favourite                                      bool
}

func (v BoardsView) title() string {
	return v.Loc.T("boards.title", "account", v.Setup.Account.Name)
}

// NewBoardRow draws a board in a list, with the names of its stages.
func NewBoardRow(loc Locale, b kanban.Board, favourite bool) BoardRowView {
	var names []string
	for _, s := range b.Stages {
		names = append(names, s.Name)
	}
	note := strings.Join(names, " · ")
	if b.Audience.Chosen {
		note = loc.T("boards.for_some") + " · " + note
	}
	return BoardRowView{
		ElementID: "board-" + itoa(b.ID), Number: itoa(b.ID), Version: itoa(b.Version), Name: boardName(loc, b), Note: note, Favourite: favourite,
		Path: BoardPath(b.ID), SettingsPath: SettingsPath(b.ID), FavouritePath: FavouritePath(b.ID), ArchivePath: ArchivePath(b.ID),
	}
}

func (b BoardRowView) wish() string {
	if b.Favourite {
		return "no"
	}
	return "yes"
}
