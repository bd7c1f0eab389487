package chatwoottest_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestPagesHoldEveryConversationOnce(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{Seed: 3, Conversations: 130, PageSize: 50}))
	var all []int
	for page := 1; ; page++ {
		list := dig(t, c.api("GET", fmt.Sprintf("conversations?status=all&sort_by=created_at_asc&page=%d", page), nil), "data", "payload")
		found := ids(t, list)
		if len(found) == 0 {
			require.Equal(t, 4, page)
			break
		}
		require.LessOrEqual(t, len(found), 50)
		all = append(all, found...)
	}
	require.Len(t, all, 130)
	require.True(t, slices.IsSorted(all))
	meta := dig(t, c.api("GET", "conversations/meta?status=all", nil), "meta").(map[string]any)
	require.EqualValues(t, 130, meta["all_count"])
	require.Equal(t, 130, int(meta["assigned_count"].(float64))+int(meta["unassigned_count"].(float64)))
}

// TestListsAgreeWithTheState compares every filter with what it says.
func TestListsAgreeWithTheState(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{Seed: 5, Conversations: 200, PageSize: 500})
	c := admin(t, s)
	for query, want := range map[string]func(chatwoottest.Conversation) bool{
		"":                            func(v chatwoottest.Conversation) bool { return v.Status == "open" },
		"status=resolved":             func(v chatwoottest.Conversation) bool { return v.Status == "resolved" },
		"status=closed":               func(chatwoottest.Conversation) bool { return false },
		"status=all&inbox_id=2":       func(v chatwoottest.Conversation) bool { return v.InboxID == 2 },
		"status=all&team_id=1":        func(v chatwoottest.Conversation) bool { return v.TeamID == 1 },
		"status=all&labels[]=nothing": func(chatwoottest.Conversation) bool { return false },
		"status=all&labels[]=NOVO&labels[]=vip": func(v chatwoottest.Conversation) bool {
			return slices.Contains(v.Labels, "novo") || slices.Contains(v.Labels, "vip")
		},
		"status=all&assignee_type=unassigned": func(v chatwoottest.Conversation) bool { return v.AssigneeID == 0 },
		"status=all&assignee_type=me":         func(v chatwoottest.Conversation) bool { return v.AssigneeID == 1 },
	} {
		require.ElementsMatch(t, matching(s, want), ids(t, dig(t, c.api("GET", "conversations?"+query, nil), "data", "payload")), query)
	}
	status, _ := c.do("GET", "/api/v1/accounts/1/conversations?team_id=99", nil)
	require.Equal(t, http.StatusNotFound, status)
}

func matching(s *chatwoottest.Server, want func(chatwoottest.Conversation) bool) []int {
	found := []int{}
	for _, v := range s.Conversations() {
		if want(v) {
			found = append(found, int(v.ID))
		}
	}
	return found
}

func TestFilter(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{Seed: 5, Conversations: 200, PageSize: 500})
	c := admin(t, s)
	has := func(title string) func(chatwoottest.Conversation) bool {
		return func(v chatwoottest.Conversation) bool { return slices.Contains(v.Labels, title) }
	}
	line := func(key, operator string, join any, values ...any) map[string]any {
		return map[string]any{"attribute_key": key, "filter_operator": operator, "values": values, "query_operator": join}
	}
	for name, one := range map[string]struct {
		lines []any
		want  func(chatwoottest.Conversation) bool
	}{
		"unlabelled": {[]any{line("labels", "is_not_present", nil)}, func(v chatwoottest.Conversation) bool { return len(v.Labels) == 0 }},
		"numbers":    {[]any{line("display_id", "equal_to", nil, 5, 6, 7)}, func(v chatwoottest.Conversation) bool { return v.ID >= 5 && v.ID <= 7 }},
		"both labels": {
			[]any{line("labels", "equal_to", "AND", "novo"), line("labels", "equal_to", nil, "vip")},
			func(v chatwoottest.Conversation) bool { return has("novo")(v) && has("vip")(v) },
		},
		"neither":      {[]any{line("labels", "not_equal_to", nil, "novo", "vip")}, func(v chatwoottest.Conversation) bool { return !has("novo")(v) && !has("vip")(v) }},
		"case matters": {[]any{line("labels", "equal_to", nil, "NOVO")}, func(chatwoottest.Conversation) bool { return false }},
		"AND binds before OR": {
			[]any{line("status", "equal_to", "OR", "resolved"), line("status", "equal_to", "AND", "open"), line("labels", "equal_to", nil, "vip")},
			func(v chatwoottest.Conversation) bool {
				return v.Status == "resolved" || v.Status == "open" && has("vip")(v)
			},
		},
	} {
		body := c.api("POST", "conversations/filter", map[string]any{"payload": one.lines})
		want := matching(s, one.want)
		require.ElementsMatch(t, want, ids(t, dig(t, body, "payload")), name)
		require.EqualValues(t, len(want), dig(t, body, "meta", "all_count"), name)
		require.NotContains(t, dig(t, body, "meta"), "assigned_count")
	}
}

