package chatwoot

import (
	"context"
	"time"
)

// NewConversation is a conversation to be created (CONTRACT 5.5). Labels cannot be set on creation.
type NewConversation struct {
	InboxID              int64          `json:"inbox_id,omitempty"`
	ContactID            int64          `json:"contact_id,omitempty"`
	SourceID             string         `json:"source_id,omitempty"`
	Status               string         `json:"status,omitempty"`
	AssigneeID           int64          `json:"assignee_id,omitempty"`
	TeamID               int64          `json:"team_id,omitempty"`
	CustomAttributes     map[string]any `json:"custom_attributes,omitempty"`
	AdditionalAttributes map[string]any `json:"additional_attributes,omitempty"`
	Message              *FirstMessage  `json:"message,omitempty"`
}

// FirstMessage is the text that a new conversation begins with.
type FirstMessage struct {
	Content        string         `json:"content"`
	TemplateParams map[string]any `json:"template_params,omitempty"`
}

// CreateConversation creates a conversation: POST …/conversations. An inbox that keeps one conversation a contact answers with the
// one there is. It is not repeated when its outcome is unknown.
func (c *Client) CreateConversation(ctx context.Context, n NewConversation) (Conversation, error) {
	return entry[Conversation](ctx, c.post(n, "conversations").large())
}

// StatusChange is what a change of status led to.
type StatusChange struct {
	Status       string `json:"current_status"`
	SnoozedUntil Time   `json:"snoozed_until"`
}

// ToggleStatus sets the status; snoozedUntil counts for snoozed only, zero there meaning until the next reply:
// POST …/conversations/{id}/toggle_status (CONTRACT 5.6). Opening one with an agent's token assigns it to that agent.
func (c *Client) ToggleStatus(ctx context.Context, id int64, status string, snoozedUntil time.Time) (StatusChange, error) {
	body := map[string]any{"status": status}
	if !snoozedUntil.IsZero() {
		body["snoozed_until"] = snoozedUntil.Unix()
	}
	var w struct {
		Payload StatusChange `json:"payload"`
	}
	err := c.post(body, "conversations", id, "toggle_status").repeat().into(ctx, &w)
	return w.Payload, err
}

// SetPriority sets low, medium, high or urgent, or none when empty: POST …/conversations/{id}/toggle_priority.
func (c *Client) SetPriority(ctx context.Context, id int64, priority string) error {
	body := map[string]any{"priority": nil}
	if priority != "" {
		body["priority"] = priority
	}
	return c.post(body, "conversations", id, "toggle_priority").repeat().done(ctx)
}

// Assign gives the conversation to an agent, to nobody when 0, and returns who holds it now, nil for nobody:
// POST …/conversations/{id}/assignments. Chatwoot unassigns silently when the agent is unknown.
func (c *Client) Assign(ctx context.Context, id, agent int64) (*Agent, error) {
	k := c.post(map[string]int64{"assignee_id": agent}, "conversations", id, "assignments").repeat()
	a, err := k.do(ctx)
	if err != nil {
		return nil, err
	}
	var holder Agent
	if unmarshal(a.body, &holder) != nil {
		return nil, k.unexpected(a)
	}
	if !holder.usable() {
		return nil, nil //nolint:nilnil // nobody holds it, which is no error
	}
	return &holder, nil
}

// AssignTeam gives the conversation to a team, to none when 0: POST …/conversations/{id}/assignments. An assignee who is not in the
// team is dropped, and another may be chosen.
func (c *Client) AssignTeam(ctx context.Context, id, team int64) error {
	return c.post(map[string]int64{"team_id": team}, "conversations", id, "assignments").repeat().done(ctx)
}

// SetCustomAttributes replaces the whole map: POST …/conversations/{id}/custom_attributes. Read, merge and write all of it.
func (c *Client) SetCustomAttributes(ctx context.Context, id int64, attributes map[string]any) (Attributes, error) {
	if attributes == nil {
		attributes = map[string]any{} // a missing map is a 500
	}
	var w struct {
		CustomAttributes Attributes `json:"custom_attributes"`
	}
	body := map[string]any{"custom_attributes": attributes}
	err := c.post(body, "conversations", id, "custom_attributes").repeat().into(ctx, &w)
	return w.CustomAttributes, err
}

// UpdateLastSeen marks the conversation as read by agents: POST …/conversations/{id}/update_last_seen. No event follows.
func (c *Client) UpdateLastSeen(ctx context.Context, id int64) (Conversation, error) {
	return entry[Conversation](ctx, c.post(struct{}{}, "conversations", id, "update_last_seen").repeat().large())
}

// MarkUnread marks the conversation as unread: POST …/conversations/{id}/unread.
func (c *Client) MarkUnread(ctx context.Context, id int64) (Conversation, error) {
	return entry[Conversation](ctx, c.post(struct{}{}, "conversations", id, "unread").repeat().large())
}
