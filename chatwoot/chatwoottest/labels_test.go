package chatwoottest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestLabelsAreReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name string
		body any
		want []any
	}{
		{"two", map[string]any{"labels": []string{"novo", "vip"}}, []any{"novo", "vip"}},
		{"unknown titles are stored", map[string]any{"labels": []string{"inexistente"}}, []any{"inexistente"}},
		{"case is kept", map[string]any{"labels": []string{"Qualificado", "VIP"}}, []any{"Qualificado", "VIP"}},
		{"a comma splits", map[string]any{"labels": []string{"qualificado,vip"}}, []any{"qualificado", "vip"}},
		{"quotes keep a comma", map[string]any{"labels": []string{`"a,b"`, "c"}}, []any{"a,b", "c"}},
		{"blanks and repetitions go", map[string]any{"labels": []string{"vip", " VIP ", "", "novo"}}, []any{"vip", "novo"}},
		{"empty clears", map[string]any{"labels": []string{}}, []any{}},
		{"null clears", map[string]any{"labels": nil}, []any{}},
		{"a missing key clears", map[string]any{}, []any{}},
		{"a string clears", map[string]any{"labels": "vip"}, []any{}},
		{"an object clears", map[string]any{"labels": map[string]any{}}, []any{}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
			id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"urgente"}})
			path := "conversations/" + itoa(id) + "/labels"
			require.Equal(t, one.want, dig(t, c.api("POST", path, one.body), "payload"))
			require.Equal(t, one.want, dig(t, c.api("GET", path, nil), "payload"))
		})
	}
}

func TestBrokenJSONChangesNothing(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"vip"}})
	status, body := c.do("POST", "/api/v1/accounts/1/conversations/"+itoa(id)+"/labels", `{"labels": [`)
	require.Equal(t, http.StatusBadRequest, status)
	require.Nil(t, body)
	require.Equal(t, []string{"vip"}, c.s.Labels(id))
}

func TestLabelChangeIsToldOnceAndLeavesActivity(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	r := newReceiver(t)
	id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo", "vip"}})
	require.NoError(t, c.s.WaitIdle(context.Background()))
	r.subscribe(c, conversationEvents...)
	before, _ := c.s.Conversation(id)

	c.agent(0).api("POST", "conversations/"+itoa(id)+"/labels", map[string]any{"labels": []string{"vip", "ganho"}})

	hooks := r.drain(c)
	require.Equal(t, []string{"conversation_updated"}, events(hooks))
	require.Equal(t, []any{"vip", "ganho"}, hooks[0].body["labels"])
	require.Contains(t, hooks[0].body["changed_attributes"], map[string]any{"label_list": map[string]any{
		"previous_value": []any{"novo", "vip"}, "current_value": []any{"vip", "ganho"},
	}})
	after, _ := c.s.Conversation(id)
	require.True(t, after.LastActivity.After(before.LastActivity), "activity lines bump the last activity")
	require.Greater(t, after.UpdatedAt.UnixMicro(), int64(hooks[0].body["updated_at"].(float64)*1e6)-1)
	messages := dig(t, c.api("GET", "conversations/"+itoa(id)+"/messages", nil), "payload").([]any)
	require.Equal(t, "Bruno Reis adicionou ganho", dig(t, messages[len(messages)-2], "content"))
	require.Equal(t, "Bruno Reis removeu novo", dig(t, messages[len(messages)-1], "content"))
}

func TestSameLabelsTellNothing(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	r := newReceiver(t)
	id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo", "vip"}})
	require.NoError(t, c.s.WaitIdle(context.Background()))
	r.subscribe(c, conversationEvents...)
	before, _ := c.s.Conversation(id)

	c.s.SetLabels(1, id, []string{"novo", "vip"})
	same, _ := c.s.Conversation(id)
	require.Equal(t, before.UpdatedAt, same.UpdatedAt)

	c.s.SetLabels(1, id, []string{"vip", "novo"})
	reordered, _ := c.s.Conversation(id)
	require.True(t, reordered.UpdatedAt.After(before.UpdatedAt), "another order is written")
	require.Equal(t, []string{"vip", "novo"}, reordered.Labels)
	require.Empty(t, r.drain(c), "and not told")
	require.Equal(t, before.Messages, reordered.Messages)
}

