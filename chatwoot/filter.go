package chatwoot

import (
	"context"
	"net/url"
	"strconv"
)

// Condition is one condition of a filter (CONTRACT 5.4).
type Condition struct {
	Key      string // status, labels, display_id, inbox_id, …, or the key of a custom attribute
	Operator string // equal_to, not_equal_to, is_present, is_not_present, contains, is_greater_than, …
	Values   []any  // not empty, except for is_present and is_not_present
	// Or joins the condition to the next one with OR instead of AND. There is no grouping: AND binds tighter.
	Or bool
	// CustomAttribute says that Key is a custom attribute of conversations.
	CustomAttribute bool
}

type wireCondition struct {
	Key      string  `json:"attribute_key"`
	Operator string  `json:"filter_operator"`
	Values   []any   `json:"values"`
	Join     *string `json:"query_operator"`
	Type     string  `json:"custom_attribute_type,omitempty"`
}

func wireConditions(conditions []Condition) []wireCondition {
	and, or := "AND", "OR"
	wire := make([]wireCondition, len(conditions))
	for i, c := range conditions {
		w := wireCondition{Key: c.Key, Operator: c.Operator, Values: c.Values}
		if w.Values == nil {
			w.Values = []any{}
		}
		switch {
		case i == len(conditions)-1: // the last has none
		case c.Or:
			w.Join = &or
		default:
			w.Join = &and
		}
		if c.CustomAttribute {
			w.Type = "conversation_attribute"
		}
		wire[i] = w
	}
	return wire
}

// Filter returns a page of the conversations that meet the conditions, of every status unless one asks for it, latest activity
// first: POST …/conversations/filter (CONTRACT 5.4). It changes nothing, so it is repeated like a read.
func (c *Client) Filter(ctx context.Context, conditions []Condition, page int) (ConversationPage, error) {
	var w conversationPage
	k := c.post(map[string]any{"payload": wireConditions(conditions)}, "conversations", "filter").repeat().large()
	k.query = url.Values{"page": {strconv.Itoa(max(page, 1))}}
	if err := k.into(ctx, &w); err != nil {
		return ConversationPage{}, err
	}
	return w.page(k)
}

// filterIDs is how many conversations one filter call may name, a page full of them.
const filterIDs = 25

// ConversationsByID reads the conversations with the given ids, 25 a call (CONTRACT 5.4). Those that are missing in the answer do
// not exist, are not visible, or changed their place between two pages: ask Conversation before believing one gone.
func (c *Client) ConversationsByID(ctx context.Context, ids []int64) ([]Conversation, error) {
	var found []Conversation
	for len(ids) > 0 {
		n := min(len(ids), filterIDs)
		some, err := c.filterIDs(ctx, ids[:n])
		if err != nil {
			return found, err
		}
		found, ids = append(found, some...), ids[n:]
	}
	return found, nil
}

// filterIDs follows the pages of one call: a server may be set to pages smaller than 25.
func (c *Client) filterIDs(ctx context.Context, ids []int64) ([]Conversation, error) {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	conditions := []Condition{{Key: "display_id", Operator: "equal_to", Values: values}}
	var found []Conversation
	seen := map[int64]bool{}
	for page, read := 1, 0; ; page++ {
		p, err := c.Filter(ctx, conditions, page)
		if err != nil {
			return found, err
		}
		for _, v := range p.Conversations {
			if !seen[v.ID] {
				seen[v.ID] = true
				found = append(found, v)
			}
		}
		read += len(p.Conversations) + p.Skipped
		if p.End() || len(found) == len(ids) || read >= p.Counts.All || page == len(ids) {
			return found, nil
		}
	}
}
