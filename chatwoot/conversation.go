package chatwoot

// Conversation is a conversation as REST (CONTRACT 4 C1), webhooks and the cable (11.3 C2) show it. Fields that a source does not
// send, or sends as something else than they should be, are zero.
type Conversation struct {
	ID        int64  // the display id, unique within the account
	UUID      string // REST only
	AccountID int64  // 0 in webhooks before 4.14.2
	InboxID   int64
	Channel   string // Channel::Whatsapp, …
	Status    string // open, pending, snoozed, resolved
	Priority  string // low, medium, high, urgent; empty when unset

	// Labels are the titles in the order Chatwoot keeps, which means nothing. nil: the source did not say; empty: there are none.
	Labels      []string
	CanReply    bool
	Muted       bool // REST only
	UnreadCount int  // counted up to 10

	CreatedAt          Time
	LastActivityAt     Time
	WaitingSince       Time // zero when nobody waits
	FirstReplyAt       Time
	SnoozedUntil       Time
	AgentLastSeenAt    Time
	AssigneeLastSeenAt Time // REST only
	ContactLastSeenAt  Time
	UpdatedAt          Micros // the version stamp

	Contact              Contact
	ContactInboxSourceID string // webhooks and cable only
	Assignee             *Agent // nil when unassigned
	AssigneeType         string // User, AgentBot, or a name not known yet; empty when unassigned
	Team                 *Team
	CustomAttributes     Attributes
	AdditionalAttributes Attributes

	// Messages holds the newest message at most: of any kind in REST, public and no activity in webhooks.
	Messages []Message
	// LastNonActivityMessage may be a private note. REST only.
	LastNonActivityMessage *Message
}

func (c Conversation) usable() bool { return c.ID > 0 }

// AssignedToHuman reports whether the assignee is a person, not a bot or an assistant.
func (c Conversation) AssignedToHuman() bool {
	return c.Assignee != nil && (c.AssigneeType == "" || c.AssigneeType == "User")
}

// wireConversation is the union of C1 and C2.
type wireConversation struct {
	ID        int64  `json:"id"`
	UUID      string `json:"uuid"`
	AccountID int64  `json:"account_id"`
	Account   struct {
		ID int64 `json:"id"`
	} `json:"account"`
	InboxID  int64  `json:"inbox_id"`
	Channel  string `json:"channel"`
	Status   string `json:"status"`
	Priority string `json:"priority"`
	Meta     struct {
		Sender       wireContact `json:"sender"`
		Channel      string      `json:"channel"`
		Assignee     wireAgent   `json:"assignee"`
		AssigneeType string      `json:"assignee_type"`
		Team         Team        `json:"team"`
	} `json:"meta"`
	ContactInbox struct {
		ContactID int64  `json:"contact_id"`
		SourceID  string `json:"source_id"`
	} `json:"contact_inbox"`
	Labels                 titles        `json:"labels"`
	CanReply               bool          `json:"can_reply"`
	Muted                  bool          `json:"muted"`
	UnreadCount            int           `json:"unread_count"`
	CreatedAt              Time          `json:"created_at"`
	LastActivityAt         Time          `json:"last_activity_at"`
	Timestamp              Time          `json:"timestamp"`
	WaitingSince           Time          `json:"waiting_since"`
	FirstReplyAt           Time          `json:"first_reply_created_at"`
	SnoozedUntil           Time          `json:"snoozed_until"`
	AgentLastSeenAt        Time          `json:"agent_last_seen_at"`
	AssigneeLastSeenAt     Time          `json:"assignee_last_seen_at"`
	ContactLastSeenAt      Time          `json:"contact_last_seen_at"`
	UpdatedAt              Micros        `json:"updated_at"`
	CustomAttributes       Attributes    `json:"custom_attributes"`
	AdditionalAttributes   Attributes    `json:"additional_attributes"`
	Messages               []wireMessage `json:"messages"`
	LastNonActivityMessage wireMessage   `json:"last_non_activity_message"`
}

// UnmarshalJSON reads C1 and C2 alike. It forgives wrong types, and fails on broken JSON only.
func (c *Conversation) UnmarshalJSON(b []byte) error {
	var w wireConversation
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*c = w.conversation()
	return nil
}

func (w *wireConversation) conversation() Conversation {
	c := Conversation{
		ID: w.ID, UUID: w.UUID, AccountID: w.AccountID, InboxID: w.InboxID, Channel: w.Channel,
		Status: w.Status, Priority: w.Priority, Labels: w.Labels, CanReply: w.CanReply, Muted: w.Muted,
		UnreadCount: w.UnreadCount, CreatedAt: w.CreatedAt, LastActivityAt: w.LastActivityAt, WaitingSince: w.WaitingSince,
		FirstReplyAt: w.FirstReplyAt, SnoozedUntil: w.SnoozedUntil, AgentLastSeenAt: w.AgentLastSeenAt,
		AssigneeLastSeenAt: w.AssigneeLastSeenAt, ContactLastSeenAt: w.ContactLastSeenAt, UpdatedAt: w.UpdatedAt,
		Contact: w.Meta.Sender.contact(), ContactInboxSourceID: w.ContactInbox.SourceID,
		CustomAttributes: w.CustomAttributes, AdditionalAttributes: w.AdditionalAttributes,
	}
	if c.AccountID == 0 {
		c.AccountID = w.Account.ID
	}
	if c.Channel == "" {
		c.Channel = w.Meta.Channel
	}
	if c.LastActivityAt.IsZero() {
		c.LastActivityAt = w.Timestamp // before 2.17
	}
	if c.Contact.ID == 0 {
		c.Contact.ID = w.ContactInbox.ContactID
	}
	if agent := w.Meta.Assignee.agent(); agent.usable() {
		c.Assignee, c.AssigneeType = &agent, w.Meta.AssigneeType
	}
	if team := w.Meta.Team; team.usable() {
		c.Team = &team
	}
	for i := range w.Messages {
		if m := w.Messages[i].message(); m.usable() {
			c.Messages = append(c.Messages, m)
		}
	}
	if m := w.LastNonActivityMessage.message(); m.usable() {
		c.LastNonActivityMessage = &m
	}
	return c
}
