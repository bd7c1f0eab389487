package templates

import "github.com/chatlane/chatlane/kanban"

// Theme is how a person wants the pages to look.
type Theme string

// The themes. ThemeSystem follows the device.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// ParseTheme reads a cookie's or a form's value; anything unknown is ThemeSystem.
func ParseTheme(s string) Theme {
	switch t := Theme(s); t {
	case ThemeLight, ThemeDark:
		return t
	}
	return ThemeSystem
}

// Frame is what stands around every page: who looks, in which language, and where they may go.
type Frame struct {
	Locale Locale
	Theme  Theme
	// KeysOff says that the person switched single-key shortcuts off.
	KeysOff bool
	// Apple says that the person's keyboard has ⌘ where others have Ctrl.
	Apple bool
	// Path is the page's own address, to come back to after a preference was changed.
	Path string
	// Framed says that the page is shown inside Chatwoot, where it leads to nothing that may not be framed.
	Framed bool
	// SignedIn decides whether the bar offers what only a signed-in person may do, Administers whether it leads to the connections.
	SignedIn, Administers bool
	// Person is who is signed in; in the demo nobody has to be.
	Person PersonView
	// DemoPath is where the demo shows the board and its simulated Chatwoot side by side; empty outside of the demo.
	DemoPath string
	Viewer   kanban.Viewer
	// Accounts are those that the person may look into, with their boards.
	Accounts []AccountBoards
	Current  kanban.Board
	// Catalog is the current board's account; nil where no board is shown.
	Catalog *kanban.Catalog
	// ChatwootURL is where the account's conversations are read, such as "https://chat.example.com/app/accounts/1"; empty if unknown.
	ChatwootURL string
	// Cursor is the point of the live stream that the page was drawn at: "epoch.seq".
	Cursor     string
	Connection kanban.Connection
}

// choosesBoards reports whether there is something to choose: another board to go to, or what may be done with this one.
func (f Frame) choosesBoards() bool {
	n := 0
	for _, a := range f.Accounts {
		n += len(a.Boards)
	}
	return n > 1 || !f.Framed && (n > 0 || f.current().Administers)
}

// current is the account of the board that is shown.
func (f Frame) current() AccountBoards {
	for _, a := range f.Accounts {
		if a.ID == f.Current.Account {
			return a
		}
	}
	return AccountBoards{}
}

// dataTheme is the attribute of the root element; empty when the device decides.
func (f Frame) dataTheme() string {
	if f.Theme == ThemeLight || f.Theme == ThemeDark {
		return string(f.Theme)
	}
	return string(ThemeSystem)
}

func (f Frame) keys() string {
	if f.KeysOff {
		return "off"
	}
	return "on"
}

// next are the themes in the order the switch goes through them.
func (t Theme) next() Theme {
	switch t {
	case ThemeLight:
		return ThemeDark
	case ThemeDark:
		return ThemeSystem
	}
	return ThemeLight
}

func themeIcon(f Frame) string { return iconOf(f.Theme) }

func iconOf(t Theme) string {
	switch t {
	case ThemeLight:
		return "sun"
	case ThemeDark:
		return "moon"
	}
	return "system"
}

func pressed(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}
