package chatwoottest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// What follows is somebody doing something in Chatwoot: the same code as
// behind the API, with the same events and activity lines. by is a user's id;
// 0 stands for an automation rule. Conversations are named by display id; one
// that does not exist is a mistake of the caller and panics.

// act finds the account, the conversation and the actor for a write.
func (s *Server) act(by, conversationID int64, fn func(*tx, *account, *conversation, actor)) {
	s.write(func(t *tx) {
		a := t.accounts[t.AccountID()]
		v := a.conversations.byID[conversationID]
		if v == nil {
			panic(fmt.Sprintf("chatwoottest: no conversation %d", conversationID))
		}
		fn(t, a, v, t.actor(by))
	})
}

func (s *Server) actor(userID int64) actor {
	if u := s.users[userID]; u != nil {
		return actor{kind: "user", id: u.id, name: u.name}
	}
	return actor{}
}

// NewConversation describes one to be created; zero values are filled in.
type NewConversation struct {
	Contact   string // name of a new contact
	ContactID int64  // an existing one instead
	InboxID   int64  // the first inbox unless set
	Text      string // the customer's first message, none if empty
	Labels    []string
	Status    string
	Assignee  int64
	Team      int64
	Priority  string
	Custom    map[string]any
	// Email of a new contact, and what a channel tells of the conversation.
	Email      string
	Additional map[string]any
}

// CreateConversation opens one and returns its display id. Labels and priority
// are set by a second change, as in life.
func (s *Server) CreateConversation(by int64, n NewConversation) int64 {
	var v *conversation
	s.write(func(t *tx) {
		a := t.accounts[t.AccountID()]
		p := a.contacts[n.ContactID]
		if p == nil {
			p = &contact{name: cmp.Or(n.Contact, "Marina Alves"), email: textPointer(n.Email), additional: map[string]any{}, custom: map[string]any{}}
			t.fileContact(a, p)
			t.emit(a, event{name: "contact_created", contact: p})
		}
		box := a.inbox(n.InboxID)
		if box == nil {
			box = a.inboxes[0]
		}
		who := t.actor(by)
		v = t.newConversation(a, t.newContactInbox(p, box, ""), who, func(v *conversation) {
			v.status, v.assigneeID, v.teamID = cmp.Or(n.Status, "open"), n.Assignee, n.Team
			v.custom, v.additional = orEmpty(maps.Clone(n.Custom)), orEmpty(maps.Clone(n.Additional))
		})
		if n.Text != "" {
			t.say(a, v, &message{content: n.Text, kind: incoming, sender: actor{kind: "contact", id: p.id, name: p.name}})
		}
		t.save(a, v, who, "", func() { v.priority = n.Priority })
		t.setLabels(a, v, who, "labels", n.Labels)
	})
	return v.id
}

// SetLabels replaces the labels of a conversation.
func (s *Server) SetLabels(by, conversationID int64, titles []string) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) { t.setLabels(a, v, who, "labels", titles) })
}

// AddLabel adds one and keeps the others, at once, as bulk actions and
// automation rules do.
func (s *Server) AddLabel(by, conversationID int64, title string) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) {
		t.setLabels(a, v, who, "automation", append(slices.Clone(v.labels), title))
	})
}

// RemoveLabel takes one and keeps the others, at once.
func (s *Server) RemoveLabel(by, conversationID int64, title string) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) {
		t.setLabels(a, v, who, "automation", without(v.labels, equals(title)))
	})
}

// Incoming is a message of the customer.
func (s *Server) Incoming(conversationID int64, text string) {
	s.act(0, conversationID, func(t *tx, a *account, v *conversation, _ actor) {
		t.say(a, v, &message{content: text, kind: incoming, sender: actor{kind: "contact", id: v.contact.id, name: v.contact.name}})
	})
}

// Reply is a public message of a user; Note a private one.
func (s *Server) Reply(by, conversationID int64, text string) {
	s.speak(by, conversationID, text, false)
}

// Note is a private message of a user.
func (s *Server) Note(by, conversationID int64, text string) { s.speak(by, conversationID, text, true) }

func (s *Server) speak(by, conversationID int64, text string, private bool) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) {
		t.say(a, v, &message{content: text, kind: outgoing, private: private, sender: who})
	})
}

// Assign gives a conversation to a user; 0 takes it from everybody.
func (s *Server) Assign(by, conversationID, userID int64) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) { t.assign(a, v, who, userID, 0) })
}

// AssignTeam gives a conversation to a team; 0 takes it back.
func (s *Server) AssignTeam(by, conversationID, teamID int64) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) { t.assignTeam(a, v, who, a.team(teamID)) })
}

// SetStatus sets open, resolved, pending or snoozed.
func (s *Server) SetStatus(by, conversationID int64, status string) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) { t.setStatus(a, v, who, status, time.Time{}) })
}

