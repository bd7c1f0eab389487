package templates

// FieldsView are a conversation's fields.
type FieldsView struct{}

// NewFields are the fields of a panel's conversation.
func NewFields(Locale, PanelOf) FieldsView { return FieldsView{} }
