package templates

import "github.com/chatlane/chatlane/kanban"

// PersonView is who is signed in, for the menu at the end of the bar. The zero value has no menu.
type PersonView struct {
	AvatarView
	Email string
	// Here reports whether there is somebody to show.
	Here bool
	// Elsewhere says that they may sign in with another connected Chatwoot, too.
	Elsewhere bool
	// Everywhere says that there are sessions of theirs elsewhere to be ended: not so the operator's.
	Everywhere bool
}

// NewPerson is somebody who signed in with their Chatwoot.
func NewPerson(p kanban.Person) PersonView {
	return PersonView{AvatarView: AvatarView{Name: p.Name, Initials: initials(p.Name), Hue: hue(p.Name)}, Email: p.Email, Here: true, Everywhere: true}
}

// NewOperator is whoever runs the installation.
func NewOperator(loc Locale) PersonView {
	name := loc.T("bar.operator")
	return PersonView{AvatarView: AvatarView{Name: name, Initials: initials(name), Hue: hue(name)}, Here: true}
}

// AccountBoards are the boards of one account that a person may open.
type AccountBoards struct {
	// Name is the account's, Server its Chatwoot's where there are several.
	Name, Server string
	Boards       []kanban.Board
	ID           kanban.AccountID
	// Stars are the boards among them that the person put first, Favours says that there is a person who may.
	Stars   map[kanban.BoardID]bool
	Favours bool
	// Administers says that the person settles what boards there are.
	Administers bool
}
