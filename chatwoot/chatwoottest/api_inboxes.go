package chatwoottest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

// viewInbox is an inbox as GET inboxes shows it. Secrets of the channel go to
// administrators only (CONTRACT 10).
func viewInbox(i *inbox, toAdministrator bool) map[string]any {
	v := map[string]any{
		"id": i.id, "avatar_url": "", "channel_id": i.channelID, "name": i.name, "channel_type": i.channelType,
		"greeting_enabled": false, "greeting_message": nil, "working_hours_enabled": false, "enable_email_collect": true,
		"csat_survey_enabled": false, "csat_config": struct{}{}, "enable_auto_assignment": true, "auto_assignment_config": struct{}{},
		"out_of_office_message": nil, "working_hours": workingHours, "timezone": "UTC", "callback_webhook_url": nil,
		"allow_messages_after_resolved": true, "lock_to_single_conversation": i.lock, "sender_name_type": "friendly",
		"business_name": nil, "allowed_domains": nil, "widget_color": nil, "website_url": nil, "hmac_mandatory": nil,
		"welcome_title": nil, "welcome_tagline": nil, "web_widget_script": nil, "website_token": nil, "selected_feature_flags": nil,
		"reply_time": nil, "messaging_service_sid": nil, "phone_number": i.phoneNumber, "provider": i.provider,
	}
	maps.Copy(v, channelFields(i))
	if toAdministrator {
		for name, secret := range i.secrets {
			v[name] = secret
		}
		if i.channelType == "Channel::Email" {
			maps.Copy(v, mailFields)
		}
		if i.channelType == "Channel::Whatsapp" {
			v["provider_config"] = map[string]string{"api_key": i.secrets["api_key"], "phone_number_id": "100200300", "business_account_id": "400500600"}
			delete(v, "api_key")
		}
	}
	return v
}

func channelFields(i *inbox) map[string]any {
	switch i.channelType {
	case "Channel::Api":
		return map[string]any{"hmac_mandatory": false, "webhook_url": i.webhookURL, "inbox_identifier": i.secrets["inbox_identifier"], "additional_attributes": struct{}{}}
	case "Channel::WebWidget":
		return map[string]any{
			"allowed_domains": "", "widget_color": "#1f93ff", "website_url": i.websiteURL, "hmac_mandatory": false, "welcome_title": "Oi",
			"website_token": i.secrets["website_token"], "web_widget_script": "<script>/* " + i.secrets["website_token"] + " */</script>",
			"selected_feature_flags": []string{"attachments", "emoji_picker", "end_conversation"}, "reply_time": "in_a_few_minutes",
			"pre_chat_form_enabled": false, "continuity_via_email": true,
			"pre_chat_form_options": map[string]any{"pre_chat_message": "Share your queries or comments here.", "pre_chat_fields": preChatFields},
		}
	case "Channel::Whatsapp":
		return map[string]any{"message_templates": messageTemplates}
	case "Channel::Email":
		return map[string]any{
			"email": i.email, "forwarding_enabled": false,
		}
	}
	return nil
}

// messageTemplates are what WhatsApp approved, or not, in the shape that Meta has.
var messageTemplates = []map[string]any{
	messageTemplate("retomar_conversa", "pt_BR", "APPROVED", "Olá {{1}}, ainda posso ajudar com {{2}}?"),
	messageTemplate("seguimiento", "es", "APPROVED", "Hola {{1}}, ¿seguimos con tu pedido?"),
	messageTemplate("order_ready", "en_US", "APPROVED", "Hi {{1}}, your order is ready."),
	messageTemplate("promo", "pt_BR", "REJECTED", "Oferta!"),
	{"name": "catalogo", "language": "pt_BR", "status": "APPROVED", "category": "MARKETING", "id": "9", "components": []map[string]any{
		{"type": "HEADER", "format": "IMAGE", "example": map[string]any{}}, {"type": "BODY", "text": "Nosso catálogo"},
	}},
}

func messageTemplate(name, language, status, body string) map[string]any {
	return map[string]any{
		"name": name, "language": language, "status": status, "category": "UTILITY", "id": name, "parameter_format": "POSITIONAL",
		"components": []map[string]any{{"type": "BODY", "text": body}, {"type": "FOOTER", "text": "Casa Aurora"}},
	}
}

