package chatwoottest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// version is GET /api: no authentication (CONTRACT 1).
func (c *call) version() answer {
	return ok(map[string]string{"version": c.opts.Version, "timestamp": c.opts.Clock().UTC().Format("2006-01-02 15:04:05"), "queue_services": "ok", "data_services": "ok"})
}

func (c *call) health() answer { return ok(map[string]string{"status": "woot"}) }

var featureNames = strings.Fields(`inbound_emails channel_email channel_facebook help_center agent_bots macros agent_management team_management
	inbox_management labels custom_attributes automations canned_responses integrations voice_recorder channel_website campaigns reports crm
	auto_resolve_conversations chatwoot_v4 contact_chatwoot_support_team channel_instagram assignment_v2 channel_tiktok captain_tasks`)

// showAccount is GET accounts/{id}.
func (c *call) showAccount() answer {
	features := map[string]bool{}
	for _, name := range featureNames {
		features[name] = true
	}
	var reply answer
	c.read(func() {
		a := c.account
		reply = ok(map[string]any{
			"settings": struct{}{}, "created_at": isoTime(a.createdAt), "domain": nil, "features": features, "id": a.id, "locale": a.locale,
			"name": a.name, "support_email": nil, "status": accountStatus(a), "cache_keys": c.viewCacheKeys(a), "latest_chatwoot_version": nil,
			"subscribed_features": []string{},
		})
	})
	return reply
}

// cacheKeysOf is GET cache_keys.
func (c *call) cacheKeysOf() answer {
	var reply answer
	c.read(func() {
		reply = ok(map[string]any{"cache_keys": c.viewCacheKeys(c.account)})
	})
	reply.header = http.Header{"Cache-Control": {"max-age=10, private, stale-while-revalidate=300"}}
	return reply
}

// agents is GET agents.
func (c *call) agents() answer {
	var reply answer
	c.read(func() { reply = ok(c.viewAgents(func(*user) bool { return true })) })
	return reply
}

// createAgent is POST agents: invited, not yet confirmed.
func (c *call) createAgent() answer {
	c.unwrap("agent")
	var reply answer
	c.write(func(t *tx) {
		u := t.userByEmail(strings.ToLower(c.text("email")))
		if u == nil {
			u = t.newUser(c.text("name"), c.text("email"))
			u.confirmed = false
		}
		c.account.roles[u.id] = cmp.Or(c.text("role"), "agent")
		reply = ok(viewAgent(c.account, u))
	})
	return reply
}

// deleteAgent is DELETE agents/{id}: out of the account at once, unassigned
// later by a job that tells nobody and moves no updated_at (CONTRACT 14).
func (c *call) deleteAgent() answer {
	reply := notFound()
	c.write(func(t *tx) {
		if c.account.user(c.pathID("id")) {
			t.removeAgent(c.account, c.pathID("id"))
			reply = done()
		}
	})
	return reply
}

func (t *tx) removeAgent(a *account, id int64) {
	delete(a.roles, id)
	delete(a.customRoles, id)
	for _, i := range a.inboxes {
		if i.members[id] {
			t.setMembers(a, i, http.MethodDelete, []string{itoa(id)})
		}
	}
	for _, team := range a.teams {
		team.members = without(team.members, func(member int64) bool { return member == id })
	}
	t.later(func(t *tx) {
		for _, v := range a.conversations.byCreated.all {
			if v.assigneeID == id {
				a.conversations.change(v, func() { v.assigneeID = 0 })
			}
		}
	})
}

// teams is GET teams.
func (c *call) teams() answer {
	views := []teamView{}
	c.read(func() {
		for _, team := range c.account.teams {
			views = append(views, viewTeam(c.account, team, c.who.id))
		}
	})
	return ok(views)
}

func (c *call) createTeam() answer {
	c.unwrap("team")
	var reply answer
	c.write(func(t *tx) {
		name := strings.ToLower(c.text("name"))
		switch {
		case name == "":
			reply = invalid("Name can't be blank", "name")
		case slices.ContainsFunc(c.account.teams, func(one *team) bool { return one.name == name }):
			reply = invalid("Name has already been taken", "name")
		default:
			reply = ok(viewTeam(c.account, t.newTeam(c.account, name, c.text("description"), c.flag("allow_auto_assign")), c.who.id))
		}
	})
	return reply
}

func (t *tx) newTeam(a *account, name, description string, autoAssign bool) *team {
	one := &team{id: t.id("team"), name: strings.ToLower(name), description: description, autoAssign: autoAssign, createdAt: t.now}
	a.teams = append(a.teams, one)
	t.touchCache(a, "team")
	return one
}

func (c *call) withTeam(fn func(*tx, *team) answer) answer {
	reply := notFound()
	c.write(func(t *tx) {
		if one := c.account.team(c.pathID("id")); one != nil {
			reply = fn(t, one)
		}
	})
	return reply
}

