package chatwoottest

import (
	"maps"
	"slices"
	"time"
)

// Conversation is the truth about one, for tests to compare with.
type Conversation struct {
	ID           int64
	ContactID    int64
	ContactName  string
	InboxID      int64
	AssigneeID   int64
	TeamID       int64
	Status       string
	Priority     string
	Labels       []string
	Custom       map[string]any
	UpdatedAt    time.Time
	LastActivity time.Time
	WaitingSince time.Time
	Unread       int
	Messages     int
}

// Labels of a conversation, nil if it does not exist.
func (s *Server) Labels(conversationID int64) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if v := s.accounts[s.AccountID()].conversations.byID[conversationID]; v != nil {
		return slices.Clone(v.labels)
	}
	return nil
}

// Conversation returns a snapshot, or false if there is none.
func (s *Server) Conversation(conversationID int64) (Conversation, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v := s.accounts[s.AccountID()].conversations.byID[conversationID]
	if v == nil {
		return Conversation{}, false
	}
	return snapshot(v), true
}

// Conversations are snapshots of all, by display id.
func (s *Server) Conversations() []Conversation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []Conversation
	for _, v := range s.accounts[s.AccountID()].conversations.byCreated.all {
		all = append(all, snapshot(v))
	}
	slices.SortFunc(all, func(a, b Conversation) int { return int(a.ID - b.ID) })
	return all
}

func snapshot(v *conversation) Conversation {
	return Conversation{
		ID: v.id, ContactID: v.contact.id, ContactName: v.contact.name, InboxID: v.inbox.id, AssigneeID: v.assigneeID, TeamID: v.teamID,
		Status: v.status, Priority: v.priority, Labels: slices.Clone(v.labels), Custom: maps.Clone(v.custom), UpdatedAt: v.updatedAt,
		LastActivity: v.lastActivityAt, WaitingSince: v.waitingSince, Unread: unreadCount(v), Messages: len(v.messages),
	}
}

// LabelHistory is every effective write of a conversation's labels in order:
// the truth in a test of races. Deleted conversations have none.
func (s *Server) LabelHistory(conversationID int64) []LabelWrite {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if v := s.accounts[s.AccountID()].conversations.byID[conversationID]; v != nil {
		return slices.Clone(v.history)
	}
	return nil
}

// Named is an id with a name: labels, inboxes and teams.
type Named struct {
	ID   int64
	Name string
}

// AccountLabels are the labels of the account by id.
func (s *Server) AccountLabels() []Named {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return named(s.accounts[s.AccountID()].labels, func(l *label) Named { return Named{l.id, l.title} })
}

// Inboxes of the account by id.
func (s *Server) Inboxes() []Named {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return named(s.accounts[s.AccountID()].inboxes, func(i *inbox) Named { return Named{i.id, i.name} })
}

// Teams of the account by id.
func (s *Server) Teams() []Named {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return named(s.accounts[s.AccountID()].teams, func(t *team) Named { return Named{t.id, t.name} })
}

func named[T any](all []T, name func(T) Named) []Named {
	names := make([]Named, 0, len(all))
	for _, one := range all {
		names = append(names, name(one))
	}
	return names
}

// ContactAttributes are the custom attributes of a contact, nil if it does not exist.
func (s *Server) ContactAttributes(contactID int64) map[string]any {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if p := s.accounts[s.AccountID()].contacts[contactID]; p != nil {
		return maps.Clone(p.custom)
	}
	return nil
}