var preChatFields = []map[string]any{
	{"field_type": "standard", "label": "Email Id", "name": "emailAddress", "type": "email", "required": true, "enabled": false},
	{"field_type": "standard", "label": "Full name", "name": "fullName", "type": "text", "required": false, "enabled": false},
	{"field_type": "standard", "label": "Phone number", "name": "phoneNumber", "type": "text", "required": false, "enabled": false},
}

// mailFields are what administrators see of an e-mail inbox that has no servers
// of its own.
var mailFields = map[string]any{
	"imap_password": "", "smtp_password": "", "imap_login": "", "imap_address": "", "imap_port": 0, "imap_enabled": false, "imap_enable_ssl": true, "imap_authentication": "plain",
	"smtp_login": "", "smtp_address": "", "smtp_port": 0, "smtp_enabled": false, "smtp_domain": "", "smtp_enable_ssl_tls": false,
	"smtp_enable_starttls_auto": true, "smtp_openssl_verify_mode": "none", "smtp_authentication": "login",
}

var workingHours = func() []map[string]any {
	var days []map[string]any
	for day := range 7 {
		closed := day == 0 || day == 6
		hours := map[string]any{
			"day_of_week": day, "closed_all_day": closed, "open_all_day": false,
			"open_hour": nil, "open_minutes": nil, "close_hour": nil, "close_minutes": nil,
		}
		if !closed {
			maps.Copy(hours, map[string]any{"open_hour": 9, "open_minutes": 0, "close_hour": 17, "close_minutes": 0})
		}
		days = append(days, hours)
	}
	return days
}()

// rawInbox is the bare row that creating a contact with an inbox returns.
func rawInbox(a *account, i *inbox) map[string]any {
	return map[string]any{
		"id": i.id, "channel_id": i.channelID, "account_id": a.id, "name": i.name, "created_at": isoTime(i.createdAt), "updated_at": isoTime(i.createdAt),
		"channel_type": i.channelType, "enable_auto_assignment": true, "greeting_enabled": false, "greeting_message": nil, "email_address": nil,
		"working_hours_enabled": false, "out_of_office_message": nil, "timezone": "UTC", "enable_email_collect": true, "csat_survey_enabled": false,
		"allow_messages_after_resolved": true, "auto_assignment_config": struct{}{}, "lock_to_single_conversation": i.lock, "portal_id": nil,
		"sender_name_type": "friendly", "business_name": nil, "csat_config": struct{}{},
	}
}

// inboxes is GET inboxes: an agent's own, all for an administrator.
func (c *call) inboxes() answer {
	payload := []map[string]any{}
	c.read(func() {
		admin := c.role == "administrator"
		all := slices.Clone(c.account.inboxes)
		slices.SortStableFunc(all, func(a, b *inbox) int { return cmp.Compare(a.name, b.name) })
		for _, i := range all {
			if admin || i.members[c.who.id] {
				payload = append(payload, viewInbox(i, admin))
			}
		}
	})
	return ok(map[string]any{"payload": payload})
}

func (c *call) showInbox() answer {
	reply := notFound()
	c.read(func() {
		i := c.account.inbox(c.pathID("id"))
		switch {
		case i == nil:
		case c.role != "administrator" && !i.members[c.who.id]:
			reply = refused()
		default:
			reply = ok(viewInbox(i, c.role == "administrator"))
		}
	})
	return reply
}

var channelTypes = map[string]string{"api": "Channel::Api", "web_widget": "Channel::WebWidget", "email": "Channel::Email", "whatsapp": "Channel::Whatsapp"}

// createInbox is POST inboxes.
func (c *call) createInbox() answer {
	channel := c.object("channel")
	kind, known := channelTypes[asText(channel["type"])]
	if !known {
		return crashed()
	}
	var reply answer
	c.write(func(t *tx) {
		i := t.newInbox(c.account, c.text("name"), kind)
		i.webhookURL = asText(channel["webhook_url"])
		if address := asText(channel["email"]); address != "" {
			i.email = &address
		}
		if address := asText(channel["website_url"]); address != "" {
			i.websiteURL = &address
		}
		reply = ok(viewInbox(i, true))
	})
	return reply
}

