package chatwoottest

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// contactsPage is the size of a page of contacts (CONTRACT 3.2).
const contactsPage = 15

// contactList is GET contacts: only those who can be told apart. current_page
// comes back as a string when it was sent.
func (c *call) contactList() answer {
	query := c.r.URL.Query()
	var reply answer
	c.read(func() {
		known := without(c.allContacts(query.Get("sort")), func(p *contact) bool { return p.email == nil && p.phone == nil && p.identifier == nil })
		var page any = 1
		if query.Get("page") != "" {
			page = query.Get("page")
		}
		reply = ok(map[string]any{"meta": map[string]any{"count": len(known), "current_page": page}, "payload": viewContacts(known, pageOf(query))})
	})
	return reply
}

func (c *call) allContacts(order string) []*contact {
	all := make([]*contact, 0, len(c.account.contacts))
	for _, id := range c.account.contactIDs {
		if p := c.account.contacts[id]; p != nil {
			all = append(all, p)
		}
	}
	key, descending := strings.CutPrefix(cmp.Or(order, "-last_activity_at"), "-")
	slices.SortStableFunc(all, func(a, b *contact) int {
		if descending {
			a, b = b, a
		}
		return compareContacts(a, b, key)
	})
	return all
}

func compareContacts(a, b *contact, key string) int {
	switch key {
	case "name":
		return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	case "email":
		return strings.Compare(orText(a.email), orText(b.email))
	case "phone_number":
		return strings.Compare(orText(a.phone), orText(b.phone))
	case "created_at":
		return a.createdAt.Compare(b.createdAt)
	}
	return a.lastActivityAt.Compare(b.lastActivityAt)
}

