package chatwoot

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// ListOptions choose conversations (CONTRACT 5.1). The zero value is Chatwoot's default: the open ones, first page.
type ListOptions struct {
	Status       string // open (default), resolved, pending, snoozed, all
	AssigneeType string // me, unassigned, assigned; empty for all
	InboxID      int64
	TeamID       int64    // an unknown one is KindNotFound
	Labels       []string // any of them
	Query        string   // in the text of messages; ignores Status
	SourceID     string   // exact id of the contact in its inbox
	SortBy       string   // see the Sort constants
	Page         int      // from 1; 25 a page, unless the server was set otherwise
	// UpdatedWithin chooses what changed in the time before now and turns paging off. Use it with short windows: more than about
	// a thousand rows end in KindUnavailable after 15 s (recordings, 12).
	UpdatedWithin time.Duration
}

// Orders of a list. The order by activity has no tie-break and shifts while it is read; SortCreatedAscending is the one for imports.
const (
	SortCreatedAscending   = "created_at_asc"
	SortActivityDescending = "last_activity_at_desc"
)

// StatusAll chooses conversations of every status.
const StatusAll = "all"

// Counts are the sizes of a choice of conversations. Those held by bots count as unassigned.
type Counts struct {
	Mine       int `json:"mine_count"`
	Assigned   int `json:"assigned_count"` // absent in answers of Filter
	Unassigned int `json:"unassigned_count"`
	All        int `json:"all_count"`
}

// ConversationPage is one page of a list.
type ConversationPage struct {
	Conversations []Conversation
	Counts        Counts
	Skipped       int // entries that could not be used
}

// End reports whether the page lies past the end of the list. A short page does not: the page size is the server's.
func (p ConversationPage) End() bool { return len(p.Conversations)+p.Skipped == 0 }

func (o ListOptions) query() url.Values {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" && value != "0" {
			q.Set(key, value)
		}
	}
	set("status", o.Status)
	set("assignee_type", o.AssigneeType)
	set("inbox_id", strconv.FormatInt(o.InboxID, 10))
	set("team_id", strconv.FormatInt(o.TeamID, 10))
	set("q", o.Query)
	set("source_id", o.SourceID)
	set("sort_by", o.SortBy)
	set("page", strconv.Itoa(o.Page))
	// Rounded up: a window must not be shorter than it was asked for.
	set("updated_within", strconv.FormatInt(int64((o.UpdatedWithin+time.Second-1)/time.Second), 10))
	if len(o.Labels) > 0 {
		q["labels[]"] = o.Labels
	}
	return q
}

// Conversations returns one page of conversations: GET …/conversations (CONTRACT 5.1).
func (c *Client) Conversations(ctx context.Context, o ListOptions) (ConversationPage, error) {
	var w struct {
		Data conversationPage `json:"data"`
	}
	k := c.get(o.query(), "conversations").large()
	if err := k.into(ctx, &w); err != nil {
		return ConversationPage{}, err
	}
	return w.Data.page(k)
}

// ConversationCounts returns the sizes of a choice without its rows: GET …/conversations/meta (CONTRACT 5.2). It is cheap, limited
// to 30 calls a minute and token, and knows no UpdatedWithin.
func (c *Client) ConversationCounts(ctx context.Context, o ListOptions) (Counts, error) {
	o.UpdatedWithin, o.Page, o.SortBy = 0, 0, ""
	var w struct {
		Meta *Counts `json:"meta"`
	}
	k := c.get(o.query(), "conversations", "meta")
	a, err := k.do(ctx)
	if err != nil {
		return Counts{}, err
	}
	if unmarshal(a.body, &w) != nil || w.Meta == nil {
		return Counts{}, k.unexpected(a)
	}
	return *w.Meta, nil
}

// Conversation returns one conversation: GET …/conversations/{id} (CONTRACT 5.3). One that the token may not see is KindNotAllowed.
func (c *Client) Conversation(ctx context.Context, id int64) (Conversation, error) {
	return entry[Conversation](ctx, c.get(nil, "conversations", id).large())
}

type conversationPage struct {
	Meta    Counts             `json:"meta"`
	Payload []wireConversation `json:"payload"`
}

func (p *conversationPage) page(k *call) (ConversationPage, error) {
	if p.Payload == nil {
		return ConversationPage{}, k.fail(KindNotChatwoot)
	}
	page := ConversationPage{Conversations: make([]Conversation, 0, len(p.Payload)), Counts: p.Meta}
	for i := range p.Payload {
		if c := p.Payload[i].conversation(); c.usable() {
			page.Conversations = append(page.Conversations, c)
		} else {
			page.Skipped++
		}
	}
	k.noteSkipped(page.Skipped)
	return page, nil
}
