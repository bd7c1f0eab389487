package desk

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

type beginningStore interface {
	KeepBeginning(ctx context.Context, a kanban.AccountID, by kanban.AgentID, key string) (kanban.Beginning, error)
	SaveBeginning(context.Context, kanban.Beginning) error
	DeleteOldBeginnings(context.Context, time.Time) error
}

// NewLead is what somebody writes of a new lead.
type NewLead struct {
	Key string
	// Contact is one that exists; 0 finds one by phone or e-mail, or creates it.
	Contact            kanban.ContactID
	Name, Phone, Email string
	// Country is whose notation the phone number has, such as "BR".
	Country string
	Inbox   kanban.InboxID
	Stage   kanban.StageID
	// Text is a first message, or with Private a note; empty for none.
	Text    string
	Private bool
}

// BegunLead is what became of it.
type BegunLead struct {
	Conversation kanban.ConversationID
	// Existing says that the inbox keeps one conversation a contact, and that this is the one that was there.
	Existing bool
}

// Known are contacts that match what was typed: phone numbers in any notation of a country, e-mail addresses, names.
func (d *Desk) Known(ctx context.Context, v kanban.Viewer, typed, country string) ([]kanban.Contact, error) {
	typed = clipped(strings.TrimSpace(typed), 100)
	if len(typed) < 3 {
		return nil, nil
	}
	if number, ok := Phone(typed, country); ok {
		typed = number
	}
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return nil, err
	}
	page, err := c.SearchContacts(ctx, typed, 1)
	if err != nil {
		return nil, d.Engine.Heard(ctx, v, err)
	}
	var known []kanban.Contact
	for _, found := range page.Contacts[:min(len(page.Contacts), knownLimit)] {
		known = append(known, kanban.Contact{ID: kanban.ContactID(found.ID), Name: found.Name, Email: found.Email, Phone: found.PhoneNumber})
	}
	return known, nil
}

// knownLimit is how many contacts are offered.
const knownLimit = 8

// Inboxes are where the viewer can begin a conversation: those that Chatwoot would show them, of the channels that need no first word of
// the customer (CONTRACT 5.5).
func (d *Desk) Inboxes(ctx context.Context, v kanban.Viewer) ([]kanban.Inbox, error) {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return nil, err
	}
	all, err := c.Inboxes(ctx)
	if err != nil {
		return nil, d.Engine.Heard(ctx, v, err)
	}
	var able []kanban.Inbox
	for _, i := range all {
		if begins(i.ChannelType) {
			able = append(able, kanban.Inbox{ID: kanban.InboxID(i.ID), Name: i.Name, Channel: i.ChannelType})
		}
	}
	return able, nil
}

func begins(channel string) bool {
	switch channel {
	case "Channel::Api", "Channel::WebWidget", "Channel::Email", "Channel::Sms", "Channel::TwilioSms", "Channel::Whatsapp":
		return true
	}
	return false
}

// Begin begins a conversation with a contact, who is found or created, and puts it on a board. The same key again goes on with what is
// there: nobody becomes two contacts or two conversations because an answer got lost.
func (d *Desk) Begin(ctx context.Context, v kanban.Viewer, b kanban.Board, n NewLead) (BegunLead, error) {
	fields, err := n.fields()
	if err != nil {
		return BegunLead{}, err
	}
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return BegunLead{}, err
	}
	leave, err := d.turns.take(ctx, turnOf{account: v.Account}) // the same form twice at once
	if err != nil {
		return BegunLead{}, err
	}
	defer leave()
	l, err := d.Store.KeepBeginning(ctx, v.Account, v.ID, n.Key)
	if err != nil {
		return BegunLead{}, err
	}
	begun, err := d.begin(ctx, v, c, b, n, fields, l)
	return begun, d.Engine.Heard(ctx, v, err)
}

func (n NewLead) fields() (chatwoot.ContactFields, error) {
	f := chatwoot.ContactFields{Name: clipped(strings.TrimSpace(n.Name), 200), Email: strings.ToLower(strings.TrimSpace(n.Email))}
	switch {
	case n.Key == "" || len(n.Key) > 100:
		return f, kanban.Invalid("error.invalid_text")
	case n.Inbox == 0:
		return f, kanban.Invalid("lead.inbox")
	case n.Contact != 0:
		return f, nil
	}
	if phone := strings.TrimSpace(n.Phone); phone != "" {
		number, ok := Phone(phone, n.Country)
		if !ok {
			return f, kanban.Invalid("field.phone")
		}
		f.PhoneNumber = number
	}
	if f.Email != "" && !emailAddress.MatchString(f.Email) {
		return f, kanban.Invalid("field.email")
	}
	if f.PhoneNumber == "" && f.Email == "" && f.Name == "" {
		return f, kanban.Invalid("lead.nobody")
	}
	f.Name = cmp.Or(f.Name, f.PhoneNumber, f.Email)
	return f, nil
}

