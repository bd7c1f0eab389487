package templates

// ErrorView is a page that says what went wrong and where to go from there.
type ErrorView struct {
	Frame  Frame
	Status int
	// Text is the sentence, in the viewer's language; empty for the general one of the status.
	Text string
	// RequestID helps to find the line in the log; empty when there is none.
	RequestID string
}

// title is what the status means to a person.
func (v ErrorView) title() string {
	switch v.Status {
	case 401:
		return v.Frame.Locale.T("error.signed_out")
	case 403:
		return v.Frame.Locale.T("error.forbidden")
	case 404:
		return v.Frame.Locale.T("error.not_found")
	case 429:
		return v.Frame.Locale.T("error.too_many")
	case 502, 503, 504:
		return v.Frame.Locale.T("error.unavailable")
	}
	if v.Status >= 400 && v.Status < 500 {
		return v.Frame.Locale.T("error.invalid")
	}
	return v.Frame.Locale.T("error.broken")
}
