package templates

// SignInView is the sign-in page. Error is a sentence in the viewer's language, empty at the first visit.
type SignInView struct {
	Frame Frame
	Error string
	// Return is the path to go to afterwards.
	Return string
	// PasswordSet says that there is a password; without one only the link printed at start leads in.
	PasswordSet bool
	// LinkExpired says that the visitor came by a one-time link that no longer works.
	LinkExpired bool
	// Link is the address of a one-time link that works: the page is a button that uses it up, so that a program that opens links in
	// advance does not.
	Link string
}
