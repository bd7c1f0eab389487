package chatwoottest

import (
	"cmp"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// messages is GET conversations/{id}/messages (CONTRACT 8.1).
func (c *call) messages() answer {
	return c.withConversation(func(v *conversation) answer {
		payload := []messageView{}
		for _, m := range pickMessages(v.messages, c.r.URL.Query()) {
			payload = append(payload, c.viewMessage(c.account, v, m))
		}
		meta := map[string]any{
			"labels": v.labels, "additional_attributes": v.additional, "contact": pushContact(v.contact),
			"agent_last_seen_at": isoPointer(v.agentLastSeenAt), "assignee_last_seen_at": isoPointer(v.assigneeLastSeen),
		}
		if u := c.users[v.assigneeID]; u != nil {
			meta["assignee"] = pushUser(u, false)
		}
		return ok(map[string]any{"meta": meta, "payload": payload})
	})
}

// pickMessages pages by id: 20 before, 100 after, 1000 between, 20 newest.
func pickMessages(all []*message, q url.Values) []*message {
	if q.Get("filter_internal_messages") == "true" {
		all = without(all, func(m *message) bool { return m.private || m.kind == activity })
	}
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64)
	switch {
	case before > 0 && after > 0:
		return first(without(all, func(m *message) bool { return m.id < after || m.id >= before }), 1000)
	case before > 0:
		return last(without(all, func(m *message) bool { return m.id >= before }), 20)
	case after > 0:
		return first(without(all, func(m *message) bool { return m.id <= after }), 100)
	}
	return last(all, 20)
}

func first(all []*message, n int) []*message { return all[:min(n, len(all))] }

func last(all []*message, n int) []*message { return all[max(0, len(all)-n):] }

// maxContent and messagesPerMinute are Chatwoot's limits (CONTRACT 3.1, 8.2).
const (
	maxContent        = 150_000
	messagesPerMinute = 200
)

// createMessage is POST conversations/{id}/messages.
func (c *call) createMessage() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		m := &message{
			content: c.text("content"), kind: outgoing, private: c.flag("private"), contentType: cmp.Or(c.text("content_type"), "text"),
			attributes: c.contentAttributes(), sourceID: c.optionalText("source_id"), sender: c.who, attachments: c.files(t),
			echoID: c.optionalText("echo_id"),
		}
		if c.text("message_type") == "incoming" {
			if v.inbox.channelType != "Channel::Api" {
				return unprocessable("Incoming messages are only allowed in Api inboxes")
			}
			m.kind, m.sender = incoming, actor{kind: "contact", id: v.contact.id, name: v.contact.name}
		}
		if problem := messageProblem(v, m, t.now); problem != "" {
			return unprocessable(problem)
		}
		t.say(c.account, v, m)
		view := c.viewMessage(c.account, v, m)
		view.EchoID = m.echoID
		return ok(view)
	})
}

func messageProblem(v *conversation, m *message, now time.Time) string {
	if len([]rune(m.content)) > maxContent {
		return "Validation failed: Content is too long (maximum is 150000 characters)"
	}
	recent := 0
	for i := len(v.messages) - 1; i >= 0 && now.Sub(v.messages[i].createdAt) < time.Minute; i-- {
		recent++
	}
	if recent >= messagesPerMinute {
		return "Validation failed: Too many messages"
	}
	return ""
}

func (c *call) contentAttributes() map[string]any {
	if text, isText := c.body["content_attributes"].(string); isText {
		var parsed map[string]any
		if json.Unmarshal([]byte(text), &parsed) == nil {
			return parsed
		}
	}
	return c.object("content_attributes")
}

func (c *call) files(t *tx) []attachment {
	if c.r.MultipartForm == nil {
		return nil
	}
	var files []attachment
	for _, header := range c.r.MultipartForm.File["attachments[]"] {
		kind := header.Header.Get("Content-Type")
		if kind == "" || kind == "application/octet-stream" {
			kind = cmp.Or(mime.TypeByExtension(path.Ext(header.Filename)), "application/octet-stream")
		}
		files = append(files, attachment{id: t.id("attachment"), name: header.Filename, mime: kind, size: header.Size, fileType: fileType(kind), content: contentOf(header)})
	}
	return files
}

func contentOf(header *multipart.FileHeader) []byte {
	f, err := header.Open()
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	content, _ := io.ReadAll(f)
	return content
}

func fileType(kind string) string {
	family, _, _ := strings.Cut(kind, "/")
	switch family {
	case "image", "audio", "video":
		return family
	}
	return "file"
}

