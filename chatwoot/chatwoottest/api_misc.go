package chatwoottest

import (
	"cmp"
	"slices"
	"strings"
)

// Canned responses, saved filters and searches (CONTRACT 5.7, 10).

func viewCanned(a *account, r *cannedResponse) map[string]any {
	return map[string]any{"id": r.id, "account_id": a.id, "short_code": r.code, "content": r.content, "created_at": isoTime(r.createdAt), "updated_at": isoTime(r.createdAt)}
}

func (c *call) cannedResponses() answer {
	text := strings.ToLower(c.r.URL.Query().Get("search"))
	views := []map[string]any{}
	c.read(func() {
		for _, r := range c.account.canned {
			if strings.Contains(strings.ToLower(r.code+" "+r.content), text) {
				views = append(views, viewCanned(c.account, r))
			}
		}
	})
	return ok(views)
}

func (c *call) createCannedResponse() answer {
	c.unwrap("canned_response")
	var reply answer
	c.write(func(t *tx) {
		if slices.ContainsFunc(c.account.canned, func(r *cannedResponse) bool { return r.code == c.text("short_code") }) {
			reply = invalid("Short code has already been taken", "short_code")
			return
		}
		r := &cannedResponse{t.id("canned"), c.text("short_code"), c.text("content"), t.now}
		c.account.canned = append(c.account.canned, r)
		reply = ok(viewCanned(c.account, r))
	})
	return reply
}

func viewFilter(f *savedFilter) map[string]any {
	return map[string]any{"id": f.id, "name": f.name, "filter_type": f.filterType, "query": f.query, "created_at": isoTime(f.createdAt), "updated_at": isoTime(f.createdAt)}
}

var filterTypes = []string{"conversation", "contact", "report"}

// customFilters is GET custom_filters: one's own only.
func (c *call) customFilters() answer {
	kind := cmp.Or(enum(c.r.URL.Query().Get("filter_type"), filterTypes), "conversation")
	views := []map[string]any{}
	c.read(func() {
		for _, f := range c.account.filters {
			if f.userID == c.who.id && f.filterType == kind {
				views = append(views, viewFilter(f))
			}
		}
	})
	return ok(views)
}

func (c *call) createCustomFilter() answer {
	c.unwrap("custom_filter")
	var reply answer
	c.write(func(t *tx) {
		f := &savedFilter{t.id("filter"), c.who.id, c.text("name"), cmp.Or(enum(c.body["filter_type"], filterTypes), "conversation"), c.body["query"], t.now}
		c.account.filters = append(c.account.filters, f)
		reply = ok(viewFilter(f))
	})
	return reply
}

func (c *call) deleteCustomFilter() answer {
	reply := notFound()
	c.write(func(*tx) {
		kept := without(c.account.filters, func(f *savedFilter) bool { return f.id == c.pathID("id") && f.userID == c.who.id })
		if len(kept) < len(c.account.filters) {
			c.account.filters, reply = kept, noContent()
		}
	})
	return reply
}

// searchMessages is GET conversations/search?q: by message text.
func (c *call) searchMessages() answer {
	query := c.r.URL.Query()
	var reply answer
	c.read(func() {
		scope := c.scope(listQuery{text: query.Get("q"), page: pageOf(query)})
		payload := []map[string]any{}
		var counts listCounts
		for _, v := range scope.rows(c.opts.PageSize) {
			counts.add(v.assigneeID, c.who.id, 1)
			payload = append(payload, c.viewFound(v, scope))
		}
		meta := map[string]int{"mine_count": counts.Mine, "unassigned_count": counts.Unassigned, "all_count": counts.All}
		reply = ok(map[string]any{"meta": meta, "payload": payload})
	})
	return reply
}

func (c *call) viewFound(v *conversation, s scope) map[string]any {
	messages := []map[string]any{}
	for _, m := range v.messages {
		hit := scope{listQuery: listQuery{text: s.text}}.admitsText(&conversation{messages: []*message{m}})
		if hit {
			messages = append(messages, map[string]any{"content": m.content, "id": m.id, "sender_name": m.sender.name, "message_type": m.kind, "created_at": unix(m.createdAt)})
		}
	}
	return map[string]any{
		"id": v.id, "uuid": v.uuid, "created_at": unix(v.createdAt), "contact": nameView{v.contact.id, v.contact.name},
		"inbox":    map[string]any{"id": v.inbox.id, "name": v.inbox.name, "channel_type": v.inbox.channelType},
		"messages": messages, "account_id": c.account.id,
	}
}

// accountSearch is GET search/conversations?q: by number and contact.
func (c *call) accountSearch() answer {
	text := strings.ToLower(strings.TrimSpace(c.r.URL.Query().Get("q")))
	var reply answer
	c.read(func() {
		scope := c.scope(listQuery{})
		found := []map[string]any{}
		all := c.account.conversations.byCreated.all
		skip := (pageOf(c.r.URL.Query()) - 1) * contactsPage
		for i := len(all) - 1; i >= 0 && len(found) < contactsPage; i-- {
			if v := all[i]; scope.admits(v) && (itoa(v.id) == text || matchesContact(v.contact, text)) {
				if skip > 0 {
					skip--
					continue
				}
				found = append(found, c.viewSearched(v))
			}
		}
		reply = ok(map[string]any{"payload": map[string]any{"conversations": found}})
	})
	return reply
}

func (c *call) viewSearched(v *conversation) map[string]any {
	view := map[string]any{
		"id": v.id, "account_id": c.account.id, "created_at": unix(v.createdAt), "message": nil, "agent": nil, "additional_attributes": v.additional,
		"inbox": map[string]any{"id": v.inbox.id, "channel_id": v.inbox.channelID, "name": v.inbox.name, "channel_type": v.inbox.channelType},
		"contact": map[string]any{
			"email": v.contact.email, "id": v.contact.id, "name": v.contact.name, "phone_number": v.contact.phone, "identifier": v.contact.identifier,
			"additional_attributes": v.contact.additional, "last_activity_at": unix(v.contact.lastActivityAt),
		},
	}
	if len(v.messages) > 0 {
		view["message"] = c.viewMessage(c.account, v, v.messages[0])
	}
	if u := c.users[v.assigneeID]; u != nil {
		view["agent"] = map[string]any{"id": u.id, "available_name": u.name, "email": u.email, "name": u.name, "role": c.account.roles[u.id]}
	}
	return view
}

// labelSummary is GET /api/v2/…/summary_reports/label: the simulation counts
// conversations and measures no times.
func (c *call) labelSummary() answer {
	rows := []map[string]any{}
	c.read(func() {
		for _, l := range c.account.labels {
			all := labelled(c.account, l.title)
			resolved := without(all, func(v *conversation) bool { return v.status != "resolved" })
			rows = append(rows, map[string]any{
				"id": l.id, "name": l.title, "conversations_count": len(all), "avg_resolution_time": 0,
				"avg_first_response_time": 0, "avg_reply_time": 0, "resolved_conversations_count": len(resolved),
			})
		}
	})
	return ok(rows)
}