// SetPriority sets low, medium, high, urgent or, empty, none.
func (s *Server) SetPriority(by, conversationID int64, priority string) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) {
		t.save(a, v, who, "", func() { v.priority = priority })
	})
}

// SetCustomAttributes replaces the custom attributes of a conversation.
func (s *Server) SetCustomAttributes(by, conversationID int64, custom map[string]any) {
	s.act(by, conversationID, func(t *tx, a *account, v *conversation, who actor) {
		t.save(a, v, who, "", func() { v.custom = orEmpty(maps.Clone(custom)) })
	})
}

// MarkRead moves the agent's read marker; nobody is told.
func (s *Server) MarkRead(by, conversationID int64) {
	s.act(by, conversationID, func(t *tx, _ *account, v *conversation, _ actor) { v.agentLastSeenAt = t.now })
}

// ContactReads is the customer looking at the messages: only streams tell.
func (s *Server) ContactReads(conversationID int64) {
	s.act(0, conversationID, func(t *tx, a *account, v *conversation, _ actor) {
		a.conversations.change(v, func() { v.contactLastSeenAt, v.updatedAt = t.now, t.stamp() })
		t.cast(a, cast{name: "conversation.read", conversation: v})
	})
}

// DeleteConversation removes one without a word.
func (s *Server) DeleteConversation(conversationID int64) {
	s.act(0, conversationID, func(t *tx, a *account, v *conversation, _ actor) { t.deleteConversation(a, v) })
}

// Changes of the account.

func (s *Server) inAccount(fn func(*tx, *account)) {
	s.write(func(t *tx) { fn(t, t.accounts[t.AccountID()]) })
}

// CreateLabel makes an account label and returns its id.
func (s *Server) CreateLabel(title, color string) int64 {
	var id int64
	s.inAccount(func(t *tx, a *account) {
		l := &label{id: t.id("label"), title: title, color: color, showOnSidebar: new(true)}
		a.labels = append(a.labels, l)
		t.touchCache(a, "label")
		id = l.id
	})
	return id
}

// RenameLabel renames an account label; a job rewrites its conversations.
func (s *Server) RenameLabel(from, to string) {
	s.inAccount(func(t *tx, a *account) {
		if l := a.labelTitled(from); l != nil {
			renamed := *l
			renamed.title = to
			t.replaceLabel(a, l, &renamed)
		}
	})
}

// DeleteLabel deletes an account label; a job strips it from conversations.
func (s *Server) DeleteLabel(title string) {
	s.inAccount(func(t *tx, a *account) {
		if l := a.labelTitled(title); l != nil {
			t.removeLabel(a, l)
		}
	})
}

// DeleteAgent removes a user from the account and unassigns them silently.
func (s *Server) DeleteAgent(userID int64) {
	s.inAccount(func(t *tx, a *account) { t.removeAgent(a, userID) })
}

// DeleteTeam deletes a team and empties the field silently.
func (s *Server) DeleteTeam(teamID int64) {
	s.inAccount(func(t *tx, a *account) {
		if one := a.team(teamID); one != nil {
			t.removeTeam(a, one)
		}
	})
}

// DeleteInbox deletes an inbox with its conversations.
func (s *Server) DeleteInbox(inboxID int64) {
	s.inAccount(func(t *tx, a *account) {
		if i := a.inbox(inboxID); i != nil {
			t.removeInbox(a, i)
		}
	})
}

// MergeContacts re-points the second contact's conversations to the first.
func (s *Server) MergeContacts(base, mergee int64) {
	s.inAccount(func(t *tx, a *account) { t.merge(a, a.contacts[base], a.contacts[mergee]) })
}

// AddInboxMember lets an agent see an inbox.
func (s *Server) AddInboxMember(inboxID, userID int64) {
	s.membership(http.MethodPost, inboxID, userID)
}

// RemoveInboxMember takes an inbox out of an agent's sight.
func (s *Server) RemoveInboxMember(inboxID, userID int64) {
	s.membership(http.MethodDelete, inboxID, userID)
}

func (s *Server) membership(method string, inboxID, userID int64) {
	s.inAccount(func(t *tx, a *account) {
		if i := a.inbox(inboxID); i != nil {
			t.setMembers(a, i, method, []string{itoa(userID)})
		}
	})
}

// AddDashboardApp installs a tab beside Messages, as an administrator would in
// the settings.
func (s *Server) AddDashboardApp(title, address string) {
	s.inAccount(func(t *tx, a *account) {
		a.apps = append(a.apps, &dashboardApp{t.id("dashboard_app"), title, []string{address}, t.now})
	})
}

// SetContactAttributes merges custom attributes into those of a contact.
func (s *Server) SetContactAttributes(contactID int64, attributes map[string]any) {
	s.write(func(t *tx) {
		a := t.accounts[t.AccountID()]
		if p := a.contacts[contactID]; p != nil {
			t.saveContact(a, p, func() { p.custom = merged(p.custom, attributes) })
		}
	})
}
