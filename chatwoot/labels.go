package chatwoot

import (
	"context"
	"encoding/json"
)

// ConversationLabels returns the titles on a conversation: GET …/conversations/{id}/labels (CONTRACT 6.1). It is strict, because what
// it returns is written back: a list with anything but text in it is an error.
func (c *Client) ConversationLabels(ctx context.Context, id int64) ([]string, error) {
	return conversationLabels(ctx, c.get(nil, "conversations", id, "labels"))
}

// SetConversationLabels replaces all labels of a conversation and returns what Chatwoot stored: POST …/conversations/{id}/labels
// (CONTRACT 6.2). The answer does not prove that the list stands: another writer may have replaced it at once.
func (c *Client) SetConversationLabels(ctx context.Context, id int64, titles []string) ([]string, error) {
	body := struct {
		Labels []string `json:"labels"`
	}{append([]string{}, titles...)} // never null, which would clear them all
	return conversationLabels(ctx, c.post(body, "conversations", id, "labels").repeat())
}

func conversationLabels(ctx context.Context, k *call) ([]string, error) {
	a, err := k.do(ctx)
	if err != nil {
		return nil, err
	}
	var w struct {
		Payload []*string `json:"payload"`
	}
	if json.Unmarshal(a.body, &w) != nil || w.Payload == nil {
		return nil, k.unexpected(a)
	}
	labels := make([]string, len(w.Payload))
	for i, title := range w.Payload {
		if title == nil {
			return nil, k.unexpected(a)
		}
		labels[i] = *title
	}
	return labels, nil
}

// Label is a label of the account (CONTRACT 7). Titles are lower case; the id stays when it is renamed.
type Label struct {
	ID            int64  `json:"id,omitempty"`
	Title         string `json:"title"`
	Description   string `json:"description,omitempty"`
	Color         string `json:"color,omitempty"` // #rrggbb; not checked by Chatwoot
	ShowOnSidebar bool   `json:"show_on_sidebar"`
}

func (l Label) usable() bool { return l.ID > 0 && l.Title != "" }

// Labels returns all labels of the account by title: GET …/labels (CONTRACT 7.1).
func (c *Client) Labels(ctx context.Context) ([]Label, error) {
	return entries[Label](ctx, c.get(nil, "labels").large())
}

// CreateLabel creates a label: POST …/labels (CONTRACT 7.2, 7.3). It needs an administrator; a title that is taken or malformed is
// KindInvalid with the attribute title.
func (c *Client) CreateLabel(ctx context.Context, l Label) (Label, error) {
	l.ID = 0
	return entry[Label](ctx, c.post(l, "labels"))
}

// LabelChange holds the fields of a label to be changed; nil ones stay.
type LabelChange struct {
	Title         *string `json:"title,omitempty"`
	Description   *string `json:"description,omitempty"`
	Color         *string `json:"color,omitempty"`
	ShowOnSidebar *bool   `json:"show_on_sidebar,omitempty"`
}

// UpdateLabel changes a label: PATCH …/labels/{id} (CONTRACT 7.4). A rename reaches the conversations one by one, without an event.
func (c *Client) UpdateLabel(ctx context.Context, id int64, change LabelChange) (Label, error) {
	return entry[Label](ctx, c.patch(change, "labels", id).repeat())
}

// DeleteLabel deletes a label: DELETE …/labels/{id} (CONTRACT 7.5). Conversations lose it without an event or a new version.
func (c *Client) DeleteLabel(ctx context.Context, id int64) error {
	return c.delete("labels", id).done(ctx)
}
