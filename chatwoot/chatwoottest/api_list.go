package chatwoottest

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// listQuery is what GET conversations and conversations/meta select by
// (CONTRACT 5.1).
type listQuery struct {
	status        string // empty: any
	inboxID       int64
	teamID        int64
	labels        []string
	text          string
	sourceID      string
	kind          string // conversation_type
	assignee      string // assignee_type: me, unassigned, assigned
	sort          string
	page          int
	updatedWithin time.Duration
}

func readListQuery(q url.Values) listQuery {
	l := listQuery{
		status: q.Get("status"), text: q.Get("q"), sourceID: q.Get("source_id"), kind: q.Get("conversation_type"),
		assignee: q.Get("assignee_type"), sort: q.Get("sort_by"), page: pageOf(q),
	}
	l.inboxID, _ = strconv.ParseInt(q.Get("inbox_id"), 10, 64)
	l.teamID, _ = strconv.ParseInt(q.Get("team_id"), 10, 64)
	switch l.status {
	case "":
		l.status = "open"
	case "all":
		l.status = ""
	}
	if l.text != "" {
		l.status = ""
	}
	for _, title := range append(q["labels[]"], strings.Split(q.Get("labels"), ",")...) {
		if title = strings.TrimSpace(title); title != "" {
			l.labels = append(l.labels, strings.ToLower(title))
		}
	}
	if seconds, err := strconv.ParseFloat(q.Get("updated_within"), 64); err == nil && seconds > 0 {
		l.updatedWithin = time.Duration(min(seconds, math.MaxInt32)) * time.Second
	}
	return l
}

func pageOf(q url.Values) int {
	page, err := strconv.Atoi(q.Get("page"))
	if err != nil || page < 1 {
		return 1
	}
	return page
}

// plain says that only what countKey splits by is asked for.
func (l listQuery) plain() bool {
	return l.teamID == 0 && len(l.labels) == 0 && l.text == "" && l.sourceID == "" && l.kind == ""
}

// scope is a query as one viewer may ask it.
type scope struct {
	listQuery
	account *account
	viewer  int64
	inboxes map[int64]bool // nil: all
	role    *customRole    // nil: no narrower than the inboxes
	since   time.Time      // of updated_within, zero for none
}

func (c *call) scope(l listQuery) scope {
	s := scope{listQuery: l, account: c.account, viewer: c.who.id}
	if c.role != "administrator" {
		s.inboxes, s.role = map[int64]bool{}, c.account.customRoles[c.who.id]
		for _, i := range c.account.inboxes {
			if i.members[c.who.id] {
				s.inboxes[i.id] = true
			}
		}
	}
	if l.updatedWithin > 0 {
		s.since = c.now().Add(-l.updatedWithin)
	}
	return s
}

func (s scope) admits(v *conversation) bool {
	switch {
	case s.status != "" && v.status != s.status,
		s.inboxID != 0 && v.inbox.id != s.inboxID,
		s.inboxes != nil && !s.inboxes[v.inbox.id],
		!s.role.lists(v.assigneeID, s.viewer),
		s.teamID != 0 && v.teamID != s.teamID,
		!s.since.IsZero() && !v.updatedAt.After(s.since),
		s.sourceID != "" && v.contactInbox.sourceID != s.sourceID:
		return false
	}
	return s.admitsLabels(v) && s.admitsText(v) && s.admitsKind(v)
}

func (s scope) admitsLabels(v *conversation) bool {
	if len(s.labels) == 0 {
		return true
	}
	return slices.ContainsFunc(v.labels, func(title string) bool { return slices.Contains(s.labels, strings.ToLower(title)) })
}

func (s scope) admitsText(v *conversation) bool {
	if s.text == "" {
		return true
	}
	needle := strings.ToLower(s.text)
	return slices.ContainsFunc(v.messages, func(m *message) bool {
		return (m.kind == incoming || m.kind == outgoing) && strings.Contains(strings.ToLower(m.content), needle)
	})
}

func (s scope) admitsKind(v *conversation) bool {
	switch s.kind {
	case "unattended":
		return v.firstReplyAt.IsZero() || !v.waitingSince.IsZero()
	case "mention", "participating":
		return false
	}
	return true
}

func (s scope) admitsAssignee(v *conversation) bool {
	switch s.assignee {
	case "me":
		return v.assigneeID == s.viewer
	case "unassigned":
		return v.assigneeID == 0
	case "assigned":
		return v.assigneeID != 0
	}
	return true
}