// deleteTeam empties the field on its conversations without event or stamp.
func (c *call) deleteTeam() answer {
	return c.withTeam(func(t *tx, one *team) answer {
		t.removeTeam(c.account, one)
		return done()
	})
}

func (t *tx) removeTeam(a *account, one *team) {
	a.teams = without(a.teams, func(other *team) bool { return other == one })
	for _, v := range a.conversations.byCreated.all {
		if v.teamID == one.id {
			v.teamID = 0
		}
	}
	t.touchCache(a, "team")
}

func (c *call) teamMembers() answer {
	return c.withTeam(func(_ *tx, one *team) answer { return ok(c.viewTeamMembers(one)) })
}

func (c *call) viewTeamMembers(one *team) []agentView {
	views := []agentView{}
	for _, id := range one.members {
		if u := c.users[id]; u != nil {
			views = append(views, viewAgent(c.account, u))
		}
	}
	return views
}

// changeTeamMembers is POST (add), PATCH (replace) and DELETE team_members.
func (c *call) changeTeamMembers() answer {
	return c.withTeam(func(t *tx, one *team) answer {
		ids := c.list("user_ids")
		if c.r.Method != http.MethodPost {
			one.members = without(one.members, func(id int64) bool { return c.r.Method != http.MethodDelete || slices.Contains(ids, itoa(id)) })
		}
		for _, id := range ids {
			if n := asNumber(id); c.r.Method != http.MethodDelete && c.account.user(n) && !one.has(n) {
				one.members = append(slices.Clone(one.members), n)
			}
		}
		t.touchCache(c.account, "team")
		if c.r.Method == http.MethodDelete {
			return done()
		}
		return ok(c.viewTeamMembers(one))
	})
}

// Custom attribute definitions (CONTRACT 10).
var (
	attributeKinds  = []string{"text", "number", "currency", "percent", "link", "date", "list", "checkbox"}
	attributeModels = []string{"conversation_attribute", "contact_attribute", "company_attribute"}
	reservedKeys    = append(slices.Clone(filterKeys), "id", "name", "email", "phone_number", "identifier", "country_code", "city", "blocked", "country", "company_name")
)

func viewAttribute(d *attributeDefinition) map[string]any {
	return map[string]any{
		"id": d.id, "attribute_display_name": d.name, "attribute_display_type": d.kind, "attribute_description": d.description,
		"attribute_key": d.key, "regex_pattern": nil, "regex_cue": nil, "attribute_values": append([]string{}, d.values...),
		"attribute_model": d.model, "default_value": nil, "created_at": isoTime(d.createdAt), "updated_at": isoTime(d.createdAt),
	}
}

func (c *call) attributeDefinitions() answer {
	model := ""
	if n := asNumber(c.r.URL.Query().Get("attribute_model")); c.r.URL.Query().Has("attribute_model") && n >= 0 && int(n) < len(attributeModels) {
		model = attributeModels[n]
	}
	views := []map[string]any{}
	c.read(func() {
		for _, d := range c.account.attributes {
			if model == "" || d.model == model {
				views = append(views, viewAttribute(d))
			}
		}
	})
	return ok(views)
}

func (c *call) createAttributeDefinition() answer {
	c.unwrap("custom_attribute_definition")
	kind, model := enum(c.body["attribute_display_type"], attributeKinds), enum(c.body["attribute_model"], attributeModels)
	if kind == "" || model == "" {
		return crashed()
	}
	var reply answer
	c.write(func(t *tx) {
		key := c.text("attribute_key")
		switch {
		case slices.Contains(reservedKeys, key):
			reply = invalid("Attribute key "+c.account.say().reservedKey, "attribute_key")
		case slices.ContainsFunc(c.account.attributes, func(d *attributeDefinition) bool { return d.key == key && d.model == model }):
			reply = invalid("Attribute key has already been taken", "attribute_key")
		default:
			reply = ok(viewAttribute(t.newAttribute(c.account, attributeDefinition{
				name: c.text("attribute_display_name"), kind: kind, key: key, model: model,
				description: c.optionalText("attribute_description"), values: c.list("attribute_values"),
			})))
		}
	})
	return reply
}

func (t *tx) newAttribute(a *account, d attributeDefinition) *attributeDefinition {
	d.id, d.createdAt = t.id("attribute"), t.now
	a.attributes = append(a.attributes, &d)
	return &d
}

// enum accepts a Rails enum by number or by name.
func enum(v any, names []string) string {
	text := asText(v)
	if slices.Contains(names, text) {
		return text
	}
	if n := asNumber(v); text == fmt.Sprint(n) && n >= 0 && int(n) < len(names) {
		return names[n]
	}
	return ""
}

func (c *call) deleteAttributeDefinition() answer {
	reply := notFound()
	c.write(func(*tx) {
		kept := without(c.account.attributes, func(d *attributeDefinition) bool { return d.id == c.pathID("id") })
		if len(kept) < len(c.account.attributes) {
			c.account.attributes, reply = kept, noContent()
		}
	})
	return reply
}
