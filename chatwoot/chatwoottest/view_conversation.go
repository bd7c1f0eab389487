package chatwoottest

import "time"

// conversationView is C1, as REST shows a conversation.
type conversationView struct {
	Meta                   conversationMeta `json:"meta"`
	ID                     int64            `json:"id"`
	Messages               []*messagePush   `json:"messages"`
	AccountID              int64            `json:"account_id"`
	UUID                   string           `json:"uuid"`
	AdditionalAttributes   map[string]any   `json:"additional_attributes"`
	AgentLastSeenAt        int64            `json:"agent_last_seen_at"`
	AssigneeLastSeenAt     int64            `json:"assignee_last_seen_at"`
	CanReply               bool             `json:"can_reply"`
	ContactLastSeenAt      int64            `json:"contact_last_seen_at"`
	CustomAttributes       map[string]any   `json:"custom_attributes"`
	InboxID                int64            `json:"inbox_id"`
	Labels                 []string         `json:"labels"`
	Muted                  bool             `json:"muted"`
	SnoozedUntil           *string          `json:"snoozed_until"`
	Status                 string           `json:"status"`
	CreatedAt              int64            `json:"created_at"`
	UpdatedAt              preciseTime      `json:"updated_at,omitempty"`
	Timestamp              int64            `json:"timestamp"`
	FirstReplyCreatedAt    int64            `json:"first_reply_created_at"`
	UnreadCount            int              `json:"unread_count"`
	LastNonActivityMessage *messagePush     `json:"last_non_activity_message"`
	LastActivityAt         int64            `json:"last_activity_at"`
	Priority               *string          `json:"priority"`
	WaitingSince           int64            `json:"waiting_since"`
	SLAPolicyID            *int64           `json:"sla_policy_id"`
}

// conversationMeta leaves out what is unset, where the push says null.
type conversationMeta struct {
	Sender       contactView `json:"sender"`
	Channel      string      `json:"channel"`
	Assignee     any         `json:"assignee,omitempty"`
	AssigneeType string      `json:"assignee_type,omitempty"`
	Team         *teamView   `json:"team,omitempty"`
	HMACVerified bool        `json:"hmac_verified"`
}

func (s *Server) viewConversation(a *account, c *conversation, viewer int64) conversationView {
	v := conversationView{
		Meta: s.viewMeta(a, c, viewer), ID: c.id, Messages: []*messagePush{}, AccountID: a.id, UUID: c.uuid,
		AdditionalAttributes: c.additional, AgentLastSeenAt: unix(c.agentLastSeenAt), AssigneeLastSeenAt: unix(c.assigneeLastSeen),
		CanReply: s.canReply(c), ContactLastSeenAt: unix(c.contactLastSeenAt), CustomAttributes: c.custom, InboxID: c.inbox.id,
		Labels: c.labels, Muted: c.contact.blocked, SnoozedUntil: isoPointer(c.snoozedUntil), Status: c.status,
		CreatedAt: unix(c.createdAt), Timestamp: unix(c.lastActivityAt), FirstReplyCreatedAt: unix(c.firstReplyAt),
		UnreadCount: unreadCount(c), LastActivityAt: unix(c.lastActivityAt), Priority: textPointer(c.priority),
		WaitingSince: unix(c.waitingSince),
	}
	if s.since(sinceUpdatedAt) {
		v.UpdatedAt = precise(c.updatedAt)
	}
	if n := len(c.messages); n > 0 {
		v.Messages = append(v.Messages, s.pushMessage(a, c, c.messages[n-1], false))
	}
	spoken := lastMessage(c, func(m *message) bool { return m.kind != activity })
	v.LastNonActivityMessage = s.pushMessage(a, c, spoken, false)
	return v
}

func (s *Server) viewMeta(a *account, c *conversation, viewer int64) conversationMeta {
	meta := conversationMeta{Sender: viewContact(c.contact), Channel: c.inbox.channelType}
	if u := s.users[c.assigneeID]; u != nil && a.user(u.id) {
		meta.Assignee, meta.AssigneeType = viewAgent(a, u), "User"
	} else if b := a.bot(c.botID); b != nil {
		meta.Assignee, meta.AssigneeType = viewBot(b), "AgentBot"
	}
	if t := a.team(c.teamID); t != nil {
		view := viewTeam(a, t, viewer)
		meta.Team = &view
	}
	return meta
}

