package chatwoottest

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// change is one line of changed_attributes.
type change struct {
	attribute     string
	before, after any
}

// save is ActiveRecord's save of a conversation: what changed moves updated_at,
// becomes events, and leaves activity lines in the name of who did it. A save
// that changes nothing does nothing.
func (t *tx) save(a *account, c *conversation, by actor, cause string, mutate func()) {
	t.saveLoaded(a, c, *c, by, cause, mutate)
}

// saveLoaded saves what was loaded before, so that others may have saved
// meanwhile: before is what the writer believes to change.
func (t *tx) saveLoaded(a *account, c *conversation, before conversation, by actor, cause string, mutate func()) {
	stored := *c
	var changes []change
	touched := false
	a.conversations.change(c, func() {
		mutate()
		changes = changesBetween(&before, c)
		touched = len(changes) > 0 || !slices.Equal(before.labels, c.labels)
		if touched {
			c.updatedAt = t.stamp()
		}
	})
	if !touched {
		return
	}
	t.watchers.notify(c.id)
	if len(changes) == 0 { // the same labels in another order: written, not told
		return
	}
	if t.created == c {
		t.created, changes = nil, append(changes, change{"display_id", nil, c.id})
	}
	changes = append(changes, change{"updated_at", isoTime(before.updatedAt), isoTime(c.updatedAt)})
	t.recordLabels(c, &stored, &before, by, cause)
	if before.status != c.status {
		t.emit(a, event{name: "conversation_status_changed", conversation: c})
	}
	t.emit(a, event{name: "conversation_updated", conversation: c, changes: changes, changed: true})
	for _, line := range activityLines(a, &before, c, by, t.users) {
		t.later(func(t *tx) { t.addActivity(a, c, line) })
	}
}

// changesBetween lists what a webhook tells of (Conversation#list_of_keys).
func changesBetween(before, after *conversation) []change {
	var changes []change
	add := func(attribute string, was, is any) {
		if !reflect.DeepEqual(was, is) {
			changes = append(changes, change{attribute, was, is})
		}
	}
	add("status", before.status, after.status)
	add("assignee_id", idOrNil(before.assigneeID), idOrNil(after.assigneeID))
	add("assignee_agent_bot_id", idOrNil(before.botID), idOrNil(after.botID))
	add("team_id", idOrNil(before.teamID), idOrNil(after.teamID))
	add("priority", textOrNil(before.priority), textOrNil(after.priority))
	add("custom_attributes", before.custom, after.custom)
	add("snoozed_until", timeOrNil(before.snoozedUntil), timeOrNil(after.snoozedUntil))
	add("first_reply_created_at", timeOrNil(before.firstReplyAt), timeOrNil(after.firstReplyAt))
	add("waiting_since", timeOrNil(before.waitingSince), timeOrNil(after.waitingSince))
	retagged := !sameTags(before.labels, after.labels)
	if retagged || before.labelsCached != after.labelsCached {
		add("cached_label_list", cachedLabels(before), cachedLabels(after))
	}
	if retagged {
		add("label_list", before.labels, after.labels)
	}
	return changes
}

func cachedLabels(c *conversation) any {
	if !c.labelsCached {
		return nil
	}
	return strings.Join(c.labels, ", ")
}

// event is something webhooks are told about. Its payload is built when the
// job runs, from the state of that moment (CONTRACT 11.3).
type event struct {
	name         string
	conversation *conversation
	message      *message
	contact      *contact
	changes      []change
	changed      bool // whether changed_attributes is a list rather than null
}

// emit queues one delivery for each webhook that subscribes to the event.
func (t *tx) emit(a *account, e event) {
	t.castEvent(a, e)
	for _, hook := range a.webhooks {
		if slices.Contains(hook.subscriptions, e.name) {
			hook := hook
			t.after = append(t.after, func() {
				t.deliveries.add(t.opts.WebhookDelay, func() { t.deliver(a, hook, e) })
			})
		}
	}
}

// LabelWrite is one effective write of a conversation's labels.
type LabelWrite struct {
	Conversation  int64
	At            time.Time
	By            string // name of who did it, empty for automation
	ByID          int64  // user id, 0 for others
	Cause         string // labels (API), bulk, rename, delete, automation
	Before, After []string
	// Loaded is what the writer took for Before: something older where two
	// overlapped (SaveTime).
	Loaded []string
}

// recordLabels files what was stored before and what the writer had loaded.
func (t *tx) recordLabels(c, before, loaded *conversation, by actor, cause string) {
	if sameTags(before.labels, c.labels) {
		return
	}
	write := LabelWrite{Conversation: c.id, At: t.lastStamp, By: by.name, Cause: cause, Before: before.labels, After: c.labels, Loaded: loaded.labels}
	if by.kind == "user" {
		write.ByID = by.id
	}
	c.history = append(c.history, write)
}

// setLabels replaces the labels of a conversation, as parsed.
func (t *tx) setLabels(a *account, c *conversation, by actor, cause string, raw []string) {
	t.replaceLabels(a, c, c, by, cause, raw)
}

// replaceLabels replaces the labels of a conversation that was loaded before.
// Whoever finds there what they want writes nothing.
func (t *tx) replaceLabels(a *account, c, loaded *conversation, by actor, cause string, raw []string) {
	tags := parseTags(raw)
	if slices.Equal(tags, loaded.labels) {
		return
	}
	before := *c
	before.labels, before.labelsCached, before.updatedAt = loaded.labels, loaded.labelsCached, loaded.updatedAt
	t.saveLoaded(a, c, before, by, cause, func() {
		c.labels = tags
		c.labelsCached = true
	})
}

// addActivity writes an activity line: it moves last_activity_at and
// updated_at and tells no webhook.
func (t *tx) addActivity(a *account, c *conversation, text string) {
	if c.deleted {
		return
	}
	now := t.stamp()
	m := &message{content: text, kind: activity, contentType: "text", createdAt: now, updatedAt: now}
	t.addMessage(a, c, m)
	t.cast(a, cast{name: "message.created", conversation: c, message: m})
}

// addMessage files a message and moves the conversation's clocks. The stamp of
// the conversation lies just after the message's, as it does in life.
func (t *tx) addMessage(a *account, c *conversation, m *message) {
	if m.id == 0 {
		m.id = t.id("message")
	}
	if m.status == "" {
		m.status = "sent"
	}
	a.conversations.change(c, func() {
		c.messages = append(c.messages, m)
		c.lastActivityAt = m.createdAt
		c.updatedAt = t.stamp()
	})
	t.watchers.notify(c.id)
}

func idOrNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func timeOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return isoTime(t)
}

// isoTime is Rails' as_json of a time: UTC with milliseconds.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
