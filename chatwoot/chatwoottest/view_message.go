package chatwoottest

import (
	"slices"
)

// messageView is M1.
type messageView struct {
	ID                int64            `json:"id"`
	Content           string           `json:"content"`
	InboxID           int64            `json:"inbox_id"`
	EchoID            *string          `json:"echo_id,omitempty"`
	ConversationID    int64            `json:"conversation_id"`
	MessageType       int              `json:"message_type"`
	ContentType       string           `json:"content_type"`
	Status            string           `json:"status"`
	ContentAttributes map[string]any   `json:"content_attributes"`
	CreatedAt         int64            `json:"created_at"`
	Private           bool             `json:"private"`
	SourceID          *string          `json:"source_id"`
	Sender            any              `json:"sender,omitempty"`
	Attachments       []attachmentView `json:"attachments,omitempty"`
}

// messagePush is M2.
type messagePush struct {
	ID                      int64            `json:"id"`
	Content                 string           `json:"content"`
	AccountID               int64            `json:"account_id"`
	InboxID                 int64            `json:"inbox_id"`
	ConversationID          int64            `json:"conversation_id"`
	MessageType             int              `json:"message_type"`
	CreatedAt               int64            `json:"created_at"`
	UpdatedAt               string           `json:"updated_at"`
	Private                 bool             `json:"private"`
	Status                  string           `json:"status"`
	SourceID                *string          `json:"source_id"`
	ContentType             string           `json:"content_type"`
	ContentAttributes       map[string]any   `json:"content_attributes"`
	SenderType              *string          `json:"sender_type"`
	SenderID                *int64           `json:"sender_id"`
	ExternalSourceIDs       struct{}         `json:"external_source_ids"`
	AdditionalAttributes    struct{}         `json:"additional_attributes"`
	ProcessedMessageContent string           `json:"processed_message_content"`
	Sentiment               struct{}         `json:"sentiment"`
	Conversation            messageSituation `json:"conversation"`
	Attachments             []attachmentView `json:"attachments,omitempty"`
	Sender                  any              `json:"sender,omitempty"`
}

// messageSituation is what M2 says of its conversation.
type messageSituation struct {
	AssigneeID     *int64 `json:"assignee_id"`
	UnreadCount    int    `json:"unread_count"`
	LastActivityAt int64  `json:"last_activity_at"`
	ContactInbox   struct {
		SourceID string `json:"source_id"`
	} `json:"contact_inbox"`
}

// attachmentView is AT for a file.
type attachmentView struct {
	ID          int64  `json:"id"`
	MessageID   int64  `json:"message_id"`
	FileType    string `json:"file_type"`
	AccountID   int64  `json:"account_id"`
	Extension   string `json:"extension"`
	ContentType string `json:"content_type"`
	DataURL     string `json:"data_url"`
	ThumbURL    string `json:"thumb_url"`
	FileSize    int64  `json:"file_size"`
	Width       *int   `json:"width"`
	Height      *int   `json:"height"`
}

func (s *Server) viewMessage(a *account, c *conversation, m *message) messageView {
	return messageView{
		ID: m.id, Content: m.content, InboxID: c.inbox.id, ConversationID: c.id, MessageType: m.kind, ContentType: m.contentType,
		Status: m.status, ContentAttributes: orEmpty(m.attributes), CreatedAt: unix(m.createdAt), Private: m.private,
		SourceID: m.sourceID, Sender: s.pushSender(a, m.sender, false), Attachments: viewAttachments(a, m),
	}
}

func (s *Server) pushMessage(a *account, c *conversation, m *message, byWorker bool) *messagePush {
	if m == nil {
		return nil
	}
	p := &messagePush{
		ID: m.id, Content: m.content, AccountID: a.id, InboxID: c.inbox.id, ConversationID: c.id, MessageType: m.kind,
		CreatedAt: unix(m.createdAt), UpdatedAt: isoTime(m.updatedAt), Private: m.private, Status: m.status, SourceID: m.sourceID,
		ContentType: m.contentType, ContentAttributes: orEmpty(m.attributes), ProcessedMessageContent: m.content,
		Attachments: viewAttachments(a, m), Sender: s.pushSender(a, m.sender, byWorker),
	}
	if kind := senderTypes[m.sender.kind]; kind != "" {
		p.SenderType, p.SenderID = &kind, &m.sender.id
	}
	p.Conversation.AssigneeID = idPointer(c.assigneeID)
	p.Conversation.UnreadCount = unreadCount(c)
	p.Conversation.LastActivityAt = unix(c.lastActivityAt)
	p.Conversation.ContactInbox.SourceID = c.contactInbox.sourceID
	return p
}

var senderTypes = map[string]string{"contact": "Contact", "user": "User", "bot": "AgentBot"}

var messageTypes = [...]string{incoming: "incoming", outgoing: "outgoing", activity: "activity", templated: "template"}

// messageHook is M3.
type messageHook struct {
	Account              nameView         `json:"account"`
	AdditionalAttributes struct{}         `json:"additional_attributes"`
	ContentAttributes    map[string]any   `json:"content_attributes"`
	ContentType          string           `json:"content_type"`
	Content              string           `json:"content"`
	Conversation         conversationPush `json:"conversation"`
	CreatedAt            string           `json:"created_at"`
	ID                   int64            `json:"id"`
	Inbox                nameView         `json:"inbox"`
	MessageType          string           `json:"message_type"`
	Private              bool             `json:"private"`
	Sender               any              `json:"sender"`
	SourceID             *string          `json:"source_id"`
	Attachments          []attachmentView `json:"attachments,omitempty"`
	Event                string           `json:"event"`
}

func (s *Server) hookMessage(a *account, e event) messageHook {
	c, m := e.conversation, e.message
	if now := messageByID(c, m.id); now != nil {
		m = now
	}
	return messageHook{
		Account: nameView{a.id, a.name}, ContentAttributes: orEmpty(m.attributes), ContentType: m.contentType, Content: m.content,
		Conversation: s.pushConversation(a, c), CreatedAt: isoTime(m.createdAt), ID: m.id, Inbox: nameView{c.inbox.id, c.inbox.name},
		MessageType: messageTypes[m.kind], Private: m.private, Sender: s.hookSender(a, m.sender), SourceID: m.sourceID,
		Attachments: viewAttachments(a, m), Event: e.name,
	}
}

func viewAttachments(a *account, m *message) []attachmentView {
	var views []attachmentView
	for _, f := range m.attachments {
		address := blobPath(f)
		views = append(views, attachmentView{
			ID: f.id, MessageID: m.id, FileType: f.fileType, AccountID: a.id, Extension: extension(f.name), ContentType: f.mime,
			DataURL: address, ThumbURL: address, FileSize: f.size,
		})
	}
	return views
}

func messageByID(c *conversation, id int64) *message {
	return find(c.messages, func(m *message) bool { return m.id == id })
}

// unreadCount is incoming messages since an agent looked, capped at 10.
func unreadCount(c *conversation) int {
	unread := 0
	for i := len(c.messages) - 1; i >= 0 && unread < 10; i-- {
		m := c.messages[i]
		if !m.createdAt.After(c.agentLastSeenAt) {
			break
		}
		if m.kind == incoming {
			unread++
		}
	}
	return unread
}

// lastMessage is the newest that matches, or nil.
func lastMessage(c *conversation, match func(*message) bool) *message {
	for _, v := range slices.Backward(c.messages) {
		if match(v) {
			return v
		}
	}
	return nil
}

func idPointer(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
