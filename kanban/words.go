package kanban

import (
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// This file turns Chatwoot's words into ours.

// SnapshotOf reads a conversation of Chatwoot's as news for the cache.
func SnapshotOf(account AccountID, c chatwoot.Conversation, source Source, at time.Time, read bool) Snapshot {
	s := Snapshot{Source: source, At: at, Read: read, Conversation: Conversation{
		Account:        account,
		ID:             ConversationID(c.ID),
		UUID:           c.UUID,
		Version:        versionOf(c),
		InboxID:        InboxID(c.InboxID),
		Channel:        c.Channel,
		Status:         Status(c.Status),
		Priority:       Priority(c.Priority),
		Contact:        contactOf(c.Contact),
		Labels:         c.Labels,
		UnreadCount:    c.UnreadCount,
		CanReply:       c.CanReply,
		Attributes:     c.CustomAttributes.String(),
		CreatedAt:      c.CreatedAt.Time,
		LastActivityAt: c.LastActivityAt.Time,
		WaitingSince:   c.WaitingSince.Time,
		SnoozedUntil:   c.SnoozedUntil.Time,
	}}
	if c.Assignee != nil {
		s.AssigneeName = c.Assignee.Name
		if c.AssigneeType == "" || c.AssigneeType == "User" { // bots and whatever comes later are no people (CONTRACT 4, C1)
			s.AssigneeID = AgentID(c.Assignee.ID)
		}
	}
	if c.Team != nil {
		s.TeamID = TeamID(c.Team.ID)
	}
	s.lastMessage(c)
	return s
}

// versionOf falls back to the last activity where Chatwoot, before 4.0.2, tells no updated_at (CONTRACT 16).
func versionOf(c chatwoot.Conversation) int64 {
	if c.UpdatedAt != 0 {
		return int64(c.UpdatedAt)
	}
	if c.LastActivityAt.IsZero() {
		return 0
	}
	return c.LastActivityAt.UnixMicro()
}

func contactOf(c chatwoot.Contact) Contact {
	return Contact{
		ID: ContactID(c.ID), Name: c.Name, Email: c.Email, Phone: c.PhoneNumber, ThumbnailURL: c.Thumbnail, Company: c.Company(), Attributes: attributesOf(c),
	}
}

// lastMessage takes the newest line that is no activity among what the answer carries.
func (s *Snapshot) lastMessage(c chatwoot.Conversation) {
	s.KeepMessage = true
	if c.LastNonActivityMessage != nil {
		s.hear(*c.LastNonActivityMessage)
	}
	for _, m := range c.Messages {
		s.hear(m)
	}
}

// hear takes a message as the last one if it is newer than what the snapshot has.
func (s *Snapshot) hear(m chatwoot.Message) {
	msg := messageOf(m)
	if msg.Kind == MessageNone || msg.ID < s.LastMessage.ID {
		return
	}
	s.LastMessage, s.KeepMessage = msg, false
	if msg.Kind == MessageIncoming && msg.At.After(s.LastIncomingAt) {
		s.LastIncomingAt = msg.At
	}
}

// textLimit is how much of a message a card keeps, in bytes: a line, not the conversation (DESIGN 4).
const textLimit = 280

func messageOf(m chatwoot.Message) Message {
	at := m.CreatedAt.Truncate(time.Second) // a webhook tells milliseconds where a read tells seconds: that is no difference
	msg := Message{ID: m.ID, Text: clip(m.Content, textLimit), At: at, Kind: kindOf(m)}
	if m.Sender != nil {
		msg.Sender = m.Sender.Name
	}
	if len(m.Attachments) > 0 {
		msg.Attachment = m.Attachments[0].FileType
	}
	return msg
}

func kindOf(m chatwoot.Message) MessageKind {
	switch {
	case m.MessageType == chatwoot.Activity:
		return MessageNone
	case m.Private:
		return MessageNote
	case m.MessageType == chatwoot.Incoming:
		return MessageIncoming
	case m.MessageType == chatwoot.Template:
		return MessageTemplate
	default:
		return MessageOutgoing
	}
}

// clip shortens a text to at most limit bytes without cutting a character.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && text[limit]&0xC0 == 0x80 {
		limit--
	}
	return text[:limit]
}

func labelsOf(labels []chatwoot.Label) []Label {
	out := make([]Label, 0, len(labels))
	for _, l := range labels {
		out = append(out, Label{ID: LabelID(l.ID), Title: l.Title, Color: l.Color, Description: l.Description})
	}
	return out
}

func inboxesOf(inboxes []chatwoot.Inbox) []Inbox {
	out := make([]Inbox, 0, len(inboxes))
	for _, i := range inboxes {
		out = append(out, Inbox{ID: InboxID(i.ID), Name: i.Name, Channel: i.ChannelType})
	}
	return out
}

func agentsOf(agents []chatwoot.Agent) []Agent {
	out := make([]Agent, 0, len(agents))
	for _, a := range agents {
		out = append(out, Agent{ID: AgentID(a.ID), Name: a.Name, AvatarURL: a.Thumbnail, Role: Role(a.Role)})
	}
	return out
}

func teamsOf(teams []chatwoot.Team) []Team {
	out := make([]Team, 0, len(teams))
	for _, t := range teams {
		out = append(out, Team{ID: TeamID(t.ID), Name: t.Name})
	}
	return out
}

func definitionsOf(defs []chatwoot.AttributeDefinition) []AttributeDefinition {
	out := make([]AttributeDefinition, 0, len(defs))
	for _, d := range defs {
		out = append(out, AttributeDefinition{Key: d.Key, Name: d.Name, Type: string(d.Type), Values: d.Values, Pattern: d.Pattern, Cue: d.Cue})
	}
	return out
}

// attributesLimit bounds what is kept of a contact's attributes with each of its conversations, in bytes.
const attributesLimit = 16 << 10

func attributesOf(c chatwoot.Contact) string {
	if text := c.CustomAttributes.String(); text != "{}" && len(text) <= attributesLimit {
		return text
	}
	return ""
}
