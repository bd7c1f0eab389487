package chatwoot

import (
	"encoding/json"
	"strings"
)

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

// CatalogChanged reports whether labels, inboxes or teams of the account changed.
func (e CableEvent) CatalogChanged() bool { return e.Name == "account.cache_invalidated" }

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

// event reads what a frame says; ok is false for what the board does not need to hear.
func (f cableFrame) event() (e CableEvent, ok bool) {
	e.Name = f.Message.Event
	var data struct {
		AccountID    int64 `json:"account_id"`
		Conversation int64 `json:"conversation_id"`
	}
	_ = unmarshal(f.Message.Data, &data)
	e.Account = data.AccountID
	switch kind, _, _ := strings.Cut(e.Name, "."); {
	case strings.HasPrefix(e.Name, "conversation.typing"), e.Name == "conversation.unread_count_changed", e.Name == "conversation.mentioned":
		return e, false
	case kind == "conversation", e.Name == "assignee.changed", e.Name == "team.changed":
		e.snapshot(f.Message.Data)
		return e, e.Conversation != nil
	case kind == "message", e.Name == "first.reply.created":
		e.About = data.Conversation
		return e, e.About != 0
	case kind == "contact":
		var w wireContact
		_ = unmarshal(f.Message.Data, &w)
		if c := w.contact(); c.usable() {
			e.Contact = &c
		}
		return e, e.Contact != nil
	}
	return e, e.CatalogChanged()
}

func (e *CableEvent) snapshot(data json.RawMessage) {
	var w wireConversation
	_ = unmarshal(data, &w)
	c := w.conversation()
	if !c.usable() {
		return
	}
	c.AccountID = firstID(c.AccountID, e.Account)
	e.Conversation, e.About = &c, c.ID
}
