package chatwoot

import (
	"context"
	"net/url"
	"strconv"
)

// Inbox is a channel (CONTRACT 10, 4 I2). The secrets that administrators get with it are not decoded.
type Inbox struct {
	ID                 int64  `json:"id"`
	Name               string `json:"name"`
	ChannelType        string `json:"channel_type"` // Channel::Whatsapp, …
	Provider           string `json:"provider"`
	AvatarURL          string `json:"avatar_url"`
	PhoneNumber        string `json:"phone_number"`
	Email              string `json:"email"`
	LockToSingle       bool   `json:"lock_to_single_conversation"`
	EnableAutoAssign   bool   `json:"enable_auto_assignment"`
	WorkingHours       bool   `json:"working_hours_enabled"`
	Timezone           string `json:"timezone"`
	CallbackWebhookURL string `json:"callback_webhook_url"`
	// Templates are the messages that WhatsApp approved for the inbox.
	Templates []MessageTemplate `json:"message_templates"`
}

// MessageTemplate is a message that WhatsApp lets a business send at any time, as Meta describes it.
type MessageTemplate struct {
	Name       string              `json:"name"`
	Status     string              `json:"status"` // APPROVED, PENDING, REJECTED, …
	Category   string              `json:"category"`
	Language   string              `json:"language"`
	Components []TemplateComponent `json:"components"`
}

// TemplateComponent is a part of a template.
type TemplateComponent struct {
	Type    string `json:"type"`   // HEADER, BODY, FOOTER, BUTTONS
	Format  string `json:"format"` // of a header: TEXT, IMAGE, …
	Text    string `json:"text"`   // with places: {{1}} or {{name}}
	Buttons []struct {
		Type string `json:"type"`
		Text string `json:"text"`
		URL  string `json:"url"`
	} `json:"buttons"`
}

func (i Inbox) usable() bool { return i.ID > 0 }

// Inboxes returns the inboxes the token's owner is a member of, all of them for an administrator: GET …/inboxes.
func (c *Client) Inboxes(ctx context.Context) ([]Inbox, error) {
	return entries[Inbox](ctx, c.get(nil, "inboxes").large())
}

// InboxMembers returns the agents of an inbox: GET …/inbox_members/{id}. An agent outside it is refused.
func (c *Client) InboxMembers(ctx context.Context, inbox int64) ([]Agent, error) {
	return entries[Agent](ctx, c.get(nil, "inbox_members", inbox).large())
}

// AssignableAgents returns who may be given conversations of all the inboxes, administrators included: GET …/assignable_agents.
func (c *Client) AssignableAgents(ctx context.Context, inboxes ...int64) ([]Agent, error) {
	q := url.Values{}
	for _, id := range inboxes {
		q.Add("inbox_ids[]", strconv.FormatInt(id, 10))
	}
	return entries[Agent](ctx, c.get(q, "assignable_agents").large())
}
