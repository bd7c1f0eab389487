package chatwoot

import "strings"

// MessageType says which way a message went.
type MessageType int

// The types of messages. The zero value is a type that could not be read.
const (
	UnknownMessage MessageType = iota
	Incoming                   // from the customer
	Outgoing                   // from an agent or a bot; a private note too
	Activity                   // a line that Chatwoot writes: "Ana added vip"
	Template                   // an automatic message, such as a greeting
)

var messageTypes = [...]string{"", "incoming", "outgoing", "activity", "template"}

// String returns Chatwoot's name of the type.
func (t MessageType) String() string {
	if t < 0 || int(t) >= len(messageTypes) {
		return ""
	}
	return messageTypes[t]
}

// UnmarshalJSON reads the number of REST and the cable as well as the name of webhooks (CONTRACT 4). It never fails.
func (t *MessageType) UnmarshalJSON(b []byte) error {
	*t = UnknownMessage
	s := strings.Trim(string(b), `"`)
	if len(s) == 1 && s[0] >= '0' && s[0] <= '3' {
		*t = MessageType(s[0]-'0') + Incoming
		return nil
	}
	for i, name := range messageTypes {
		if i > 0 && s == name {
			*t = MessageType(i)
		}
	}
	return nil
}

// Message is one line of a conversation in any of its three shapes (CONTRACT 4 M1, M2; 11.3 M3).
type Message struct {
	ID                int64
	Content           string
	AccountID         int64
	InboxID           int64
	ConversationID    int64 // the display id
	MessageType       MessageType
	ContentType       string // text, input_select, cards, …
	Status            string // sent, delivered, read, failed
	Private           bool
	CreatedAt         Time
	Sender            *Sender // nil when nobody wrote it (activity) or the source does not say
	Attachments       []Attachment
	ContentAttributes Attributes
	SourceID          string
	EchoID            string // in the answer to its creation only
}

// Sender is who wrote a message.
type Sender struct {
	ID        int64
	Name      string
	Type      string // user, contact, agent_bot
	AvatarURL string
}

// Attachment is a file, place or card of a message.
type Attachment struct {
	ID          int64  `json:"id"`
	FileType    string `json:"file_type"` // image, audio, video, file, location, …
	DataURL     string `json:"data_url"`  // redirects to the storage, without a login
	ThumbURL    string `json:"thumb_url"`
	Extension   string `json:"extension"`
	ContentType string `json:"content_type"`
	FileSize    int64  `json:"file_size"`
	Title       string `json:"fallback_title"`
	// Latitude and Longitude of a location.
	Latitude  float64 `json:"coordinates_lat"`
	Longitude float64 `json:"coordinates_long"`
}

func (m Message) usable() bool    { return m.ID > 0 }
func (a Attachment) usable() bool { return a.ID > 0 || a.FileType != "" }

type wireMessage struct {
	ID        int64  `json:"id"`
	Content   string `json:"content"`
	AccountID int64  `json:"account_id"`
	Account   struct {
		ID int64 `json:"id"`
	} `json:"account"`
	InboxID int64 `json:"inbox_id"`
	Inbox   struct {
		ID int64 `json:"id"`
	} `json:"inbox"`
	ConversationID int64 `json:"conversation_id"`
	Conversation   struct {
		ID int64 `json:"id"`
	} `json:"conversation"`
	MessageType MessageType `json:"message_type"`
	ContentType string      `json:"content_type"`
	Status      string      `json:"status"`
	Private     bool        `json:"private"`
	CreatedAt   Time        `json:"created_at"`
	SenderType  string      `json:"sender_type"`
	SenderID    int64       `json:"sender_id"`
	Sender      struct {
		ID        int64  `json:"id"`
		Name      string `json:"name"`
		Type      string `json:"type"`
		AvatarURL string `json:"avatar_url"`
		Avatar    string `json:"avatar"`
		Thumbnail string `json:"thumbnail"`
	} `json:"sender"`
	Attachments       []Attachment `json:"attachments"`
	ContentAttributes Attributes   `json:"content_attributes"`
	SourceID          string       `json:"source_id"`
	EchoID            string       `json:"echo_id"`
}

// UnmarshalJSON reads M1, M2 and M3 alike. It forgives wrong types, and fails on broken JSON only.
func (m *Message) UnmarshalJSON(b []byte) error {
	var w wireMessage
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*m = w.message()
	return nil
}

func (w *wireMessage) message() Message {
	return Message{
		ID: w.ID, Content: w.Content,
		AccountID: firstID(w.AccountID, w.Account.ID), InboxID: firstID(w.InboxID, w.Inbox.ID),
		ConversationID: firstID(w.ConversationID, w.Conversation.ID),
		MessageType:    w.MessageType, ContentType: w.ContentType, Status: w.Status, Private: w.Private,
		CreatedAt: w.CreatedAt, Sender: w.sender(), Attachments: kept(w.Attachments),
		ContentAttributes: w.ContentAttributes, SourceID: w.SourceID, EchoID: w.EchoID,
	}
}

func (w *wireMessage) sender() *Sender {
	s := Sender{ID: firstID(w.Sender.ID, w.SenderID), Name: w.Sender.Name, Type: w.Sender.Type}
	if s.ID == 0 {
		return nil
	}
	if s.Type == "" {
		s.Type = senderType(w.SenderType, w.MessageType)
	}
	s.AvatarURL = firstText(w.Sender.AvatarURL, w.Sender.Thumbnail, w.Sender.Avatar)
	return &s
}

// senderType fills in what webhooks leave out: a contact there has no type (CONTRACT 4 K3).
func senderType(class string, t MessageType) string {
	switch {
	case class == "AgentBot":
		return "agent_bot"
	case class != "":
		return strings.ToLower(class)
	case t == Incoming:
		return "contact"
	}
	return ""
}

func firstID(ids ...int64) int64 {
	for _, id := range ids {
		if id != 0 {
			return id
		}
	}
	return 0
}

func firstText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