// listCounts are counted before assignee_type narrows the list.
type listCounts struct {
	Mine       int `json:"mine_count"`
	Assigned   int `json:"assigned_count"`
	Unassigned int `json:"unassigned_count"`
	All        int `json:"all_count"`
}

func (n *listCounts) add(assignee, viewer int64, times int) {
	n.All += times
	switch assignee {
	case 0:
		n.Unassigned += times
	default:
		n.Assigned += times
	}
	if assignee == viewer && viewer != 0 {
		n.Mine += times
	}
}

func (s scope) counts() listCounts {
	var n listCounts
	if s.plain() && s.since.IsZero() {
		for key, times := range s.account.conversations.counts {
			if (s.status == "" || key.status == s.status) && (s.inboxID == 0 || key.inboxID == s.inboxID) &&
				(s.inboxes == nil || s.inboxes[key.inboxID]) && s.role.lists(key.assignee, s.viewer) {
				n.add(key.assignee, s.viewer, times)
			}
		}
		return n
	}
	for _, v := range s.candidates() {
		if s.admits(v) {
			n.add(v.assigneeID, s.viewer, 1)
		}
	}
	return n
}

// candidates is the shortest list that holds every match, oldest update first
// when a window is asked for.
func (s scope) candidates() []*conversation {
	if !s.since.IsZero() {
		return s.account.conversations.byUpdated.since(s.since)
	}
	return s.account.conversations.byCreated.all
}

// rows returns one page, or everything inside the window of updated_within.
func (s scope) rows(size int) []*conversation {
	from := (s.page - 1) * size
	if !s.since.IsZero() {
		from, size = 0, math.MaxInt
	}
	if s.unfiltered() {
		return pageOfOrdered(s.ordered(), s.descending(), from, size)
	}
	var rows []*conversation
	all := s.ordered()
	for i := range all {
		v := all[i]
		if s.descending() {
			v = all[len(all)-1-i]
		}
		if !s.admits(v) || !s.admitsAssignee(v) {
			continue
		}
		if from > 0 {
			from--
			continue
		}
		if rows = append(rows, v); len(rows) == size {
			break
		}
	}
	return rows
}

func (s scope) unfiltered() bool {
	return s.plain() && s.since.IsZero() && s.status == "" && s.inboxID == 0 && s.inboxes == nil && s.assignee == ""
}

func pageOfOrdered(all []*conversation, descending bool, from, size int) []*conversation {
	var rows []*conversation
	for i := from; i < len(all) && len(rows) < size; i++ {
		if descending {
			rows = append(rows, all[len(all)-1-i])
		} else {
			rows = append(rows, all[i])
		}
	}
	return rows
}

// conversations is GET conversations.
func (c *call) conversations() answer {
	query := readListQuery(c.r.URL.Query())
	if query.teamID != 0 && !c.knowsTeam(query.teamID) {
		return notFound()
	}
	var counts listCounts
	var payload []conversationView
	c.read(func() {
		scope := c.scope(query)
		counts = scope.counts()
		payload = c.viewAll(scope.rows(c.opts.PageSize))
	})
	if !c.spendRows(len(payload)) {
		return crashed()
	}
	return ok(map[string]any{"data": map[string]any{"meta": counts, "payload": payload}})
}

// conversationsMeta is GET conversations/meta, which ignores updated_within.
func (c *call) conversationsMeta() answer {
	if c.throttled("conversations/meta", itoa(c.who.id)+"/"+itoa(c.account.id), 30, time.Minute) {
		return retryLater()
	}
	query := readListQuery(c.r.URL.Query())
	query.updatedWithin = 0
	var counts listCounts
	c.read(func() { counts = c.scope(query).counts() })
	return ok(map[string]any{"meta": counts})
}

func (c *call) knowsTeam(id int64) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.account.team(id) != nil
}

func (c *call) viewAll(rows []*conversation) []conversationView {
	views := make([]conversationView, 0, len(rows))
	for _, v := range rows {
		views = append(views, c.viewConversation(c.account, v, c.who.id))
	}
	return views
}

// conversation is GET conversations/{id}. A bot reading one that has a team
// meets a nil in Chatwoot's template (CONTRACT 2.1).
func (c *call) conversation() answer {
	return c.withConversation(func(v *conversation) answer {
		if c.who.kind == "bot" && v.teamID != 0 {
			return answer{status: http.StatusInternalServerError, body: crashed().body, kind: crashed().kind}
		}
		return ok(c.viewConversation(c.account, v, c.who.id))
	})
}