func (d *Desk) begin(ctx context.Context, v kanban.Viewer, c *chatwoot.Client, b kanban.Board, n NewLead, f chatwoot.ContactFields, l kanban.Beginning) (BegunLead, error) {
	var err error
	if l.Contact == 0 {
		if l.Contact, err = d.contactFor(ctx, c, n, f); err != nil {
			return BegunLead{}, err
		}
		if err := d.Store.SaveBeginning(ctx, l); err != nil {
			return BegunLead{}, err
		}
	}
	existing := false
	if l.Conversation == 0 {
		if l, existing, err = d.conversationFor(ctx, c, n, l); err != nil {
			return BegunLead{}, err
		}
	}
	at := d.Clock()
	conv, err := c.Conversation(ctx, int64(l.Conversation))
	if err != nil {
		return BegunLead{}, err
	}
	if err := d.Engine.Learn(ctx, v.Account, conv, at, v.Actor); err != nil {
		return BegunLead{}, err
	}
	begun := BegunLead{Conversation: l.Conversation, Existing: existing}
	if n.Stage != kanban.NoStage {
		mv := kanban.Move{Account: b.Account, Board: b.ID, Conversation: l.Conversation, To: n.Stage}
		if _, _, err := d.Engine.Accept(ctx, v, mv); err != nil {
			return begun, err
		}
	}
	if strings.TrimSpace(n.Text) == "" {
		return begun, nil
	}
	_, err = d.Send(ctx, v, kanban.Send{Conversation: l.Conversation, Key: "lead " + n.Key, Private: n.Private, Parcel: kanban.Parcel{Text: n.Text}})
	return begun, err
}

// contactFor finds the contact of a lead, or creates it. Chatwoot keeps phone numbers and e-mail addresses unique: one that is taken was
// created meanwhile by somebody else, and is used.
func (d *Desk) contactFor(ctx context.Context, c *chatwoot.Client, n NewLead, f chatwoot.ContactFields) (kanban.ContactID, error) {
	if n.Contact != 0 {
		return n.Contact, nil
	}
	if id, err := exactly(ctx, c, f); id != 0 || err != nil {
		return id, err
	}
	made, err := c.CreateContact(ctx, f)
	if err == nil {
		return kanban.ContactID(made.ID), nil
	}
	if refused, ok := errors.AsType[*chatwoot.Error](err); ok && (refused.Kind == chatwoot.KindInvalid || refused.MayHaveHappened()) {
		if id, again := exactly(ctx, c, f); id != 0 && again == nil {
			return id, nil
		}
	}
	return 0, err
}

// exactly is the contact with a phone number or an e-mail address; 0 when there is none.
func exactly(ctx context.Context, c *chatwoot.Client, f chatwoot.ContactFields) (kanban.ContactID, error) {
	for _, text := range []string{f.PhoneNumber, f.Email} {
		if text == "" {
			continue
		}
		page, err := c.SearchContacts(ctx, text, 1)
		if err != nil {
			return 0, err
		}
		for _, found := range page.Contacts {
			if found.PhoneNumber == text || strings.EqualFold(found.Email, text) {
				return kanban.ContactID(found.ID), nil
			}
		}
	}
	return 0, nil
}

// conversationFor begins the conversation of a lead. One that may have been begun without an answer is looked for first.
func (d *Desk) conversationFor(ctx context.Context, c *chatwoot.Client, n NewLead, l kanban.Beginning) (kanban.Beginning, bool, error) {
	if !l.BegunAt.IsZero() {
		if id, err := begunSince(ctx, c, n, l); id != 0 || err != nil {
			l.Conversation = id
			return l, false, errors.Join(err, d.Store.SaveBeginning(ctx, l))
		}
	}
	l.BegunAt = d.Clock()
	if err := d.Store.SaveBeginning(ctx, l); err != nil {
		return l, false, err
	}
	conv, err := c.CreateConversation(ctx, chatwoot.NewConversation{InboxID: int64(n.Inbox), ContactID: int64(l.Contact), Status: "open"})
	if err != nil {
		refused, ok := errors.AsType[*chatwoot.Error](err)
		if !ok || !refused.MayHaveHappened() {
			return l, false, err
		}
		id, again := begunSince(ctx, c, n, l)
		if id == 0 || again != nil {
			return l, false, err
		}
		l.Conversation = id
		return l, false, d.Store.SaveBeginning(ctx, l)
	}
	l.Conversation = kanban.ConversationID(conv.ID)
	existing := conv.CreatedAt.Before(l.BegunAt.Add(-clockSkew))
	return l, existing, d.Store.SaveBeginning(ctx, l)
}

// clockSkew is how far Chatwoot's clock may be from ours.
const clockSkew = time.Minute

// begunSince is the contact's conversation in an inbox that was created since a lead was begun; 0 when there is none.
func begunSince(ctx context.Context, c *chatwoot.Client, n NewLead, l kanban.Beginning) (kanban.ConversationID, error) {
	all, err := c.ContactConversations(ctx, int64(l.Contact))
	if err != nil {
		return 0, err
	}
	for _, conv := range all {
		if conv.InboxID == int64(n.Inbox) && conv.CreatedAt.After(l.BegunAt.Add(-clockSkew)) {
			return kanban.ConversationID(conv.ID), nil
		}
	}
	return 0, nil
}
