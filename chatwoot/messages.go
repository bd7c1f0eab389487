package chatwoot

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

// MessagesOptions choose messages by id (CONTRACT 8.1): the newest 20 without any, 20 older than Before, up to 100 newer than After,
// up to 1000 between both.
type MessagesOptions struct {
	Before int64
	After  int64
}

// MessagePage is a stretch of a conversation, oldest first.
type MessagePage struct {
	Messages []Message
	Labels   []string
	Contact  Contact
	Assignee *Agent
}

// Messages returns messages of a conversation: GET …/conversations/{id}/messages.
func (c *Client) Messages(ctx context.Context, id int64, o MessagesOptions) (MessagePage, error) {
	q := url.Values{}
	if o.Before > 0 {
		q.Set("before", strconv.FormatInt(o.Before, 10))
	}
	if o.After > 0 {
		q.Set("after", strconv.FormatInt(o.After, 10))
	}
	var w struct {
		Meta struct {
			Labels   titles  `json:"labels"`
			Contact  Contact `json:"contact"`
			Assignee Agent   `json:"assignee"`
		} `json:"meta"`
		Payload []Message `json:"payload"`
	}
	k := c.get(q, "conversations", id, "messages").large()
	if err := k.into(ctx, &w); err != nil {
		return MessagePage{}, err
	}
	if w.Payload == nil {
		return MessagePage{}, k.fail(KindNotChatwoot)
	}
	messages, skipped := usableOf(w.Payload)
	k.noteSkipped(skipped)
	p := MessagePage{Messages: messages, Labels: w.Meta.Labels, Contact: w.Meta.Contact}
	if w.Meta.Assignee.usable() {
		p.Assignee = &w.Meta.Assignee
	}
	return p, nil
}

// NewMessage is a message to be written (CONTRACT 8.2). Its author is the token's owner.
type NewMessage struct {
	Content string
	// Private makes it a note that the customer never sees.
	Private bool
	// MessageType is Outgoing unless set; Incoming works in API inboxes only.
	MessageType       MessageType
	ContentType       string // text unless set
	ContentAttributes map[string]any
	EchoID            string // comes back in the answer, so that the writer knows its own; Chatwoot does not deduplicate by it
	TemplateParams    map[string]any
	Attachments       []File // 15 at most
}

// File is a file to be sent with a message.
type File struct {
	Name        string
	ContentType string // guessed by Chatwoot when empty
	Content     []byte
}

// CreateMessage writes a message: POST …/conversations/{id}/messages. It is not repeated when its outcome is unknown: look for it
// among the messages first.
func (c *Client) CreateMessage(ctx context.Context, id int64, m NewMessage) (Message, error) {
	if len(m.Attachments) == 0 {
		return entry[Message](ctx, c.post(m.fields(), "conversations", id, "messages").large())
	}
	k := c.call("POST", c.accountPath("conversations", id, "messages")).large()
	k.body, k.contentType, k.broken = m.form()
	return entry[Message](ctx, k)
}

func (m NewMessage) fields() map[string]any {
	f := map[string]any{"content": m.Content}
	if m.Private {
		f["private"] = true
	}
	if m.MessageType != UnknownMessage {
		f["message_type"] = m.MessageType.String()
	}
	if m.ContentType != "" {
		f["content_type"] = m.ContentType
	}
	if m.ContentAttributes != nil {
		f["content_attributes"] = m.ContentAttributes
	}
	if m.EchoID != "" {
		f["echo_id"] = m.EchoID
	}
	if m.TemplateParams != nil {
		f["template_params"] = m.TemplateParams
	}
	return f
}

// form encodes the message with its files; what is neither text nor file travels as JSON text.
func (m NewMessage) form() (body []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, value := range m.fields() {
		text, ok := value.(string)
		if !ok {
			raw, err := json.Marshal(value)
			if err != nil {
				return nil, "", err
			}
			text = string(raw)
		}
		if err := w.WriteField(key, text); err != nil {
			return nil, "", err
		}
	}
	for _, f := range m.Attachments {
		part, err := w.CreatePart(f.header())
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(f.Content); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

func (f File) header() textproto.MIMEHeader {
	clean := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ").Replace(f.Name)
	contentType := strings.NewReplacer("\r", "", "\n", "").Replace(f.ContentType)
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	return textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="attachments[]"; filename="` + clean + `"`},
		"Content-Type":        {contentType},
	}
}
