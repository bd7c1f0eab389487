package kanban

import "time"

// Person is somebody who signed in with their own Chatwoot. Whoever uses two servers is two.
type Person struct {
	ID PersonID
	// BaseURL is the Chatwoot server that knows them.
	BaseURL string
	// Actor is their number and name there.
	Actor
	Email     string
	AvatarURL string
	// Token is their own access token: what they do is done with it, so that Chatwoot names them. It is empty when they have to sign in
	// again: after they signed out everywhere, after Chatwoot refused it, after a long absence.
	Token string
	// Epoch counts how often they signed out everywhere. Sessions of an earlier one are over.
	Epoch  int64
	SeenAt time.Time
}

// Seat is what a person is in an account, as Chatwoot last said.
type Seat struct {
	Person  PersonID
	Account AccountID
	// Role is empty when they are no member any more.
	Role Role
	// Inboxes and Teams an agent is a member of.
	Inboxes []InboxID
	Teams   []TeamID
	// Narrow says that a custom role sees less than its inboxes: Only, sorted.
	Narrow    bool
	Only      []ConversationID
	CheckedAt time.Time
}

// Viewer is the person in this seat.
func (s Seat) Viewer(a Actor) Viewer {
	return Viewer{Actor: a, Person: s.Person, Account: s.Account, Role: s.Role, Inboxes: s.Inboxes, Teams: s.Teams, Narrow: s.Narrow, Only: s.Only}
}