// conversationPush is C2, as webhooks carry it.
type conversationPush struct {
	AdditionalAttributes map[string]any   `json:"additional_attributes"`
	CanReply             bool             `json:"can_reply"`
	Channel              string           `json:"channel"`
	ContactInbox         contactInboxPush `json:"contact_inbox"`
	ID                   int64            `json:"id"`
	InboxID              int64            `json:"inbox_id"`
	Messages             []*messagePush   `json:"messages"`
	Labels               []string         `json:"labels"`
	Meta                 pushMeta         `json:"meta"`
	Status               string           `json:"status"`
	CustomAttributes     map[string]any   `json:"custom_attributes"`
	SnoozedUntil         *string          `json:"snoozed_until"`
	UnreadCount          int              `json:"unread_count"`
	FirstReplyCreatedAt  *string          `json:"first_reply_created_at"`
	Priority             *string          `json:"priority"`
	WaitingSince         int64            `json:"waiting_since"`
	AgentLastSeenAt      int64            `json:"agent_last_seen_at"`
	ContactLastSeenAt    int64            `json:"contact_last_seen_at"`
	LastActivityAt       int64            `json:"last_activity_at"`
	Timestamp            int64            `json:"timestamp"`
	CreatedAt            int64            `json:"created_at"`
	UpdatedAt            preciseTime      `json:"updated_at,omitempty"`
	Account              *nameView        `json:"account,omitempty"`
}

type pushMeta struct {
	Sender       contactPush `json:"sender"`
	Assignee     any         `json:"assignee"`
	AssigneeType *string     `json:"assignee_type"`
	Team         *nameView   `json:"team"`
	HMACVerified bool        `json:"hmac_verified"`
}

type contactInboxPush struct {
	ID           int64  `json:"id"`
	ContactID    int64  `json:"contact_id"`
	InboxID      int64  `json:"inbox_id"`
	SourceID     string `json:"source_id"`
	CreatedAt    string `json:"created_at"`
	UpdatedAt    string `json:"updated_at"`
	HMACVerified bool   `json:"hmac_verified"`
	PubsubToken  string `json:"pubsub_token"`
}

func (s *Server) pushConversation(a *account, c *conversation) conversationPush {
	ci := c.contactInbox
	p := conversationPush{
		AdditionalAttributes: c.additional, CanReply: s.canReply(c), Channel: c.inbox.channelType,
		ContactInbox: contactInboxPush{
			ID: ci.id, ContactID: ci.contactID, InboxID: ci.inbox.id, SourceID: ci.sourceID, CreatedAt: isoTime(ci.createdAt),
			UpdatedAt: isoTime(ci.createdAt), PubsubToken: ci.pubsub,
		},
		ID: c.id, InboxID: c.inbox.id, Messages: []*messagePush{}, Labels: c.labels, Meta: s.pushMetaOf(a, c), Status: c.status,
		CustomAttributes: c.custom, SnoozedUntil: isoPointer(c.snoozedUntil), UnreadCount: unreadCount(c),
		FirstReplyCreatedAt: isoPointer(c.firstReplyAt), Priority: textPointer(c.priority), WaitingSince: unix(c.waitingSince),
		AgentLastSeenAt: unix(c.agentLastSeenAt), ContactLastSeenAt: unix(c.contactLastSeenAt),
		LastActivityAt: unix(c.lastActivityAt), Timestamp: unix(c.lastActivityAt), CreatedAt: unix(c.createdAt),
	}
	if s.since(sinceUpdatedAt) {
		p.UpdatedAt = precise(c.updatedAt)
	}
	if s.since(sinceAccountInHook) {
		p.Account = &nameView{a.id, a.name}
	}
	public := lastMessage(c, func(m *message) bool { return m.kind != activity && !m.private })
	if public != nil {
		p.Messages = append(p.Messages, s.pushMessage(a, c, public, true))
	}
	return p
}

func (s *Server) pushMetaOf(a *account, c *conversation) pushMeta {
	meta := pushMeta{Sender: pushContact(c.contact)}
	if u := s.users[c.assigneeID]; u != nil {
		kind := "User"
		meta.Assignee, meta.AssigneeType = pushUser(u, true), &kind
	} else if b := a.bot(c.botID); b != nil {
		kind := "AgentBot"
		meta.Assignee, meta.AssigneeType = botPush{ID: b.id, Name: b.name, Type: "agent_bot"}, &kind
	}
	if t := a.team(c.teamID); t != nil {
		meta.Team = &nameView{t.id, t.name}
	}
	return meta
}

// whatsappWindow is how long after the customer's last word WhatsApp lets a
// business answer freely.
const whatsappWindow = 24 * time.Hour

func (s *Server) canReply(c *conversation) bool {
	if c.inbox.channelType != "Channel::Whatsapp" {
		return true
	}
	last := lastMessage(c, func(m *message) bool { return m.kind == incoming })
	return last != nil && s.now().Sub(last.createdAt) < whatsappWindow
}

func isoPointer(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := isoTime(t)
	return &text
}

func textPointer(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