func TestUpdatedWithinHasNoPages(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	s := chatwoottest.Start(t, chatwoottest.Options{Seed: 1, Conversations: 80, Clock: func() time.Time { return now }})
	c := admin(t, s)
	now = now.Add(time.Hour)
	for id := int64(1); id <= 40; id++ {
		s.SetLabels(1, id, []string{"vip", "x" + itoa(id)})
	}
	found := ids(t, dig(t, c.api("GET", "conversations?status=all&updated_within=60", nil), "data", "payload"))
	require.Len(t, found, 40)
	require.EqualValues(t, 80, dig(t, c.api("GET", "conversations/meta?status=all&updated_within=60", nil), "meta", "all_count"), "meta ignores it")
}

// TestOrdersSurviveChange compares the kept orders with a fresh sort after
// many random changes.
func TestOrdersSurviveChange(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{Seed: 2, Conversations: 120, PageSize: 500})
	c := admin(t, s)
	busy(t, s, 400)
	for _, one := range []struct {
		sort string
		key  func(chatwoottest.Conversation) int64
	}{
		{"last_activity_at_asc", func(v chatwoottest.Conversation) int64 { return v.LastActivity.UnixMicro() }},
		{"created_at_asc", func(v chatwoottest.Conversation) int64 { return v.ID }},
	} {
		list := ids(t, dig(t, c.api("GET", "conversations?status=all&sort_by="+one.sort, nil), "data", "payload"))
		require.Len(t, list, len(s.Conversations()))
		require.True(t, slices.IsSortedFunc(list, func(a, b int) int {
			x, _ := s.Conversation(int64(a))
			y, _ := s.Conversation(int64(b))
			return int(one.key(x) - one.key(y))
		}), one.sort)
	}
	open := matching(s, func(v chatwoottest.Conversation) bool { return v.Status == "open" })
	require.EqualValues(t, len(open), dig(t, c.api("GET", "conversations/meta", nil), "meta", "all_count"), "the counters are right")
}

func TestMessagesPageByID(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	id := s.CreateConversation(0, chatwoottest.NewConversation{})
	for i := range 50 {
		s.Incoming(id, fmt.Sprint(i))
	}
	path := "conversations/" + itoa(id) + "/messages"
	newest := ids(t, dig(t, c.api("GET", path, nil), "payload"))
	require.Len(t, newest, 20)
	require.True(t, slices.IsSorted(newest))
	older := ids(t, dig(t, c.api("GET", fmt.Sprintf("%s?before=%d", path, newest[0]), nil), "payload"))
	require.Len(t, older, 20)
	require.Equal(t, newest[0]-1, older[19])
	require.Len(t, ids(t, dig(t, c.api("GET", fmt.Sprintf("%s?after=%d", path, older[0]), nil), "payload")), 39)
	require.Len(t, ids(t, dig(t, c.api("GET", fmt.Sprintf("%s?after=%d&before=%d", path, older[0], newest[0]), nil), "payload")), 20)
}