func (t *tx) newInbox(a *account, name, kind string) *inbox {
	i := &inbox{
		id: t.id("inbox"), channelID: t.id(kind), name: name, channelType: kind, members: map[int64]bool{}, createdAt: t.now,
		secrets: map[string]string{},
	}
	for _, secret := range channelSecrets[kind] {
		i.secrets[secret] = t.secrets.token()
	}
	a.inboxes = append(a.inboxes, i)
	t.touchCache(a, "inbox")
	return i
}

var channelSecrets = map[string][]string{
	"Channel::Api":       {"hmac_token", "secret", "inbox_identifier"},
	"Channel::WebWidget": {"hmac_token", "website_token"},
	"Channel::Whatsapp":  {"api_key"},
}

// deleteInbox is DELETE inboxes/{id}: a job removes it with its conversations.
func (c *call) deleteInbox() answer {
	reply := notFound()
	c.write(func(t *tx) {
		i := c.account.inbox(c.pathID("id"))
		if i == nil {
			return
		}
		t.later(func(t *tx) { t.removeInbox(c.account, i) })
		reply = ok(map[string]string{"message": c.account.say().inboxDeletion})
	})
	return reply
}

func (t *tx) removeInbox(a *account, i *inbox) {
	for _, v := range slices.Clone(a.conversations.byCreated.all) {
		if v.inbox == i {
			t.deleteConversation(a, v)
		}
	}
	a.inboxes = without(a.inboxes, func(one *inbox) bool { return one == i })
	t.touchCache(a, "inbox")
}

// inboxMembers is GET inbox_members/{id}, for those who are in it.
func (c *call) inboxMembers() answer {
	reply := notFound()
	c.read(func() {
		i := c.account.inbox(c.pathID("id"))
		switch {
		case i == nil:
		case c.role != "administrator" && !i.members[c.who.id]:
			reply = refused()
		default:
			reply = ok(map[string]any{"payload": c.viewMembers(i)})
		}
	})
	return reply
}

func (c *call) viewMembers(i *inbox) []agentView {
	return c.viewAgents(func(u *user) bool { return i.members[u.id] })
}

// viewAgents lists users of the account by name.
func (c *call) viewAgents(match func(*user) bool) []agentView {
	views := []agentView{}
	for id := range c.account.roles {
		if u := c.users[id]; u != nil && match(u) {
			views = append(views, viewAgent(c.account, u))
		}
	}
	slices.SortFunc(views, func(a, b agentView) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return views
}

// changeInboxMembers is POST (add), PATCH (replace) and DELETE inbox_members.
func (c *call) changeInboxMembers() answer {
	reply := notFound()
	c.write(func(t *tx) {
		i := c.account.inbox(c.number("inbox_id"))
		if i == nil {
			return
		}
		t.setMembers(c.account, i, c.r.Method, c.list("user_ids"))
		if c.r.Method == http.MethodDelete {
			reply = done()
			return
		}
		reply = ok(map[string]any{"payload": c.viewMembers(i)})
	})
	return reply
}

func (t *tx) setMembers(a *account, i *inbox, method string, ids []string) {
	members := maps.Clone(i.members)
	if method == http.MethodPatch || method == http.MethodPut {
		members = map[int64]bool{}
	}
	for _, id := range ids {
		if method == http.MethodDelete {
			delete(members, asNumber(id))
		} else if a.user(asNumber(id)) {
			members[asNumber(id)] = true
		}
	}
	i.members = members
	t.touchCache(a, "inbox")
}

// assignableAgents is GET assignable_agents?inbox_ids[]: members common to the
// inboxes, then administrators.
func (c *call) assignableAgents() answer {
	var reply answer
	c.read(func() {
		var boxes []*inbox
		for _, id := range c.r.URL.Query()["inbox_ids[]"] {
			i := c.account.inbox(asNumber(id))
			if i == nil {
				reply = notFound()
				return
			}
			if c.role != "administrator" && !i.members[c.who.id] {
				reply = refused()
				return
			}
			boxes = append(boxes, i)
		}
		agents := c.viewAgents(func(u *user) bool { return c.account.roles[u.id] != "administrator" && inAll(boxes, u.id) })
		agents = append(agents, c.viewAgents(func(u *user) bool { return c.account.roles[u.id] == "administrator" })...)
		reply = ok(map[string]any{"payload": agents})
	})
	return reply
}

func inAll(boxes []*inbox, userID int64) bool {
	return len(boxes) > 0 && !slices.ContainsFunc(boxes, func(i *inbox) bool { return !i.members[userID] })
}
