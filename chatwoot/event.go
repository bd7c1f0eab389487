package chatwoot

import (
	"encoding/json"
	"errors"
	"strings"
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

// ErrNotEvent: the body is no JSON object with the name of an event.
var ErrNotEvent = errors.New("not a webhook event")

// ParseEvent reads the body of a webhook. It forgives unknown, absent and mistyped fields; an event whose snapshot has no id has
// none.
func ParseEvent(body []byte) (Event, error) {
	var head struct {
		Event   string `json:"event"`
		Account struct {
			ID int64 `json:"id"`
		} `json:"account"`
		AccountID           int64        `json:"account_id"`
		Conversation        Conversation `json:"conversation"`
		CurrentConversation Conversation `json:"current_conversation"`
		Contact             Contact      `json:"contact"`
		Changes             changes      `json:"changed_attributes"`
	}
	if firstByte(body) != '{' || unmarshal(body, &head) != nil || head.Event == "" {
		return Event{}, ErrNotEvent
	}
	e := Event{Name: head.Event, Account: firstID(head.Account.ID, head.AccountID), Changes: head.Changes}
	conversation, contact := head.Conversation, head.Contact
	if !conversation.usable() {
		conversation = head.CurrentConversation
	}
	var message Message
	switch {
	case strings.HasPrefix(e.Name, "conversation_typing"):
	case strings.HasPrefix(e.Name, "conversation_"), strings.HasPrefix(e.Name, "automation_event."), e.Name == "macro.executed":
		_ = unmarshal(body, &conversation)
	case strings.HasPrefix(e.Name, "message_"):
		_ = unmarshal(body, &message)
	case strings.HasPrefix(e.Name, "contact_"):
		_ = unmarshal(body, &contact)
	}
	e.fill(conversation, message, contact)
	return e, nil
}

func (e *Event) fill(conversation Conversation, message Message, contact Contact) {
	if conversation.usable() {
		e.Account = firstID(e.Account, conversation.AccountID, firstAccount(conversation.Messages))
		conversation.AccountID = firstID(conversation.AccountID, e.Account)
		e.Conversation = &conversation
	}
	if message.usable() {
		e.Message = &message
	}
	if contact.usable() {
		e.Contact = &contact
	}
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
