package chatwoottest

import "encoding/json"

// cast is something that the streams of an account are told. Its data is built
// when the job runs, from the state of that moment.
type cast struct {
	name         string
	conversation *conversation
	message      *message
	contact      *contact
	data         func() any // of events about none of these
}

// castNames are what the streams call what webhooks are told.
var castNames = map[string]string{
	"conversation_created": "conversation.created", "conversation_updated": "conversation.updated",
	"conversation_status_changed": "conversation.status_changed", "message_created": "message.created", "message_updated": "message.updated",
	"contact_created": "contact.created", "contact_updated": "contact.updated",
}

// castEvent tells the streams what webhooks are told, and what they are not.
func (t *tx) castEvent(a *account, e event) {
	t.cast(a, cast{name: castNames[e.name], conversation: e.conversation, message: e.message, contact: e.contact})
	for _, c := range e.changes {
		switch c.attribute {
		case "assignee_id":
			t.cast(a, cast{name: "assignee.changed", conversation: e.conversation})
		case "team_id":
			t.cast(a, cast{name: "team.changed", conversation: e.conversation})
		}
	}
}

// cast tells all streams that may hear of it, once the change is made.
func (t *tx) cast(a *account, e cast) {
	if e.name == "" || len(t.cables.subscribed()) == 0 {
		return
	}
	t.after = append(t.after, func() { t.casts.add(t.opts.JobDelay, func() { t.broadcast(a, e) }) })
}

// broadcast builds the frame and hands it to each listener: administrators
// hear of every inbox, agents of theirs.
func (s *Server) broadcast(a *account, e cast) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if e.conversation != nil && e.conversation.deleted {
		return
	}
	data, err := s.castData(a, e)
	if err != nil {
		return
	}
	for _, c := range s.cables.subscribed() {
		sub := c.sub.Load()
		if !s.hears(sub, a, e) {
			continue
		}
		frame, err := json.Marshal(map[string]any{"identifier": sub.identifier, "message": map[string]any{"event": e.name, "data": data}})
		if err == nil {
			s.cables.hand(c, frame)
		}
	}
}

// hears says whether a listener is told. A stream is the user's own and hangs
// on their token, so it brings the news of all their accounts; what is about no
// conversation is told to the account that was subscribed to.
func (s *Server) hears(sub *subscription, a *account, e cast) bool {
	role := a.roles[sub.user]
	switch {
	case role == "":
		return false
	case e.conversation == nil:
		return sub.account == a.id
	case s.users[sub.user].pubsub != sub.token:
		return false
	}
	return role == "administrator" || e.conversation.inbox.members[sub.user]
}

// castData is the payload with the account's number in it.
func (s *Server) castData(a *account, e cast) (map[string]any, error) {
	var view any
	switch {
	case e.message != nil:
		view = s.pushMessage(a, e.conversation, e.message, false)
	case e.conversation != nil:
		view = s.pushConversation(a, e.conversation)
	case e.contact != nil:
		view = pushContact(e.contact)
	default:
		view = e.data()
	}
	text, err := json.Marshal(view)
	if err != nil {
		return nil, err
	}
	data := map[string]any{}
	if err := json.Unmarshal(text, &data); err != nil {
		return nil, err
	}
	delete(data, "account")
	if e.name == "message.created" && e.message.echoID != nil {
		data["echo_id"] = *e.message.echoID
	}
	data["account_id"] = a.id
	return data, nil
}

// castCache tells that labels, inboxes or teams changed.
func (t *tx) castCache(a *account) {
	t.cast(a, cast{name: "account.cache_invalidated", data: func() any { return map[string]any{"cache_keys": t.viewCacheKeys(a)} }})
}
