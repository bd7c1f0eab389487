package chatwoottest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.everyday(t)
	w.unusual(t)
}

func (w *world) everyday(t *testing.T) {
	t.Helper()
	w.t = t
	calls := readLines[recordedCall](t, "testdata/everyday/api.jsonl")
	// Both writers of the race were under way at once and Bruno's write came
	// last, though it was answered first.
	bruno := slices.IndexFunc(calls, func(c recordedCall) bool { return c.Name == "race bruno writes" })
	calls[bruno], calls[bruno+1] = calls[bruno+1], calls[bruno]
	w.replay(calls, w.everydaySteps(calls))
	w.compareHooks(calls, readLines[recordedHook](t, "testdata/everyday/webhooks.jsonl"))
	w.compareFrames(calls, readLines[recordedFrame](t, "../testdata/everyday/cable.jsonl"))
}

// everydaySteps are what was done between the recorded calls.
func (w *world) everydaySteps(calls []recordedCall) map[string]func() {
	ana := w.admin()
	return map[string]func(){
		"message delete":       func() { w.s.Reply(2, 1, "Mensagem enganada") },
		"conversations page 1": func() { w.bulkOfConversations(calls) },
		"contact merge":        w.conversationToMerge,
		"race ana reads":       func() { w.s.SetLabels(1, 12, []string{"novo"}) },
		"meta throttled": func() {
			for range 30 {
				status, _ := ana.agent(0).do(http.MethodGet, "/api/v1/accounts/1/conversations/meta", nil, "X-Forwarded-For", "203.0.113.7")
				require.Equal(w.t, http.StatusOK, status)
			}
		},
	}
}

// bulkOfConversations makes the sixty conversations of the recording, read
// back from its own list.
func (w *world) bulkOfConversations(calls []recordedCall) {
	ana := w.admin()
	for _, row := range recordedRows(w.t, calls, "conversations updated within") {
		if row.ID == 1 {
			continue
		}
		contact := ana.api("POST", "contacts", map[string]any{"name": row.Meta.Sender.Name, "phone_number": row.Meta.Sender.Phone})
		made := ana.api("POST", "conversations", map[string]any{
			"inbox_id": row.InboxID, "contact_id": dig(w.t, contact, "payload", "contact", "id"), "custom_attributes": row.Custom,
		})
		id := itoa(int64(dig(w.t, made, "id").(float64)))
		require.Equal(w.t, itoa(row.ID), id)
		ana.api("POST", "conversations/"+id+"/messages", map[string]any{"content": row.Last.Content, "message_type": "incoming"})
		ana.api("POST", "conversations/"+id+"/labels", map[string]any{"labels": row.Labels})
		if row.Status != "open" {
			ana.api("POST", "conversations/"+id+"/toggle_status", map[string]any{"status": row.Status})
		}
		// Its activity line is written by a job of its own and counts as
		// activity: written late it would put this one before the next.
		w.s.DrainWebhooks()
	}
}

type recordedRow struct {
	ID   int64
	Meta struct {
		Sender struct {
			Name  string
			Phone string `json:"phone_number"`
		}
	}
	InboxID int64          `json:"inbox_id"`
	Custom  map[string]any `json:"custom_attributes"`
	Last    struct {
		Content string
	} `json:"last_non_activity_message"`
	Labels []string
	Status string
}

// recordedRows is a recorded list, the oldest first.
func recordedRows(t *testing.T, calls []recordedCall, name string) []recordedRow {
	t.Helper()
	for _, call := range calls {
		if call.Name != name {
			continue
		}
		var list struct {
			Data struct{ Payload []recordedRow }
		}
		require.NoError(t, json.Unmarshal(call.Response.Body, &list))
		rows := make([]recordedRow, len(list.Data.Payload)+1)
		for _, row := range list.Data.Payload {
			rows[row.ID] = row
		}
		return rows[1:]
	}
	t.Fatalf("no call %q", name)
	return nil
}

func (w *world) conversationToMerge() {
	ana := w.admin()
	contact := ana.api("POST", "contacts", map[string]any{"name": "Marina Dupla", "email": "m2@cliente.example", "inbox_id": 1})
	id := dig(w.t, contact, "payload", "contact", "id")
	require.EqualValues(w.t, 62, id)
	ana.api("POST", "conversations", map[string]any{"inbox_id": 1, "contact_id": id})
}