func extension(name string) string { return strings.TrimPrefix(path.Ext(name), ".") }

// say adds a message and does what Chatwoot does about it: a customer's word
// reopens, starts the waiting and freshens the contact; an agent's public word
// ends it (CONTRACT 8.2, 11.2).
func (t *tx) say(a *account, v *conversation, m *message) {
	m.createdAt = t.stamp()
	m.updatedAt = m.createdAt
	m.contentType = cmp.Or(m.contentType, "text")
	t.addMessage(a, v, m)
	t.emit(a, event{name: "message_created", conversation: v, message: m})
	if m.kind == incoming {
		t.heardFrom(a, v, m)
		return
	}
	if m.private || m.kind != outgoing {
		return
	}
	t.save(a, v, m.sender, "", func() {
		if v.firstReplyAt.IsZero() && m.sender.kind == "user" {
			v.firstReplyAt = m.createdAt
			t.cast(a, cast{name: "first.reply.created", conversation: v, message: m})
		}
		if !v.firstReplyAt.IsZero() || m.sender.kind == "bot" {
			if !v.waitingSince.IsZero() {
				v.labelsCached = true // the save that ends the waiting has the label list loaded
			}
			v.waitingSince = time.Time{}
		}
	})
}

func (t *tx) heardFrom(a *account, v *conversation, m *message) {
	if v.status == "resolved" && !v.contact.blocked || v.status == "snoozed" {
		t.save(a, v, actor{kind: "contact"}, "", func() { v.status, v.snoozedUntil = "open", time.Time{} })
	}
	t.save(a, v, actor{}, "", func() {
		if v.waitingSince.IsZero() {
			v.waitingSince = m.createdAt
		}
	})
	t.saveContact(a, v.contact, func() { v.contact.lastActivityAt = m.createdAt })
}

// deleteMessage is DELETE …/messages/{message}: soft, and told as an update.
func (c *call) deleteMessage() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		m := messageByID(v, c.pathID("message"))
		if m == nil {
			return notFound()
		}
		gone := *m
		gone.content, gone.attributes, gone.attachments = c.account.say().deletedMessage, map[string]any{"deleted": true}, nil
		gone.updatedAt = t.stamp()
		t.replaceMessage(c.account, v, &gone)
		return ok(c.viewMessage(c.account, v, &gone))
	})
}

// updateMessage is PATCH …/messages/{message}: delivery status, API inboxes only.
func (c *call) updateMessage() answer {
	return c.changeConversation(func(t *tx, v *conversation) answer {
		m := messageByID(v, c.pathID("message"))
		if m == nil {
			return notFound()
		}
		if v.inbox.channelType != "Channel::Api" {
			return failure(http.StatusForbidden, "Message status update is only allowed for API inboxes")
		}
		changed := *m
		changed.status, changed.updatedAt = cmp.Or(c.text("status"), m.status), t.stamp()
		t.replaceMessage(c.account, v, &changed)
		return ok(c.viewMessage(c.account, v, &changed))
	})
}

func (t *tx) replaceMessage(a *account, v *conversation, m *message) {
	messages := make([]*message, len(v.messages))
	for i, old := range v.messages {
		messages[i] = old
		if old.id == m.id {
			messages[i] = m
		}
	}
	v.messages = messages
	t.emit(a, event{name: "message_updated", conversation: v, message: m})
	t.watchers.notify(v.id)
}

// attachments is GET conversations/{id}/attachments.
func (c *call) attachments() answer {
	return c.withConversation(func(v *conversation) answer {
		payload := []map[string]any{}
		for _, m := range v.messages {
			for _, view := range viewAttachments(c.account, m) {
				payload = append(payload, map[string]any{
					"id": view.ID, "message_id": view.MessageID, "thumb_url": view.ThumbURL, "data_url": view.DataURL, "file_size": view.FileSize,
					"file_type": view.FileType, "extension": view.Extension, "width": 1, "height": 1, "created_at": unix(m.createdAt),
					"sender": c.pushSender(c.account, m.sender, false),
				})
			}
		}
		return ok(map[string]any{"meta": map[string]int{"total_count": len(payload)}, "payload": payload})
	})
}

// typing is POST …/toggle_typing_status: heard, and forgotten.
func (c *call) typing() answer {
	return c.withConversation(func(*conversation) answer { return done() })
}

// participants is GET …/participants; nobody takes part in the simulation.
func (c *call) participants() answer {
	return c.withConversation(func(*conversation) answer { return ok([]agentView{}) })
}
