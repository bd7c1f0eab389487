package chatwoottest

import (
	"cmp"
	"slices"
)

// User is a person who may sign in.
type User struct {
	ID       int64
	Name     string
	Email    string
	Password string
	Token    string
	Role     string // in the account; empty when not a member
}

// AccountID is that of the sample business.
func (s *Server) AccountID() int64 { return 1 }

// OtherAccountID is another tenant, to which none of the sample users belong;
// it does not exist in a Blank server.
func (s *Server) OtherAccountID() int64 { return 2 }

// Users are the people of the account by id; administrators and agents.
func (s *Server) Users() []User {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a := s.accounts[s.AccountID()]
	people := []User{}
	for id, role := range a.roles {
		u := s.users[id]
		people = append(people, User{u.id, u.name, u.email, u.password, u.token, role})
	}
	slices.SortFunc(people, func(x, y User) int { return cmp.Compare(x.ID, y.ID) })
	return people
}

// Admins and Agents are Users of that role.
func (s *Server) Admins() []User {
	return without(s.Users(), func(u User) bool { return u.Role != "administrator" })
}

// Agents are the Users who are no administrators.
func (s *Server) Agents() []User {
	return without(s.Users(), func(u User) bool { return u.Role != "agent" })
}

// AdminToken is the access token of the first administrator.
func (s *Server) AdminToken() string { return s.Admins()[0].Token }

// AgentToken is the access token of the i-th agent, from 0.
func (s *Server) AgentToken(i int) string { return s.Agents()[i].Token }

// OutsiderToken is that of a user of another account only.
func (s *Server) OutsiderToken() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if a := s.accounts[s.OtherAccountID()]; a != nil {
		for id := range a.roles {
			return s.users[id].token
		}
	}
	return ""
}

// BotToken is that of the account's agent bot.
func (s *Server) BotToken() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if bots := s.accounts[s.AccountID()].bots; len(bots) > 0 {
		return bots[0].token
	}
	return ""
}

// PlatformToken is one of a platform app, refused below /api/v1.
func (s *Server) PlatformToken() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.platform
}

// AddAccount makes another account of the installation with one administrator
// and nothing else, and returns its id.
func (s *Server) AddAccount(name string, adminID int64) int64 {
	var id int64
	s.write(func(t *tx) {
		a := t.newAccount(name)
		a.roles[adminID] = "administrator"
		id = a.id
	})
	return id
}

// AddUser makes a new member of the account; role is "agent" or "administrator".
func (s *Server) AddUser(name, email, role string) User {
	var u *user
	s.write(func(t *tx) {
		u = t.newUser(name, email)
		t.accounts[t.AccountID()].roles[u.id] = role
	})
	return User{u.id, u.name, u.email, u.password, u.token, role}
}

// RevokeToken ends a user's access token, as reset_access_token does, and
// returns the new one.
func (s *Server) RevokeToken(userID int64) string {
	var token string
	s.write(func(t *tx) {
		u := t.users[userID]
		delete(t.tokens, u.token)
		u.token = t.secrets.token()
		t.tokens[u.token] = actor{kind: "user", id: u.id, name: u.name}
		token = u.token
	})
	return token
}

// SetTwoFactor makes sign-in ask for this code, or one of the backup codes; an
// empty one ends that.
func (s *Server) SetTwoFactor(userID int64, code string, backup ...string) {
	s.write(func(t *tx) { t.users[userID].otp, t.users[userID].backupCodes = code, slices.Clone(backup) })
}

// SetConfirmed says whether a user has confirmed their address; until then they
// cannot sign in.
func (s *Server) SetConfirmed(userID int64, confirmed bool) {
	s.write(func(t *tx) { t.users[userID].confirmed = confirmed })
}

// SetSAML says whether a user has to sign in at a provider.
func (s *Server) SetSAML(userID int64, saml bool) {
	s.write(func(t *tx) { t.users[userID].saml = saml })
}

// ChangePassword gives a user another password: their sessions end, and their
// streams fall silent; the access token stays (CONTRACT 13).
func (s *Server) ChangePassword(userID int64, password string) {
	s.write(func(t *tx) {
		u := t.users[userID]
		for _, one := range u.sessions {
			delete(t.sessions, one.token)
		}
		u.password, u.pubsub, u.sessions = password, t.secrets.token(), nil
	})
}

// SetOnline says whether a user's availability shows as online.
func (s *Server) SetOnline(userID int64, online bool) {
	s.write(func(t *tx) { t.users[userID].online = online })
}

// AddOutsider makes an administrator of another account only.
func (s *Server) AddOutsider(name, email string, accountID int64) User {
	var u *user
	s.write(func(t *tx) {
		u = t.newUser(name, email)
		t.accounts[accountID].roles[u.id] = "administrator"
	})
	return User{u.id, u.name, u.email, u.password, u.token, ""}
}
