package chatwoottest

import (
	"cmp"
	"reflect"
	"slices"
)

func contactChanges(before, after *contact) []change {
	var changes []change
	add := func(attribute string, was, is any) {
		if !reflect.DeepEqual(was, is) {
			changes = append(changes, change{attribute, was, is})
		}
	}
	add("name", before.name, after.name)
	add("email", before.email, after.email)
	add("phone_number", before.phone, after.phone)
	add("identifier", before.identifier, after.identifier)
	add("blocked", before.blocked, after.blocked)
	add("custom_attributes", before.custom, after.custom)
	add("additional_attributes", before.additional, after.additional)
	add("last_activity_at", timeOrNil(before.lastActivityAt), timeOrNil(after.lastActivityAt))
	if !sameTags(before.labels, after.labels) {
		add("label_list", append([]string{}, before.labels...), after.labels)
	}
	return changes
}

// contactConversations is GET contacts/{id}/conversations: the latest 20 the
// caller may see.
func (c *call) contactConversations() answer {
	return c.withContact(func(_ *tx, p *contact) answer {
		scope := c.scope(listQuery{})
		rows := without(c.account.byContact[p.id], func(v *conversation) bool { return !scope.admits(v) })
		slices.SortFunc(rows, func(a, b *conversation) int { return compareActivity(b, a) })
		return ok(map[string]any{"payload": c.viewAll(rows[:min(20, len(rows))])})
	})
}

// contactableInboxes is GET contacts/{id}/contactable_inboxes.
func (c *call) contactableInboxes() answer {
	return c.withContact(func(_ *tx, p *contact) answer {
		payload := []contactInboxView{}
		for _, box := range c.account.inboxes {
			if c.role == "agent" && !box.members[c.who.id] {
				continue
			}
			if source := c.contactable(p, box); source != "" {
				payload = append(payload, contactInboxView{source, viewSlimInbox(box)})
			}
		}
		// Chatwoot lists them as {"inbox", "source_id"}; the order of keys is free.
		return ok(map[string]any{"payload": payload})
	})
}

// contactable is the source id a conversation could be started with, if any.
func (c *call) contactable(p *contact, box *inbox) string {
	existing := find(p.inboxes, func(ci *contactInbox) bool { return ci.inbox == box })
	switch box.channelType {
	case "Channel::Api":
		if existing != nil {
			return existing.sourceID
		}
		return c.secrets.uuid()
	case "Channel::Email":
		return orText(p.email)
	case "Channel::Whatsapp":
		if p.phone != nil {
			return (*p.phone)[1:]
		}
	case "Channel::WebWidget":
		if existing != nil {
			return existing.sourceID
		}
	}
	return ""
}

// createContactInbox is POST contacts/{id}/contact_inboxes.
func (c *call) createContactInbox() answer {
	return c.withContact(func(t *tx, p *contact) answer {
		box := c.account.inbox(c.number("inbox_id"))
		if box == nil {
			return notFound()
		}
		for _, other := range c.account.contacts {
			for _, ci := range other.inboxes {
				if ci.inbox == box && ci.sourceID == c.text("source_id") {
					return invalid("Source has already been taken", "source_id")
				}
			}
		}
		ci := t.newContactInbox(p, box, c.text("source_id"))
		return ok(contactInboxView{ci.sourceID, viewSlimInbox(box)})
	})
}

// findByContactInbox is POST contact_inboxes/filter.
func (c *call) findByContactInbox() answer {
	reply := notFound()
	c.read(func() {
		for _, p := range c.account.contacts {
			for _, ci := range p.inboxes {
				if ci.inbox.id == c.number("inbox_id") && ci.sourceID == c.text("source_id") {
					reply = ok(viewContactWithInboxes(p))
				}
			}
		}
	})
	return reply
}

// mergeContacts is POST actions/contact_merge.
func (c *call) mergeContacts() answer {
	reply := notFound()
	c.write(func(t *tx) {
		base, mergee := c.account.contacts[c.number("base_contact_id")], c.account.contacts[c.number("mergee_contact_id")]
		if base == nil || mergee == nil {
			return
		}
		t.merge(c.account, base, mergee)
		reply = ok(viewContact(base))
	})
	return reply
}

// merge re-points the mergee's conversations: their updated_at moves and no
// conversation event is sent (CONTRACT 9).
func (t *tx) merge(a *account, base, mergee *contact) {
	if base == mergee {
		return
	}
	for _, v := range a.byContact[mergee.id] {
		a.conversations.change(v, func() {
			v.contact = base
			v.updatedAt = t.stamp()
		})
		a.byContact[base.id] = append(a.byContact[base.id], v)
		t.watchers.notify(v.id)
		t.cast(a, cast{name: "conversation.contact_changed", conversation: v})
	}
	for _, ci := range mergee.inboxes {
		ci.contactID = base.id
	}
	delete(a.contacts, mergee.id)
	delete(a.byContact, mergee.id)
	t.cast(a, cast{name: "contact.merged", contact: base})
	t.cast(a, cast{name: "contact.deleted", contact: mergee})
	before := base.updatedAt
	t.saveContact(a, base, func() {
		base.inboxes = append(slices.Clone(base.inboxes), mergee.inboxes...)
		base.email, base.phone, base.identifier = cmp.Or(base.email, mergee.email), cmp.Or(base.phone, mergee.phone), cmp.Or(base.identifier, mergee.identifier)
		base.custom, base.additional = merged(mergee.custom, base.custom), merged(mergee.additional, base.additional)
	})
	if base.updatedAt.Equal(before) { // streams tell even of a merge that changes nothing
		t.cast(a, cast{name: "contact.updated", contact: base})
	}
}
