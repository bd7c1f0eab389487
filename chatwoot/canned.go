package chatwoot

import (
	"context"
	"net/url"
)

// CannedResponse is a prepared answer.
type CannedResponse struct {
	ID        int64  `json:"id"`
	ShortCode string `json:"short_code"`
	Content   string `json:"content"` // with Liquid placeholders such as {{contact.name}}
}

func (r CannedResponse) usable() bool { return r.ID > 0 }

// CannedResponses returns the prepared answers that match the text, all when it is empty: GET …/canned_responses.
func (c *Client) CannedResponses(ctx context.Context, search string) ([]CannedResponse, error) {
	q := url.Values{}
	if search != "" {
		q.Set("search", search)
	}
	return entries[CannedResponse](ctx, c.get(q, "canned_responses").large())
}
