package chatwoottest

import "encoding/json"

// conversationHook is C2 with its event. An update lists what changed, a
// change of status says null, a creation says nothing (CONTRACT 11.3).
type conversationHook struct {
	conversationPush
	Event             string     `json:"event"`
	ChangedAttributes changeList `json:"changed_attributes,omitzero"`
}

type contactEventHook struct {
	contactHook
	Event             string     `json:"event"`
	ChangedAttributes changeList `json:"changed_attributes,omitzero"`
}

// changeList is absent, null or a list of one-key objects.
type changeList struct {
	present bool
	changes []map[string]changeValues
}

type changeValues struct {
	PreviousValue any `json:"previous_value"`
	CurrentValue  any `json:"current_value"`
}

// IsZero leaves the key out.
func (l changeList) IsZero() bool { return !l.present }

func (s *Server) hookPayload(a *account, e event) any {
	switch {
	case e.message != nil:
		return s.hookMessage(a, e)
	case e.contact != nil:
		return contactEventHook{hookContact(a, e.contact), e.name, listChanges(e)}
	}
	return conversationHook{s.pushConversation(a, e.conversation), e.name, listChanges(e)}
}

func listChanges(e event) changeList {
	list := changeList{present: e.changed || e.name == "conversation_status_changed"}
	for _, c := range e.changes {
		list.changes = append(list.changes, map[string]changeValues{c.attribute: {c.before, c.after}})
	}
	return list
}

// MarshalJSON writes the list, or null when nothing is listed.
func (l changeList) MarshalJSON() ([]byte, error) { return json.Marshal(l.changes) }
