package chatwoottest

import "slices"

// What somebody does in Chatwoot's settings while Chatlane runs. Who is in
// which inbox stands in acts.go.

// SetRole makes a user administrator or agent of an account, new members
// included; an empty role removes them as DeleteAgent does.
func (s *Server) SetRole(accountID, userID int64, role string) {
	s.write(func(t *tx) {
		a := t.accounts[accountID]
		delete(a.customRoles, userID)
		if role == "" {
			t.removeAgent(a, userID)
			return
		}
		a.roles[userID] = role
	})
}

// AddTeamMember lets an agent open the conversations of a team.
func (s *Server) AddTeamMember(teamID, userID int64) {
	s.changeTeam(teamID, func(members []int64) []int64 { return append(slices.Clone(members), userID) }, userID)
}

// RemoveTeamMember takes that back.
func (s *Server) RemoveTeamMember(teamID, userID int64) {
	s.changeTeam(teamID, func(members []int64) []int64 { return members }, userID)
}

// changeTeam lets fn decide about the members without the user.
func (s *Server) changeTeam(teamID int64, fn func([]int64) []int64, userID int64) {
	s.inAccount(func(t *tx, a *account) {
		if one := a.team(teamID); one != nil {
			one.members = fn(without(one.members, func(id int64) bool { return id == userID }))
			t.touchCache(a, "team")
		}
	})
}

// SuspendAccount refuses everybody everything in an account, or ends that.
func (s *Server) SuspendAccount(accountID int64, suspended bool) {
	s.write(func(t *tx) { t.accounts[accountID].suspended = suspended })
}

// DeleteWebhooks removes all webhooks of the account.
func (s *Server) DeleteWebhooks() {
	s.inAccount(func(_ *tx, a *account) { a.webhooks = nil })
}

// DeleteDashboardApps removes all dashboard apps of the account.
func (s *Server) DeleteDashboardApps() {
	s.inAccount(func(_ *tx, a *account) { a.apps = nil })
}

// AddBusiness makes another account of the installation with inboxes, labels,
// attributes and teams like the first and as many conversations. The user is
// its administrator and in all its inboxes. It returns the account's id.
func (s *Server) AddBusiness(name string, adminID int64, conversations int) int64 {
	var id int64
	s.write(func(t *tx) {
		a := t.newAccount(name)
		a.roles[adminID] = "administrator"
		t.open(a)
		for _, i := range a.inboxes {
			i.members[adminID] = true
		}
		t.furnish(a)
		newSample(t, a).fill(conversations)
		id = a.id
	})
	return id
}
