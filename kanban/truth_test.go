package kanban_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// row is a conversation in Chatwoot's own words, decoded apart from the client that the engine uses.
type row struct {
	ID        int64          `json:"id"`
	InboxID   int64          `json:"inbox_id"`
	Status    string         `json:"status"`
	Priority  string         `json:"priority"`
	Labels    []string       `json:"labels"`
	Custom    map[string]any `json:"custom_attributes"`
	Unread    int            `json:"unread_count"`
	CanReply  bool           `json:"can_reply"`
	Activity  int64          `json:"last_activity_at"`
	Waiting   int64          `json:"waiting_since"`
	CreatedAt int64          `json:"created_at"`
	Meta      struct {
		Sender struct {
			ID          int64
			Name, Email string
		} `json:"sender"`
		Assignee *struct {
			ID   int64
			Name string
		} `json:"assignee"`
		Team *struct{ ID int64 } `json:"team"`
	} `json:"meta"`
	Last *struct {
		ID        int64  `json:"id"`
		Content   string `json:"content"`
		CreatedAt int64  `json:"created_at"`
	} `json:"last_non_activity_message"`
}

// truths asks the simulator's lists for every conversation, by number.
func (w *world) truths() map[kanban.ConversationID]row {
	w.t.Helper()
	all := map[kanban.ConversationID]row{}
	for page := 1; ; page++ {
		var answer struct {
			Data struct {
				Payload []row `json:"payload"`
			} `json:"data"`
		}
		w.ask(fmt.Sprintf("conversations?status=all&sort_by=created_at_asc&page=%d", page), &answer)
		if len(answer.Data.Payload) == 0 {
			return all
		}
		for _, r := range answer.Data.Payload {
			all[kanban.ConversationID(r.ID)] = r
		}
	}
}

func (w *world) ask(path string, v any) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, fmt.Sprintf("%s/api/v1/accounts/%d/%s", w.address, w.sim.AccountID(), path), nil)
	require.NoError(w.t, err)
	r.Header.Set("Api-Access-Token", w.sim.AdminToken())
	a, err := wire{to: w.sim.Handler()}.RoundTrip(r)
	require.NoError(w.t, err)
	require.NoError(w.t, json.NewDecoder(a.Body).Decode(v))
}

// told is what a card tells of a conversation, in words that both sides have.
type told struct {
	Inbox, Assignee, Team, Contact, Activity, Waiting, Created, MessageID, MessageAt int64
	Status, Priority, Name, Email, AssigneeName, Message                             string
	Labels                                                                           []string
	Custom                                                                           map[string]any
	Unread                                                                           int
	CanReply                                                                         bool
}

func (r row) told() told {
	t := told{
		Inbox: r.InboxID, Contact: r.Meta.Sender.ID, Activity: r.Activity, Waiting: r.Waiting, Created: r.CreatedAt, Status: r.Status,
		Priority: r.Priority, Name: r.Meta.Sender.Name, Email: r.Meta.Sender.Email, Labels: sorted(r.Labels), Custom: r.Custom, Unread: r.Unread, CanReply: r.CanReply,
	}
	if a := r.Meta.Assignee; a != nil {
		t.Assignee, t.AssigneeName = a.ID, a.Name
	}
	if r.Meta.Team != nil {
		t.Team = r.Meta.Team.ID
	}
	if m := r.Last; m != nil {
		t.MessageID, t.MessageAt, t.Message = m.ID, m.CreatedAt, m.Content
	}
	return t
}

func toldOf(c kanban.Conversation) told {
	t := told{
		Inbox: int64(c.InboxID), Assignee: int64(c.AssigneeID), Team: int64(c.TeamID), Contact: int64(c.Contact.ID), MessageID: c.LastMessage.ID,
		Status: string(c.Status), Priority: string(c.Priority), Name: c.Contact.Name, Email: c.Contact.Email, AssigneeName: c.AssigneeName, Message: c.LastMessage.Text,
		Labels: sorted(c.Labels), Unread: c.UnreadCount, CanReply: c.CanReply, Activity: c.LastActivityAt.Unix(), Created: c.CreatedAt.Unix(),
	}
	_ = json.Unmarshal([]byte(c.Attributes), &t.Custom)
	if !c.WaitingSince.IsZero() {
		t.Waiting = c.WaitingSince.Unix()
	}
	if c.LastMessage.ID != 0 {
		t.MessageAt = c.LastMessage.At.Unix()
	}
	return t
}

// differenceInFull compares all that a card tells, the placement of every card and the heads of all columns with what Chatwoot's lists
// say and kanban.Board.Place makes of it.
func (w *world) differenceInFull() string {
	w.t.Helper()
	truth := w.truths()
	n, err := w.store.CountConversations(w.t.Context(), w.account.ID)
	require.NoError(w.t, err)
	if n != len(truth) {
		return fmt.Sprintf("%d conversations cached, %d in Chatwoot", n, len(truth))
	}
	board, err := w.store.Board(w.t.Context(), w.board.ID)
	require.NoError(w.t, err)
	account, err := w.store.Account(w.t.Context(), w.account.ID)
	require.NoError(w.t, err)
	want := map[kanban.StageID]kanban.Total{}
	for id, r := range truth {
		c, err := w.store.Conversation(w.t.Context(), w.account.ID, id)
		if err != nil {
			return fmt.Sprintf("conversation %d: %v", id, err)
		}
		if got, is := toldOf(c), r.told(); !reflect.DeepEqual(got, is) {
			return fmt.Sprintf("conversation %d\n cached   %+v\n chatwoot %+v", id, got, is)
		}
		if wrong := w.misplaced(board, c); wrong != "" {
			return wrong
		}
		if p, on := board.Place(c); on {
			deal := kanban.DealOf(c.Attributes, account.Deal)
			sum := want[p.Stage]
			sum.Count++
			sum.Value += deal.Value
			if deal.HasValue {
				sum.Valued++
			}
			if p.Conflict {
				sum.Conflicts++
			}
			want[p.Stage] = sum
		}
	}
	totals, err := w.store.Totals(w.t.Context(), board, w.viewer)
	require.NoError(w.t, err)
	if !reflect.DeepEqual(totals, want) {
		return fmt.Sprintf("totals %+v instead of %+v", totals, want)
	}
	return ""
}

// misplaced says how a card without a pending move stands elsewhere than the rule says.
func (w *world) misplaced(board kanban.Board, c kanban.Conversation) string {
	p, on := board.Place(c)
	card, err := w.store.Card(w.t.Context(), board, w.viewer, c.ID)
	switch {
	case !on && err == nil:
		return fmt.Sprintf("conversation %d %v is shown in %d though it is not on the board", c.ID, c.Labels, card.Stage)
	case !on:
		return ""
	case err != nil:
		return fmt.Sprintf("conversation %d %v is not shown: %v", c.ID, c.Labels, err)
	case card.Pending != nil:
		return fmt.Sprintf("conversation %d has a pending move %+v", c.ID, *card.Pending)
	case card.Stage != p.Stage || card.Conflict != p.Conflict:
		return fmt.Sprintf("conversation %d %v is shown in %d (two stages: %t) instead of %+v", c.ID, c.Labels, card.Stage, card.Conflict, p)
	}
	return ""
}
