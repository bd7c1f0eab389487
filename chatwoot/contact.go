package chatwoot

// Contact is a customer in any of its three shapes (CONTRACT 4 K1, K2, K3).
type Contact struct {
	ID                   int64
	Name                 string // may be empty, or hold markup
	Email                string
	PhoneNumber          string // E.164 with +
	Identifier           string // the key another system knows the person by
	Thumbnail            string // address of the picture
	Blocked              bool
	CustomAttributes     Attributes
	AdditionalAttributes Attributes
	CreatedAt            Time           // REST only
	LastActivityAt       Time           // REST only
	Inboxes              []ContactInbox // answers about contacts only
}

// ContactInbox is a way to reach a contact: an inbox and the contact's id there.
type ContactInbox struct {
	SourceID string `json:"source_id"`
	Inbox    Inbox  `json:"inbox"`
}

func (c Contact) usable() bool      { return c.ID > 0 }
func (c ContactInbox) usable() bool { return c.Inbox.ID > 0 }

// Company returns the name of the contact's firm, if it is known.
func (c Contact) Company() string { return c.AdditionalAttributes.Text("company_name") }

type wireContact struct {
	ID                   int64          `json:"id"`
	Name                 string         `json:"name"`
	Email                string         `json:"email"`
	PhoneNumber          string         `json:"phone_number"`
	Identifier           string         `json:"identifier"`
	Thumbnail            string         `json:"thumbnail"`
	Avatar               string         `json:"avatar"`
	Blocked              bool           `json:"blocked"`
	CustomAttributes     Attributes     `json:"custom_attributes"`
	AdditionalAttributes Attributes     `json:"additional_attributes"`
	CreatedAt            Time           `json:"created_at"`
	LastActivityAt       Time           `json:"last_activity_at"`
	Inboxes              []ContactInbox `json:"contact_inboxes"`
}

// UnmarshalJSON forgives wrong types, and fails on broken JSON only.
func (c *Contact) UnmarshalJSON(b []byte) error {
	var w wireContact
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*c = w.contact()
	return nil
}

func (w *wireContact) contact() Contact {
	return Contact{
		ID: w.ID, Name: w.Name, Email: w.Email, PhoneNumber: w.PhoneNumber, Identifier: w.Identifier,
		Thumbnail: firstText(w.Thumbnail, w.Avatar), Blocked: w.Blocked,
		CustomAttributes: w.CustomAttributes, AdditionalAttributes: w.AdditionalAttributes,
		CreatedAt: w.CreatedAt, LastActivityAt: w.LastActivityAt, Inboxes: kept(w.Inboxes),
	}
}
