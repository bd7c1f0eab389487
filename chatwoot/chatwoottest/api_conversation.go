package chatwoottest

import (
	"fmt"
	"slices"
	"time"
)

// toggleStatus is POST conversations/{id}/toggle_status. An agent who opens a
// conversation takes it (CONTRACT 5.6).
func (c *call) toggleStatus() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		status := c.text("status")
		if status == "" {
			status = map[bool]string{true: "resolved", false: "open"}[v.status == "open"]
		}
		if !slices.Contains(statuses, status) {
			return crashed()
		}
		var until time.Time
		if n := c.number("snoozed_until"); n > 0 && status == "snoozed" {
			until = time.Unix(n, 0).UTC()
		}
		t.setStatus(c.account, v, c.who, status, until)
		if status == "open" && c.role == "agent" {
			t.assign(c.account, v, c.who, c.who.id, 0)
		}
		var success any = true
		if c.who.kind == "bot" {
			success = nil
		}
		return ok(map[string]any{"payload": map[string]any{
			"success": success, "conversation_id": v.id, "current_status": v.status, "snoozed_until": isoPointer(v.snoozedUntil),
		}})
	})
}

var statuses = []string{"open", "resolved", "pending", "snoozed"}

// setStatus saves a status. Resolving ends the waiting in a second write that
// tells nobody.
func (t *tx) setStatus(a *account, v *conversation, by actor, status string, until time.Time) {
	if by.kind == "bot" && v.status == "pending" && status == "open" {
		t.save(a, v, by, "", func() { v.waitingSince = t.now })
	}
	t.save(a, v, by, "", func() { v.status, v.snoozedUntil = status, until })
	if status == "resolved" {
		v.waitingSince = time.Time{}
	}
}

// togglePriority is POST conversations/{id}/toggle_priority.
func (c *call) togglePriority() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		priority := c.text("priority")
		if priority != "" && priorities[priority] == 0 {
			return crashed()
		}
		t.save(c.account, v, c.who, "", func() { v.priority = priority })
		return done()
	})
}

// updateConversation is PATCH conversations/{id}.
func (c *call) updateConversation() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		priority := c.text("priority")
		if priority != "" && priorities[priority] == 0 {
			return crashed()
		}
		if c.has("priority") {
			t.save(c.account, v, c.who, "", func() { v.priority = priority })
		}
		return ok(c.viewConversation(c.account, v, c.who.id))
	})
}

// setCustomAttributes is POST conversations/{id}/custom_attributes, which
// replaces the whole map.
func (c *call) setCustomAttributes() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		given, isObject := c.body["custom_attributes"].(map[string]any)
		if !isObject {
			return crashed()
		}
		t.save(c.account, v, c.who, "", func() { v.custom = given })
		return ok(map[string]any{"custom_attributes": v.custom})
	})
}

// assignments is POST conversations/{id}/assignments. An unknown assignee
// unassigns; the agent's key wins over the team's.
func (c *call) assignments() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		switch {
		case c.has("assignee_id") && c.text("assignee_type") == "AgentBot":
			return c.assignBot(t, v)
		case c.has("assignee_id"):
			return c.assignAgent(t, v)
		}
		return c.assignTeam(t, v)
	})
}

func (c *call) assignAgent(t *tx, v *conversation) answer {
	id := c.number("assignee_id")
	if !c.account.user(id) {
		id = 0
	}
	t.assign(c.account, v, c.who, id, 0)
	if id == 0 {
		return answer{status: 200, text: "null"}
	}
	return ok(viewAgent(c.account, c.users[id]))
}

func (c *call) assignBot(t *tx, v *conversation) answer {
	b := c.account.bot(c.number("assignee_id"))
	if b == nil {
		t.assign(c.account, v, c.who, 0, 0)
		return answer{status: 200, text: "null"}
	}
	t.assign(c.account, v, c.who, 0, b.id)
	return ok(viewBot(b))
}

func (c *call) assignTeam(t *tx, v *conversation) answer {
	team := c.account.team(c.number("team_id"))
	t.assignTeam(c.account, v, c.who, team)
	if team == nil {
		return answer{status: 200, text: "null"}
	}
	return ok(map[string]any{
		"id": team.id, "name": team.name, "description": team.description, "allow_auto_assign": team.autoAssign,
		"account_id": c.account.id, "created_at": isoTime(team.createdAt), "updated_at": isoTime(team.createdAt),
	})
}

func (t *tx) assign(a *account, v *conversation, by actor, userID, botID int64) {
	t.save(a, v, by, "", func() { v.assigneeID, v.botID = userID, botID })
}

// assignTeam drops an assignee who is not in the team.
func (t *tx) assignTeam(a *account, v *conversation, by actor, team *team) {
	t.save(a, v, by, "", func() {
		if team == nil {
			v.teamID = 0
			return
		}
		v.teamID = team.id
		if v.assigneeID != 0 && !team.has(v.assigneeID) {
			v.assigneeID = 0
		}
	})
}

// lastSeen is POST conversations/{id}/update_last_seen; it tells nobody.
func (c *call) lastSeen() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		v.agentLastSeenAt = t.now
		if v.assigneeID == c.who.id {
			v.assigneeLastSeen = t.now
		}
		return ok(c.viewConversation(c.account, v, c.who.id))
	})
}

// unread is POST conversations/{id}/unread: seen just before the newest
// customer message.
func (c *call) unread() answer {
	return c.changeConversation(func(_ *tx, v *conversation) answer {
		v.agentLastSeenAt = time.Time{}
		if last := lastMessage(v, func(m *message) bool { return m.kind == incoming }); last != nil {
			v.agentLastSeenAt = last.createdAt.Add(-time.Second)
		}
		v.assigneeLastSeen = v.agentLastSeenAt
		return ok(c.viewConversation(c.account, v, c.who.id))
	})
}

// mute blocks the contact and resolves the conversation; unmute lifts the block.
func (c *call) mute() answer   { return c.setMuted(true) }
func (c *call) unmute() answer { return c.setMuted(false) }

func (c *call) setMuted(muted bool) answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		if muted {
			t.setStatus(c.account, v, c.who, "resolved", time.Time{})
		}
		if v.contact.blocked != muted {
			say := c.account.say()
			line := map[bool]string{true: say.muted, false: say.unmuted}[muted]
			t.later(func(t *tx) { t.addActivity(c.account, v, fmt.Sprintf(line, c.who.name)) })
		}
		t.saveContact(c.account, v.contact, func() { v.contact.blocked = muted })
		return done()
	})
}

// deleteConversation is DELETE conversations/{id}: administrators, by a job,
// without a word to anybody.
func (c *call) deleteConversation() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		t.later(func(t *tx) { t.deleteConversation(c.account, v) })
		return done()
	})
}

func (t *tx) deleteConversation(a *account, v *conversation) {
	if v.deleted {
		return
	}
	v.deleted = true
	a.conversations.remove(v)
	a.byContact[v.contact.id] = without(a.byContact[v.contact.id], func(one *conversation) bool { return one == v })
	t.watchers.notify(v.id)
}
