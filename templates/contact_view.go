package templates

// ContactView is the customer of a conversation.
type ContactView struct{}

// NewContact is the customer of a panel's conversation.
func NewContact(Locale, PanelOf) ContactView { return ContactView{} }
