package chatwoottest

import (
	"net/url"
	"slices"
	"strings"
)

// webhookEvents are all there are, in the order of the model (CONTRACT 11.1).
var webhookEvents = strings.Fields(`conversation_status_changed conversation_updated conversation_created contact_created contact_updated
	message_created message_updated webwidget_triggered inbox_created inbox_updated conversation_typing_on conversation_typing_off`)

func (s *Server) viewWebhook(a *account, h *webhook) map[string]any {
	view := map[string]any{"id": h.id, "name": h.name, "url": h.url, "account_id": a.id, "subscriptions": h.subscriptions}
	if s.since(sinceSignature) {
		view["secret"] = h.secret
	}
	if box := a.inbox(h.inboxID); box != nil {
		view["inbox"] = nameView{box.id, box.name}
	}
	return view
}

// webhooks is GET webhooks.
func (c *call) webhooks() answer {
	views := []map[string]any{}
	c.read(func() {
		for _, h := range c.account.webhooks {
			views = append(views, c.viewWebhook(c.account, h))
		}
	})
	return ok(map[string]any{"payload": map[string]any{"webhooks": views}})
}

func (c *call) createWebhook() answer {
	var reply answer
	c.write(func(t *tx) {
		h := &webhook{subscriptions: slices.Clone(webhookEvents[:8]), secret: t.secrets.token()}
		if reply = c.fillWebhook(h); reply.status != 200 {
			return
		}
		h.id = t.id("webhook")
		c.account.webhooks = append(c.account.webhooks, h)
		reply = c.webhookAnswer(h)
	})
	return reply
}

func (c *call) updateWebhook() answer {
	reply := notFound()
	c.write(func(*tx) {
		for i, old := range c.account.webhooks {
			if old.id != c.pathID("id") {
				continue
			}
			h := *old // events under way keep the old one
			if reply = c.fillWebhook(&h); reply.status == 200 {
				c.account.webhooks[i] = &h
				reply = c.webhookAnswer(&h)
			}
		}
	})
	return reply
}

func (c *call) webhookAnswer(h *webhook) answer {
	return ok(map[string]any{"payload": map[string]any{"webhook": c.viewWebhook(c.account, h)}})
}

// fillWebhook copies what was sent and validates it; anything but 200 refuses.
func (c *call) fillWebhook(h *webhook) answer {
	c.unwrap("webhook")
	if c.has("name") {
		h.name = c.optionalText("name")
	}
	if c.has("url") {
		h.url = c.text("url")
	}
	if c.has("inbox_id") {
		h.inboxID = c.number("inbox_id")
	}
	if c.body["subscriptions"] != nil {
		h.subscriptions = c.list("subscriptions")
	}
	unknown := slices.ContainsFunc(h.subscriptions, func(name string) bool { return !slices.Contains(webhookEvents, name) })
	if len(h.subscriptions) == 0 || unknown {
		return invalid("Subscriptions "+c.account.say().invalidEvents, "subscriptions")
	}
	address, err := url.Parse(h.url)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return invalid("Url is invalid", "url")
	}
	if slices.ContainsFunc(c.account.webhooks, func(other *webhook) bool { return other.id != h.id && other.url == h.url }) {
		return invalid("Url has already been taken", "url")
	}
	return answer{status: 200}
}

func (c *call) deleteWebhook() answer {
	reply := notFound()
	c.write(func(*tx) {
		kept := without(c.account.webhooks, func(h *webhook) bool { return h.id == c.pathID("id") })
		if len(kept) < len(c.account.webhooks) {
			c.account.webhooks, reply = kept, done()
		}
	})
	return reply
}

// Dashboard apps: any agent may change them (CONTRACT 12.1).

func viewApp(app *dashboardApp) map[string]any {
	content := []map[string]string{}
	for _, frame := range app.frames {
		content = append(content, map[string]string{"url": frame, "type": "frame"})
	}
	return map[string]any{"id": app.id, "title": app.title, "content": content, "created_at": isoTime(app.createdAt)}
}

func (c *call) dashboardApps() answer {
	views := []map[string]any{}
	c.read(func() {
		for _, app := range c.account.apps {
			views = append(views, viewApp(app))
		}
	})
	return ok(views)
}

func (c *call) dashboardApp() answer {
	reply := notFound()
	c.read(func() {
		if app := find(c.account.apps, func(one *dashboardApp) bool { return one.id == c.pathID("id") }); app != nil {
			reply = ok(viewApp(app))
		}
	})
	return reply
}

func (c *call) createDashboardApp() answer {
	var reply answer
	c.write(func(t *tx) {
		app := &dashboardApp{createdAt: t.now}
		if !c.fillApp(app) {
			reply = invalid("Content : Invalid data", "content")
			return
		}
		app.id = t.id("dashboard_app")
		c.account.apps = append(c.account.apps, app)
		reply = ok(viewApp(app))
	})
	return reply
}

func (c *call) updateDashboardApp() answer {
	reply := notFound()
	c.write(func(*tx) {
		app := find(c.account.apps, func(one *dashboardApp) bool { return one.id == c.pathID("id") })
		if app == nil {
			return
		}
		changed := *app
		if !c.fillApp(&changed) {
			reply = invalid("Content : Invalid data", "content")
			return
		}
		*app, reply = changed, ok(viewApp(&changed))
	})
	return reply
}

// fillApp copies title and content; false when the content is not all frames
// with web addresses.
func (c *call) fillApp(app *dashboardApp) bool {
	c.unwrap("dashboard_app")
	if c.has("title") {
		app.title = c.text("title")
	}
	if !c.has("content") {
		return len(app.frames) > 0
	}
	content, _ := c.body["content"].([]any)
	app.frames = nil
	for _, one := range content {
		frame, _ := one.(map[string]any)
		address := asText(frame["url"])
		if asText(frame["type"]) != "frame" || !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
			return false
		}
		app.frames = append(app.frames, address)
	}
	return len(app.frames) > 0
}

func (c *call) deleteDashboardApp() answer {
	reply := notFound()
	c.write(func(*tx) {
		kept := without(c.account.apps, func(app *dashboardApp) bool { return app.id == c.pathID("id") })
		if len(kept) < len(c.account.apps) {
			c.account.apps, reply = kept, noContent()
		}
	})
	return reply
}
