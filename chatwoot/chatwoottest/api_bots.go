package chatwoottest

// createBot is POST agent_bots.
func (c *call) createBot() answer {
	var reply answer
	c.write(func(t *tx) {
		b := t.newBot(c.account, c.text("name"))
		reply = ok(map[string]any{
			"id": b.id, "name": b.name, "description": nil, "thumbnail": "", "outgoing_url": c.text("outgoing_url"), "bot_type": "webhook",
			"bot_config": struct{}{}, "account_id": c.account.id, "access_token": b.token, "secret": t.secrets.token(), "system_bot": false,
		})
	})
	return reply
}

func (t *tx) newBot(a *account, name string) *bot {
	b := &bot{id: t.id("bot"), name: name, token: t.secrets.token()}
	a.bots = append(a.bots, b)
	t.tokens[b.token] = actor{kind: "bot", id: b.id, name: b.name}
	return b
}

// setAgentBot is POST inboxes/{id}/set_agent_bot: its new conversations begin pending.
func (c *call) setAgentBot() answer {
	reply := notFound()
	c.write(func(*tx) {
		if i := c.account.inbox(c.pathID("id")); i != nil {
			i.botID, reply = c.number("agent_bot"), done()
		}
	})
	return reply
}
