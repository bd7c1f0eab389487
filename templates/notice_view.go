package templates

// NoticeKind is how serious a notice is.
type NoticeKind string

// The kinds of notices.
const (
	NoticeError   NoticeKind = "error"
	NoticeSuccess NoticeKind = "success"
	NoticeInfo    NoticeKind = "info"
)

// NoticeView is a sentence at the edge of the page.
type NoticeView struct {
	Kind  NoticeKind
	Text  string
	Close string
	Icon  string
}

// NewNotice makes a notice of a sentence that is already in the viewer's language.
func NewNotice(loc Locale, kind NoticeKind, text string) NoticeView {
	icons := map[NoticeKind]string{NoticeError: "alert", NoticeSuccess: "check", NoticeInfo: "info"}
	return NoticeView{Kind: kind, Text: text, Close: loc.T("notice.close"), Icon: icons[kind]}
}
