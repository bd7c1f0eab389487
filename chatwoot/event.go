package chatwoot

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Event is what a webhook says (CONTRACT 11.3). Its state is that of the moment it was sent, which may be newer than the change it
// tells of: take state from the snapshot, never from Changes.
type Event struct {
	Name         string
	Account      int64         // 0 when the webhook does not say, as before 4.14.2
	Conversation *Conversation // of conversation events, and the one a message belongs to
	Message      *Message      // of message events
	Contact      *Contact      // of contact events
	Changes      []Change
}

// Change is an attribute that a save changed.
type Change struct {
	Attribute string
	Previous  json.RawMessage
	Current   json.RawMessage
}

// ErrNotEvent says that the body is no JSON object with the name of an event.
var ErrNotEvent = errors.New("not a webhook event")

// wireEvent is the top level of every webhook: a conversation's fields, or a message's or contact's among which a conversation or
// contact may stand.
type wireEvent struct {
	wireConversation
	Event               string            `json:"event"`
	Changes             changes           `json:"changed_attributes"`
	Conversation        *wireConversation `json:"conversation"`
	CurrentConversation *wireConversation `json:"current_conversation"`
	Contact             *wireContact      `json:"contact"`
}

// ParseEvent reads the body of a webhook. It forgives unknown, absent and mistyped fields; a snapshot without an id is left out.
func ParseEvent(body []byte) (Event, error) {
	var w wireEvent
	if firstByte(body) != '{' || unmarshal(body, &w) != nil || w.Event == "" {
		return Event{}, ErrNotEvent
	}
	e := Event{Name: w.Event, Account: firstID(w.Account.ID, w.AccountID), Changes: w.Changes}
	switch {
	case strings.HasPrefix(e.Name, "message_"):
		var m wireMessage
		_ = unmarshal(body, &m) // the same bytes were sound a moment ago
		e.message(m.message())
	case strings.HasPrefix(e.Name, "contact_"):
		var c wireContact
		_ = unmarshal(body, &c)
		e.contact(&c)
	case strings.HasPrefix(e.Name, "conversation_typing"):
	case strings.HasPrefix(e.Name, "conversation_"), strings.HasPrefix(e.Name, "automation_event."), e.Name == "macro.executed":
		e.conversation(&w.wireConversation)
	}
	e.conversation(w.Conversation)
	e.conversation(w.CurrentConversation)
	e.contact(w.Contact)
	return e, nil
}

func (e *Event) message(m Message) {
	if m.usable() {
		e.Message = &m
	}
}

func (e *Event) contact(w *wireContact) {
	if w == nil || e.Contact != nil {
		return
	}
	if c := w.contact(); c.usable() {
		e.Contact = &c
	}
}

func (e *Event) conversation(w *wireConversation) {
	if w == nil || e.Conversation != nil {
		return
	}
	c := w.conversation()
	if !c.usable() {
		return
	}
	e.Account = firstID(e.Account, c.AccountID, firstAccount(c.Messages))
	c.AccountID = firstID(c.AccountID, e.Account)
	e.Conversation = &c
}

func firstAccount(messages []Message) int64 {
	if len(messages) == 0 {
		return 0
	}
	return messages[0].AccountID
}

// LabelChange returns the labels before and after, if the event tells of them.
func (e Event) LabelChange() (previous, current []string, ok bool) {
	for _, c := range e.Changes {
		if c.Attribute != "label_list" {
			continue
		}
		var before, after titles
		_ = json.Unmarshal(c.Previous, &before)
		_ = json.Unmarshal(c.Current, &after)
		return before, after, after != nil
	}
	return nil, nil, false
}

// ChangedAt is the conversation's updated_at that the change left, to the millisecond (CONTRACT 6.4). It is zero if the event does not
// tell of it. The snapshot's own may be that of a later change.
func (e Event) ChangedAt() time.Time {
	for _, c := range e.Changes {
		if c.Attribute == "updated_at" {
			var at Time
			_ = json.Unmarshal(c.Current, &at)
			return at.Time
		}
	}
	return time.Time{}
}

// changes are the changed attributes: a list of objects with one key each, one object with several, or null.
type changes []Change

// UnmarshalJSON never fails.
func (c *changes) UnmarshalJSON(b []byte) error {
	*c = nil
	switch firstByte(b) {
	case '[':
		var all []json.RawMessage
		_ = json.Unmarshal(b, &all)
		for _, one := range all {
			c.add(one)
		}
	case '{':
		c.add(b)
	}
	return nil
}

func (c *changes) add(object json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(object, &fields) != nil {
		return
	}
	for attribute, value := range fields {
		var v struct {
			Previous json.RawMessage `json:"previous_value"`
			Current  json.RawMessage `json:"current_value"`
		}
		if json.Unmarshal(value, &v) == nil {
			*c = append(*c, Change{Attribute: attribute, Previous: v.Previous, Current: v.Current})
		}
	}
}
