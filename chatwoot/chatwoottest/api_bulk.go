package chatwoottest

import (
	"maps"
	"slices"
	"time"
)

// bulkActions is POST bulk_actions: a job changes many, removals before
// additions, two saves each (CONTRACT 5.9).
func (c *call) bulkActions() answer {
	if c.text("type") != "Conversation" && c.text("type") != "Contact" {
		return answer{status: 422, body: map[string]any{"success": false}}
	}
	ids, body := c.body["ids"], maps.Clone(c.body)
	list, _ := ids.([]any)
	c.write(func(t *tx) {
		for _, id := range list {
			t.later(func(t *tx) {
				v := c.account.conversations.byID[asNumber(id)]
				if v == nil || !c.visible(v) {
					return
				}
				c.bulkChange(t, v, body)
			})
		}
	})
	return done()
}

func (c *call) bulkChange(t *tx, v *conversation, body map[string]any) {
	labels, _ := body["labels"].(map[string]any)
	if remove := asList(labels["remove"]); len(remove) > 0 {
		t.setLabels(c.account, v, c.who, "bulk", tagsMissing(v.labels, remove))
	}
	if add := asList(labels["add"]); len(add) > 0 {
		t.setLabels(c.account, v, c.who, "bulk", append(slices.Clone(v.labels), add...))
	}
	fields, _ := body["fields"].(map[string]any)
	if status := asText(fields["status"]); slices.Contains(statuses, status) {
		t.setStatus(c.account, v, c.who, status, time.Time{})
	}
	if assignee, given := fields["assignee_id"]; given {
		id := asNumber(assignee)
		if !c.account.user(id) {
			id = 0
		}
		t.assign(c.account, v, c.who, id, 0)
	}
	if team, given := fields["team_id"]; given {
		t.assignTeam(c.account, v, c.who, c.account.team(asNumber(team)))
	}
}