func orText(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func viewContacts(all []*contact, page int) []contactView {
	views := []contactView{}
	from := min((page-1)*contactsPage, len(all))
	for _, p := range all[from:min(from+contactsPage, len(all))] {
		views = append(views, viewContactWithInboxes(p))
	}
	return views
}

// contactSearch is GET contacts/search; without words its counts are null.
func (c *call) contactSearch() answer {
	if c.throttled("contacts/search", itoa(c.account.id), 100, time.Minute) {
		return retryLater()
	}
	query := c.r.URL.Query()
	text, page := strings.ToLower(strings.TrimSpace(query.Get("q"))), pageOf(query)
	var current any = page
	if query.Get("page") != "" {
		current = query.Get("page")
	}
	if text == "" {
		return ok(map[string]any{"meta": map[string]any{"count": nil, "current_page": current, "has_more": nil}, "payload": []contactView{}})
	}
	var reply answer
	c.read(func() {
		found := without(c.allContacts(query.Get("sort")), func(p *contact) bool { return !matchesContact(p, text) })
		views := viewContacts(found, page)
		meta := map[string]any{"count": len(views), "current_page": current}
		if c.since(sinceSearchHasMore) {
			meta["has_more"] = len(found) > page*contactsPage
		} else {
			meta["count"] = len(found)
		}
		reply = ok(map[string]any{"meta": meta, "payload": views})
	})
	return reply
}

func matchesContact(p *contact, text string) bool {
	for _, field := range []string{p.name, orText(p.email), orText(p.phone), orText(p.identifier)} {
		if strings.Contains(strings.ToLower(field), text) {
			return true
		}
	}
	return false
}

// showContact is GET contacts/{id}.
func (c *call) showContact() answer {
	return c.withContact(func(_ *tx, p *contact) answer {
		return ok(map[string]any{"payload": viewContactWithInboxes(p)})
	})
}

func (c *call) withContact(fn func(*tx, *contact) answer) answer {
	reply := notFound()
	c.write(func(t *tx) {
		if p := c.account.contacts[c.pathID("id")]; p != nil {
			reply = fn(t, p)
		}
	})
	return reply
}

// createContact is POST contacts.
func (c *call) createContact() answer {
	c.unwrap("contact")
	var reply answer
	c.write(func(t *tx) {
		box := c.account.inbox(c.number("inbox_id"))
		if c.has("inbox_id") && box == nil {
			reply = notFound()
			return
		}
		p := &contact{name: c.text("name"), additional: map[string]any{}, custom: map[string]any{}}
		c.fillContact(p)
		if message, attribute := contactProblem(c.account, p); message != "" {
			reply = invalid(message, attribute)
			return
		}
		t.fileContact(c.account, p)
		thread := map[string]any{"inbox": nil, "source_id": nil}
		if box != nil {
			ci := t.newContactInbox(p, box, c.text("source_id"))
			thread = map[string]any{"inbox": rawInbox(c.account, box), "source_id": ci.sourceID}
		}
		t.emit(c.account, event{name: "contact_created", contact: p})
		reply = ok(map[string]any{"payload": map[string]any{"contact": viewContactWithInboxes(p), "contact_inbox": thread}})
	})
	return reply
}

func (t *tx) fileContact(a *account, p *contact) {
	p.id, p.createdAt, p.updatedAt = t.id("contact"), t.now, t.now
	a.contacts[p.id] = p
	a.contactIDs = append(a.contactIDs, p.id)
}

// fillContact copies what was sent; attribute maps are merged.
func (c *call) fillContact(p *contact) {
	if c.has("name") {
		p.name = c.text("name")
	}
	if c.has("email") {
		p.email = textPointer(strings.ToLower(strings.TrimSpace(c.text("email"))))
	}
	if c.has("phone_number") {
		p.phone = textPointer(c.text("phone_number"))
	}
	if c.has("identifier") {
		p.identifier = textPointer(c.text("identifier"))
	}
	if c.has("blocked") {
		p.blocked = c.flag("blocked")
	}
	p.additional = merged(p.additional, c.object("additional_attributes"))
	p.custom = merged(p.custom, c.object("custom_attributes"))
}

func merged(old, added map[string]any) map[string]any {
	if len(added) == 0 {
		return orEmpty(old)
	}
	whole := maps.Clone(orEmpty(old))
	maps.Copy(whole, added)
	return whole
}

var (
	phonePattern = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)
	emailPattern = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// contactProblem is the validation that fails first, with its attribute.
func contactProblem(a *account, p *contact) (message, attribute string) {
	if p.phone != nil && !phonePattern.MatchString(*p.phone) {
		return "Phone number should be in e164 format", "phone_number"
	}
	if p.email != nil && !emailPattern.MatchString(*p.email) {
		return "Email Invalid email", "email"
	}
	for _, other := range a.contacts {
		switch {
		case other == p || other.id == p.id && p.id != 0:
		case sameText(p.email, other.email):
			return "Email has already been taken", "email"
		case sameText(p.phone, other.phone):
			return "Phone number has already been taken", "phone_number"
		case sameText(p.identifier, other.identifier):
			return "Identifier has already been taken", "identifier"
		}
	}
	return "", ""
}

func sameText(a, b *string) bool { return a != nil && b != nil && *a == *b }

// updateContact is PATCH contacts/{id}.
func (c *call) updateContact() answer {
	c.unwrap("contact")
	return c.withContact(func(t *tx, p *contact) answer {
		trial := *p
		c.fillContact(&trial)
		if message, attribute := contactProblem(c.account, &trial); message != "" {
			return invalid(message, attribute)
		}
		t.saveContact(c.account, p, func() { c.fillContact(p) })
		return ok(map[string]any{"payload": viewContactWithInboxes(p)})
	})
}

// destroyContactAttributes is POST contacts/{id}/destroy_custom_attributes.
func (c *call) destroyContactAttributes() answer {
	return c.withContact(func(t *tx, p *contact) answer {
		t.saveContact(c.account, p, func() {
			p.custom = maps.Clone(p.custom)
			for _, key := range c.list("custom_attributes") {
				delete(p.custom, key)
			}
		})
		return ok(map[string]any{"payload": viewContactWithInboxes(p)})
	})
}

// saveContact moves updated_at and tells contact_updated what changed.
func (t *tx) saveContact(a *account, p *contact, mutate func()) {
	before := *p
	mutate()
	changes := contactChanges(&before, p)
	if len(changes) == 0 {
		return
	}
	p.updatedAt = t.stamp()
	changes = append(changes, change{"updated_at", isoTime(before.updatedAt), isoTime(p.updatedAt)})
	t.emit(a, event{name: "contact_updated", contact: p, changes: changes, changed: true})
}

// deleteContact is DELETE contacts/{id}: administrators; a job deletes the
// contact's conversations, and no webhook tells.
func (c *call) deleteContact() answer {
	return c.withContact(func(t *tx, p *contact) answer {
		t.later(func(t *tx) {
			for _, v := range c.account.byContact[p.id] {
				t.deleteConversation(c.account, v)
			}
			delete(c.account.contacts, p.id)
			t.cast(c.account, cast{name: "contact.deleted", contact: p})
		})
		return done()
	})
}

// contactLabels is GET and setContactLabels POST contacts/{id}/labels.
func (c *call) contactLabels() answer {
	return c.withContact(func(_ *tx, p *contact) answer {
		return ok(map[string]any{"payload": append([]string{}, p.labels...)})
	})
}

func (c *call) setContactLabels() answer {
	titles := parseTags(c.list("labels"))
	return c.withContact(func(t *tx, p *contact) answer {
		t.saveContact(c.account, p, func() { p.labels = titles })
		return ok(map[string]any{"payload": titles})
	})
}
