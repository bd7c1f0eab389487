package chatwoottest

import (
	"cmp"
	"slices"
)

// createConversation is POST conversations (CONTRACT 5.5).
func (c *call) createConversation() answer {
	var reply answer
	c.write(func(t *tx) {
		ci, refusal := c.contactInbox(t)
		if refusal != nil {
			reply = *refusal
			return
		}
		if status := c.text("status"); status != "" && !slices.Contains(statuses, status) {
			reply = crashed()
			return
		}
		reply = ok(c.viewConversation(c.account, c.openConversation(t, ci), c.who.id))
	})
	return reply
}

func (c *call) openConversation(t *tx, ci *contactInbox) *conversation {
	if ci.inbox.lock {
		if last := c.lastOf(ci); last != nil {
			return last
		}
	}
	v := t.newConversation(c.account, ci, c.who, func(v *conversation) {
		v.status = cmp.Or(c.text("status"), "open")
		if c.account.user(c.number("assignee_id")) {
			v.assigneeID = c.number("assignee_id")
		}
		if team := c.account.team(c.number("team_id")); team != nil {
			v.teamID = team.id
		}
		v.custom = orEmpty(c.object("custom_attributes"))
		v.additional = orEmpty(c.object("additional_attributes"))
	})
	if m := c.object("message"); m != nil {
		t.created = v
		t.say(c.account, v, &message{content: asText(m["content"]), kind: outgoing, sender: c.who})
	}
	return v
}

func (c *call) lastOf(ci *contactInbox) *conversation {
	all := c.account.byContact[ci.contactID]
	for _, a := range slices.Backward(all) {
		if a.inbox == ci.inbox {
			return a
		}
	}
	return nil
}

// contactInbox finds or makes the thread between a contact and an inbox.
func (c *call) contactInbox(t *tx) (*contactInbox, *answer) {
	missing := notFound()
	if !c.has("inbox_id") || !c.has("contact_id") {
		for _, contact := range c.account.contacts {
			for _, ci := range contact.inboxes {
				if ci.sourceID == c.text("source_id") && ci.sourceID != "" {
					return ci, nil
				}
			}
		}
		return nil, &missing
	}
	box, contact := c.account.inbox(c.number("inbox_id")), c.account.contacts[c.number("contact_id")]
	if box == nil || contact == nil {
		return nil, &missing
	}
	if c.role == "agent" && !box.members[c.who.id] {
		refusal := refused()
		return nil, &refusal
	}
	source := c.text("source_id")
	for _, ci := range contact.inboxes {
		if ci.inbox == box && source != "" && ci.sourceID == source {
			return ci, nil
		}
	}
	return t.newContactInbox(contact, box, source), nil
}

// newConversation opens one: pending while a bot holds the inbox, resolved for
// a blocked contact, whatever was asked.
func (t *tx) newConversation(a *account, ci *contactInbox, by actor, fill func(*conversation)) *conversation {
	a.lastDisplayID++
	v := &conversation{
		id: a.lastDisplayID, uuid: t.secrets.uuid(), contact: a.contacts[ci.contactID], contactInbox: ci, inbox: ci.inbox,
		status: "open", labels: []string{}, custom: map[string]any{}, additional: map[string]any{},
		createdAt: t.now, updatedAt: t.stamp(), lastActivityAt: t.now, waitingSince: t.now,
	}
	fill(v)
	if ci.inbox.botID != 0 {
		v.status = "pending"
	}
	if v.contact.blocked {
		v.status = "resolved"
	}
	a.conversations.add(v)
	a.byContact[v.contact.id] = append(a.byContact[v.contact.id], v)
	t.emit(a, event{name: "conversation_created", conversation: v})
	t.watchers.notify(v.id)
	return v
}

func (t *tx) newContactInbox(contact *contact, box *inbox, source string) *contactInbox {
	ci := &contactInbox{
		id: t.id("contact_inbox"), contactID: contact.id, inbox: box, sourceID: cmp.Or(source, t.sourceID(contact, box)),
		pubsub: t.secrets.token(), createdAt: t.now,
	}
	contact.inboxes = append(contact.inboxes, ci)
	return ci
}

// sourceID is how a channel knows the contact (CONTRACT 9).
func (s *Server) sourceID(contact *contact, box *inbox) string {
	switch {
	case box.channelType == "Channel::Whatsapp" && contact.phone != nil:
		return (*contact.phone)[1:]
	case box.channelType == "Channel::Email" && contact.email != nil:
		return *contact.email
	}
	return s.secrets.uuid()
}
