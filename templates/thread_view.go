package templates

// ThreadView is the place of a conversation's messages.
type ThreadView struct{}

// NewThread is that place in a panel.
func NewThread(Locale, PanelOf) ThreadView { return ThreadView{} }
