package chatwoot

import "encoding/json"

// CableEvent is what a frame of the stream says.
type CableEvent struct {
	// Name is Chatwoot's, such as "conversation.updated".
	Name    string
	Account int64
	// Conversation is a whole snapshot, of events about conversations.
	Conversation *Conversation
	// About is the number of the conversation that an event is about, also where there is no snapshot; 0 when about none.
	About int64
	// Contact is of events about contacts.
	Contact *Contact
}

// ParseCableEvent reads a frame of the stream. It forgives unknown, absent and mistyped fields; ok is false for what the board does not
// need to hear: pings, presence, typing, notifications, and events without what they are about.
func ParseCableEvent(frame []byte) (e CableEvent, ok bool) {
	var f cableFrame
	_ = unmarshal(frame, &f)
	return f.event()
}

// CatalogChanged reports whether labels, inboxes or teams of the account changed.
func (e CableEvent) CatalogChanged() bool { return e.Name == eventCacheInvalidated }

type cableFrame struct {
	Type    string `json:"type"`
	Message struct {
		Event string          `json:"event"`
		Data  json.RawMessage `json:"data"`
	} `json:"message"`
}

// UnmarshalJSON forgives pings, whose message is a number.
func (f *cableFrame) UnmarshalJSON(b []byte) error {
	var w struct {
		Type    string          `json:"type"`
		Message json.RawMessage `json:"message"`
	}
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	f.Type = w.Type
	if firstByte(w.Message) == '{' {
		_ = unmarshal(w.Message, &f.Message)
	}
	return nil
}

// eventKind is what an event carries, and so what is done with it.
type eventKind int

const (
	carriesConversation eventKind = iota + 1
	carriesMessage                // and of its conversation the number only
	carriesContact
	carriesCacheKeys
)

// cableEvents are the events worth hearing. Those that carry a conversation are built when they are sent, so they carry the newest state.
var cableEvents = map[string]eventKind{
	"conversation.created": carriesConversation, "conversation.updated": carriesConversation, "conversation.status_changed": carriesConversation,
	"conversation.read": carriesConversation, "conversation.contact_changed": carriesConversation,
	"assignee.changed": carriesConversation, "team.changed": carriesConversation,
	"message.created": carriesMessage, "message.updated": carriesMessage, "first.reply.created": carriesMessage,
	"contact.created": carriesContact, "contact.updated": carriesContact, "contact.merged": carriesContact, "contact.deleted": carriesContact,
	eventCacheInvalidated: carriesCacheKeys,
}

const eventCacheInvalidated = "account.cache_invalidated"

// event reads what a frame says.
func (f cableFrame) event() (e CableEvent, ok bool) {
	kind := cableEvents[f.Message.Event]
	if kind == 0 {
		return CableEvent{}, false
	}
	var data struct {
		AccountID    int64 `json:"account_id"`
		Conversation int64 `json:"conversation_id"`
	}
	_ = unmarshal(f.Message.Data, &data)
	e = CableEvent{Name: f.Message.Event, Account: data.AccountID}
	switch kind {
	case carriesConversation:
		e.snapshot(f.Message.Data)
		return e, e.Conversation != nil
	case carriesMessage:
		e.About = max(0, data.Conversation)
		return e, e.About != 0
	case carriesContact:
		e.contact(f.Message.Data)
		return e, e.Contact != nil
	}
	return e, true
}

func (e *CableEvent) snapshot(data json.RawMessage) {
	var w wireConversation
	_ = unmarshal(data, &w)
	c := w.conversation()
	if !c.usable() {
		return
	}
	e.Conversation, e.About = &c, c.ID
}

func (e *CableEvent) contact(data json.RawMessage) {
	var w wireContact
	_ = unmarshal(data, &w)
	if c := w.contact(); c.usable() {
		e.Contact = &c
	}
}
