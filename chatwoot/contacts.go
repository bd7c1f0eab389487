package chatwoot

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
)

// ContactPage is one page of contacts, 15 of them.
type ContactPage struct {
	Contacts []Contact
	HasMore  bool // false before 4.11
}

// SearchContacts looks for text in name, e-mail, phone and identifier; pages count from 1: GET …/contacts/search (CONTRACT 9).
// Chatwoot allows 100 searches a minute and account.
func (c *Client) SearchContacts(ctx context.Context, text string, page int) (ContactPage, error) {
	q := url.Values{"q": {text}}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	var w struct {
		Meta struct {
			HasMore bool `json:"has_more"`
		} `json:"meta"`
		Payload []Contact `json:"payload"`
	}
	k := c.get(q, "contacts", "search").large()
	if err := k.into(ctx, &w); err != nil {
		return ContactPage{}, err
	}
	if w.Payload == nil {
		return ContactPage{}, k.fail(KindNotChatwoot)
	}
	contacts, skipped := usableOf(w.Payload)
	k.noteSkipped(skipped)
	return ContactPage{Contacts: contacts, HasMore: w.Meta.HasMore}, nil
}

// Contact returns a contact with the inboxes it is known in: GET …/contacts/{id}.
func (c *Client) Contact(ctx context.Context, id int64) (Contact, error) {
	return oneContact(ctx, c.get(nil, "contacts", id))
}

// ContactFields are the fields of a contact to be created or changed; empty ones are not sent.
type ContactFields struct {
	Name                 string         `json:"name,omitempty"`
	Email                string         `json:"email,omitempty"`
	PhoneNumber          string         `json:"phone_number,omitempty"` // E.164 with +
	Identifier           string         `json:"identifier,omitempty"`
	InboxID              int64          `json:"inbox_id,omitempty"`  // creation only: makes it reachable there
	SourceID             string         `json:"source_id,omitempty"` // creation only
	AdditionalAttributes map[string]any `json:"additional_attributes,omitempty"`
	CustomAttributes     map[string]any `json:"custom_attributes,omitempty"` // merged into what is there
	// Emptied names fields that are to say nothing any more, such as "email": what is left out stays as it is.
	Emptied []string `json:"-"`
}

// MarshalJSON sends emptied fields as empty texts, which Chatwoot takes for none.
func (f ContactFields) MarshalJSON() ([]byte, error) {
	type plain ContactFields
	raw, err := json.Marshal(plain(f))
	if err != nil || len(f.Emptied) == 0 {
		return raw, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	for _, name := range f.Emptied {
		all[name] = json.RawMessage(`""`)
	}
	return json.Marshal(all)
}

// CreateContact creates a contact: POST …/contacts. An e-mail, phone or identifier that is taken is KindInvalid and named in
// Attributes. It is not repeated when its outcome is unknown.
func (c *Client) CreateContact(ctx context.Context, f ContactFields) (Contact, error) {
	var w struct {
		Payload struct {
			Contact Contact `json:"contact"`
		} `json:"payload"`
	}
	k := c.post(f, "contacts")
	a, err := k.do(ctx)
	if err != nil {
		return Contact{}, err
	}
	if unmarshal(a.body, &w) != nil || !w.Payload.Contact.usable() {
		return Contact{}, k.unexpected(a)
	}
	return w.Payload.Contact, nil
}

// UpdateContact changes a contact: PATCH …/contacts/{id}.
func (c *Client) UpdateContact(ctx context.Context, id int64, f ContactFields) (Contact, error) {
	f.InboxID, f.SourceID = 0, ""
	return oneContact(ctx, c.patch(f, "contacts", id).repeat())
}

// RemoveContactAttributes removes custom attributes of a contact: POST …/contacts/{id}/destroy_custom_attributes. Saving can only merge.
func (c *Client) RemoveContactAttributes(ctx context.Context, id int64, keys ...string) error {
	return c.post(map[string][]string{"custom_attributes": keys}, "contacts", id, "destroy_custom_attributes").repeat().done(ctx)
}

// DeleteContact deletes a contact and, a little later, its conversations: DELETE …/contacts/{id}. It needs an administrator.
func (c *Client) DeleteContact(ctx context.Context, id int64) error {
	return c.delete("contacts", id).done(ctx)
}

func oneContact(ctx context.Context, k *call) (Contact, error) {
	var w struct {
		Payload Contact `json:"payload"`
	}
	a, err := k.do(ctx)
	if err != nil {
		return Contact{}, err
	}
	if unmarshal(a.body, &w) != nil || !w.Payload.usable() {
		return Contact{}, k.unexpected(a)
	}
	return w.Payload, nil
}

// ContactConversations returns the contact's latest 20 conversations that the token may see: GET …/contacts/{id}/conversations.
func (c *Client) ContactConversations(ctx context.Context, contact int64) ([]Conversation, error) {
	return entries[Conversation](ctx, c.get(nil, "contacts", contact, "conversations").large())
}

// ContactableInboxes returns where a conversation with the contact can be started: GET …/contacts/{id}/contactable_inboxes.
func (c *Client) ContactableInboxes(ctx context.Context, contact int64) ([]ContactInbox, error) {
	return entries[ContactInbox](ctx, c.get(nil, "contacts", contact, "contactable_inboxes"))
}
