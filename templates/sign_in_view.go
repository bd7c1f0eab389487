package templates

// SignInWay is one of the ways to sign in that the page offers beneath the first.
type SignInWay string

// The ways besides e-mail and password.
const (
	SignInByToken    SignInWay = "token"
	SignInAsOperator SignInWay = "operator"
)

// SignInView is the sign-in page. Error is a sentence in the viewer's language, empty at the first visit.
type SignInView struct {
	Frame Frame
	// Path is the form's address.
	Path  string
	Error string
	// Return is the path to go to afterwards.
	Return string
	// Servers are the Chatwoots that people may sign in with; none before one is connected.
	Servers []SignInServer
	// Server and Email are what was chosen and typed before. Way is what was tried; empty: e-mail and password.
	Server, Email string
	Way           SignInWay
	// CodeDue says that the password was right and a second factor is due.
	CodeDue bool
	// PasswordSet says that the operator has a password; without one only the link printed at the first start leads in.
	PasswordSet bool
	// LinkExpired says that the visitor came by a one-time link that no longer works.
	LinkExpired bool
	// Link is the address of a one-time link that works: the page is a button that uses it up, so that a program that opens links in
	// advance does not.
	Link string
}

// SignInServer is a Chatwoot that somebody may sign in with.
type SignInServer struct {
	Address, Name string
	Chosen        bool
}

// connected reports whether there is a Chatwoot to sign in with.
func (v SignInView) connected() bool { return len(v.Servers) > 0 }

// focuses reports whether a field takes the focus by itself. Browsers do not let it in a frame.
func (v SignInView) focuses(first bool) bool { return first && !v.Frame.Framed }

// title is what the page asks for.
func (v SignInView) title() string {
	if v.CodeDue {
		return v.Frame.Locale.T("sign_in.title_code")
	}
	return v.Frame.Locale.T("sign_in.title")
}

// with says whose e-mail address and password are meant.
func (v SignInView) with() string {
	if len(v.Servers) == 1 {
		return v.Frame.Locale.T("sign_in.with_server", "server", v.Servers[0].Name)
	}
	return v.Frame.Locale.T("sign_in.with_chatwoot")
}
