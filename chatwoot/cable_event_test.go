package chatwoot_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// frames are those of a recorded stream, in order.
func frames(session string) []string {
	var all []string
	for _, line := range readLines[struct{ Frame string }](session + "/cable.jsonl") {
		all = append(all, line.Frame)
	}
	return all
}

func TestRecordedFrames(t *testing.T) {
	t.Parallel()
	told := map[string]int{}
	for _, frame := range append(frames("everyday"), frames("unusual")...) {
		e, ok := chatwoot.ParseCableEvent([]byte(frame))
		if !ok {
			continue
		}
		told[e.Name]++
		require.Equal(t, int64(1), e.Account, frame)
		requireToldWhole(t, e, frame)
	}
	require.Equal(t, map[string]int{
		"conversation.created": 22, "conversation.updated": 124, "conversation.status_changed": 18, "conversation.contact_changed": 2,
		"conversation.read": 1, "assignee.changed": 7, "team.changed": 3, "message.created": 170, "message.updated": 2, "first.reply.created": 3,
		"contact.created": 24, "contact.updated": 33, "contact.deleted": 3, "contact.merged": 2, "account.cache_invalidated": 11,
	}, told)
}

func requireToldWhole(t *testing.T, e chatwoot.CableEvent, frame string) {
	t.Helper()
	switch kind, _, _ := strings.Cut(e.Name, "."); kind {
	case "account":
		require.True(t, e.CatalogChanged())
	case "message", "first":
		require.NotZero(t, e.About, frame)
		require.Nil(t, e.Conversation, "a message knows only parts of its conversation")
	case "contact":
		require.NotZero(t, e.Contact.ID, frame)
	default:
		require.Equal(t, e.Conversation.ID, e.About)
		require.Equal(t, e.Account, e.Conversation.AccountID)
		require.NotZero(t, e.Conversation.UpdatedAt, frame)
		require.NotZero(t, e.Conversation.InboxID, frame)
		require.NotNil(t, e.Conversation.Labels, frame)
		require.NotEmpty(t, e.Conversation.Status, frame)
	}
}

// TestAFrameReadsAsTheWebhookOfTheSameState holds snapshots of both ways against each other.
func TestAFrameReadsAsTheWebhookOfTheSameState(t *testing.T) {
	t.Parallel()
	told := map[chatwoot.Micros]chatwoot.Conversation{}
	for _, d := range deliveries("everyday") {
		e, err := chatwoot.ParseEvent([]byte(d.Body))
		require.NoError(t, err)
		if e.Name == "conversation_updated" {
			told[e.Conversation.UpdatedAt] = *e.Conversation
		}
	}
	compared := 0
	for _, frame := range frames("everyday") {
		e, ok := chatwoot.ParseCableEvent([]byte(frame))
		if !ok || e.Name != "conversation.updated" {
			continue
		}
		if same, found := told[e.Conversation.UpdatedAt]; found && same.ID == e.About {
			require.Equal(t, withoutPresence(same), withoutPresence(*e.Conversation))
			compared++
		}
	}
	require.Greater(t, compared, 50)
}

// withoutPresence leaves out who was online at the moment of sending.
func withoutPresence(c chatwoot.Conversation) chatwoot.Conversation {
	if c.Assignee != nil {
		assignee := *c.Assignee
		assignee.AvailabilityStatus = ""
		c.Assignee = &assignee
	}
	return c
}

func TestFramesThatSayNothing(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{
		"", "null", "[]", "broken", `{"type":"ping","message":1780000000}`, `{"type":"welcome"}`, `{"message":[]}`, `{"message":{"event":7,"data":"x"}}`,
		`{"message":{"event":"presence.update","data":{"account_id":1,"users":{}}}}`,
		`{"message":{"event":"conversation.typing_on","data":{"account_id":1,"conversation":{"id":3}}}}`,
		`{"message":{"event":"conversation.mentioned","data":{"account_id":1,"id":3}}}`,
		`{"message":{"event":"conversation.unread_count_changed","data":{}}}`,
		`{"message":{"event":"conversation.invented","data":{"account_id":1,"id":3}}}`,
		`{"message":{"event":"conversation.updated","data":{"account_id":1,"id":"3"}}}`,
		`{"message":{"event":"message.created","data":{"account_id":1,"id":3}}}`,
		`{"message":{"event":"contact.deleted","data":{"account_id":1}}}`,
	} {
		_, ok := chatwoot.ParseCableEvent([]byte(frame))
		require.False(t, ok, frame)
	}
}

func FuzzCableEvent(f *testing.F) {
	for _, frame := range append(frames("everyday"), frames("unusual")...) {
		f.Add([]byte(frame))
	}
	f.Add([]byte(`{"message":{"event":"message.created","data":{"conversation_id":-1}}}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		e, ok := chatwoot.ParseCableEvent(frame)
		if !ok {
			return
		}
		require.True(t, e.CatalogChanged() || e.About > 0 || e.Contact != nil)
		if e.Conversation != nil {
			require.Positive(t, e.Conversation.ID)
			require.Equal(t, e.Conversation.ID, e.About)
		}
		if e.Contact != nil {
			require.Positive(t, e.Contact.ID)
		}
	})
}