func TestRenamedLabelIsRewrittenSilently(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	r := newReceiver(t)
	id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"qualificado", "vip"}})
	require.NoError(t, c.s.WaitIdle(context.Background()))
	r.subscribe(c, conversationEvents...)
	before, _ := c.s.Conversation(id)
	keys := dig(t, c.api("GET", "cache_keys", nil), "cache_keys", "label")
	require.NotEqual(t, "0000000000", keys)

	c.api("PATCH", "labels/2", map[string]any{"title": "Qualificada"})

	require.Empty(t, r.drain(c))
	after, _ := c.s.Conversation(id)
	require.Equal(t, []string{"vip", "qualificada"}, after.Labels, "it goes to the end")
	require.True(t, after.UpdatedAt.After(before.UpdatedAt))
	require.Equal(t, before.LastActivity, after.LastActivity)
}

func TestDeletedLabelIsStrippedWithoutATrace(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		version string
		want    []string
	}{{"4.14.2", []string{"vip"}}, {"4.13.0", []string{"proposta", "vip"}}} {
		c := admin(t, chatwoottest.Start(t, chatwoottest.Options{Version: one.version}))
		r := newReceiver(t)
		id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"proposta", "vip"}})
		require.NoError(t, c.s.WaitIdle(context.Background()))
		r.subscribe(c, conversationEvents...)
		before, _ := c.s.Conversation(id)

		c.api("DELETE", "labels/3", nil)

		require.Empty(t, r.drain(c))
		after, _ := c.s.Conversation(id)
		require.Equal(t, one.want, after.Labels)
		require.Equal(t, before.UpdatedAt, after.UpdatedAt)
	}
}

func TestTheRaceLosesALabel(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	c := admin(t, s)
	id := s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo"}})
	path := "conversations/" + itoa(id) + "/labels"
	require.Equal(t, []any{"novo", "vip"}, dig(t, c.api("POST", path, map[string]any{"labels": []string{"novo", "vip"}}), "payload"))
	require.Equal(t, []any{"novo", "ganho"}, dig(t, c.agent(0).api("POST", path, map[string]any{"labels": []string{"novo", "ganho"}}), "payload"))
	require.Equal(t, []string{"novo", "ganho"}, s.Labels(id))
	history := s.LabelHistory(id)
	require.Len(t, history, 3)
	require.Equal(t, []string{"novo", "vip"}, history[2].Before)
	require.Equal(t, "Bruno Reis", history[2].By)
}

func TestBulkRemovesBeforeItAdds(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	r := newReceiver(t)
	id := c.s.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo", "vip"}})
	require.NoError(t, c.s.WaitIdle(context.Background()))
	r.subscribe(c, conversationEvents...)
	c.api("POST", "bulk_actions", map[string]any{"type": "Conversation", "ids": []int64{id}, "labels": map[string]any{"add": []string{"ganho"}, "remove": []string{"novo"}}})
	require.Equal(t, []string{"conversation_updated", "conversation_updated"}, events(r.drain(c)))
	require.Equal(t, []string{"vip", "ganho"}, c.s.Labels(id))
}

func TestAccountLabelTitles(t *testing.T) {
	t.Parallel()
	c := admin(t, chatwoottest.Start(t, chatwoottest.Options{}))
	for _, one := range []struct {
		title, message string
	}{
		{"NOVO", "Title has already been taken"},
		{"em contato", "Title is invalid"},
		{"🔥quente", "Title is invalid"},
		{"x", "Title is invalid"},
		{"a,b", "Title is invalid"},
		{"_a", "Title is invalid"},
		{"", "Title must not be blank, Title is invalid"},
		{strings.Repeat("a", 256), "Title is too long (maximum is 255 characters)"},
	} {
		status, body := c.do("POST", "/api/v1/accounts/1/labels", map[string]any{"title": one.title})
		require.Equal(t, http.StatusUnprocessableEntity, status, one.title)
		require.Equal(t, map[string]any{"message": one.message, "attributes": []any{"title"}}, body)
	}
	require.Equal(t, "negociação-2_x", dig(t, c.api("POST", "labels", map[string]any{"label": map[string]any{"title": "Negociação-2_x"}}), "title"))
}
