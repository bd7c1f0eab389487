package chatwoot

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recordedFrames are the frames of a real stream, in order.
func recordedFrames(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*/cable.jsonl")
	require.NoError(t, err)
	require.Len(t, files, 2)
	var frames []string
	for _, file := range files {
		f, err := os.Open(file)
		require.NoError(t, err)
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line struct{ Frame string }
			require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
			frames = append(frames, line.Frame)
		}
		require.NoError(t, lines.Err())
		require.NoError(t, f.Close())
	}
	return frames
}

func TestRecordedFramesAreUnderstood(t *testing.T) {
	t.Parallel()
	told := map[string]int{}
	for _, text := range recordedFrames(t) {
		var f cableFrame
		require.NoError(t, json.Unmarshal([]byte(text), &f), text)
		e, ok := f.event()
		if !ok {
			continue
		}
		told[e.Name]++
		require.Equal(t, int64(1), e.Account, text)
		switch kind, _, _ := strings.Cut(e.Name, "."); {
		case e.Name == "account.cache_invalidated":
			require.True(t, e.CatalogChanged())
		case kind == "message", e.Name == "first.reply.created":
			require.NotZero(t, e.About, text)
		case kind == "contact":
			require.NotZero(t, e.Contact.ID, text)
		default:
			require.NotZero(t, e.Conversation.ID, text)
			require.Equal(t, e.Conversation.ID, e.About)
			require.NotZero(t, e.Conversation.UpdatedAt, text)
			require.NotZero(t, e.Conversation.InboxID, text)
		}
	}
	for name, n := range map[string]int{
		"conversation.updated": 124, "conversation.created": 22, "conversation.status_changed": 18, "conversation.contact_changed": 2, "conversation.read": 1,
		"assignee.changed": 7, "team.changed": 3, "message.created": 170, "contact.deleted": 3, "contact.merged": 2, "account.cache_invalidated": 11,
	} {
		require.Equal(t, n, told[name], name)
	}
	require.NotContains(t, told, "presence.update")
	require.NotContains(t, told, "notification.created")
}

func FuzzCableFrame(f *testing.F) {
	for _, text := range recordedFrames(f) {
		f.Add([]byte(text))
	}
	for _, text := range []string{"", "null", "[]", `{"message":[]}`, `{"message":{"event":7,"data":"x"}}`, `{"message":{"event":"conversation.updated","data":{"id":"x"}}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var frame cableFrame
		if unmarshal(text, &frame) != nil {
			return
		}
		if e, ok := frame.event(); ok && e.Conversation == nil && e.Contact == nil && e.About == 0 && !e.CatalogChanged() {
			t.Fatalf("nothing told: %q", text)
		}
	})
}
