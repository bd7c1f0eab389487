package chatwoottest_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// unusual goes on where everyday ended.
func (w *world) unusual(t *testing.T) {
	t.Helper()
	w.t = t
	w.admin().api("DELETE", "webhooks/1", nil)
	w.hooks, w.frames = nil, nil
	delete(w.cables, "bruno") // he does not listen any more
	for id := int64(2); id <= 61; id++ {
		w.s.SetLabels(1, id, map[bool][]string{true: {"novo"}, false: {"ganho", "vip"}}[id%2 == 0])
	}
	calls := readLines[recordedCall](t, "testdata/unusual/api.jsonl")
	w.replay(calls, w.unusualSteps(calls))
	w.compareHooks(calls, readLines[recordedHook](t, "testdata/unusual/webhooks.jsonl"))
	w.compareFrames(calls, readLines[recordedFrame](t, "../testdata/unusual/cable.jsonl"))
}

// unusualSteps are what was done between the recorded calls.
func (w *world) unusualSteps(calls []recordedCall) map[string]func() {
	ana := w.admin()
	return map[string]func(){
		"typing on": func() {
			w.s.CreateConversation(0, chatwoottest.NewConversation{
				Contact: "Rita Visitante", Email: "rita1@visita.example", InboxID: 3, Text: "Vocês entregam em Olinda?", Additional: fromWidget,
			})
		},
		"email conversation create": func() {
			ana.api("POST", "contacts", map[string]any{"name": "Otto Mail", "email": "otto1@mail.example"})
		},
		"conversation of an odd person": func() { w.oddConversations(calls) },
		"conversation held by a bot is pending": func() {
			w.s.CreateConversation(0, chatwoottest.NewConversation{Contact: "Saulo", InboxID: 3, Text: "Oi", Additional: fromWidget})
		},
		"team delete": func() {
			ana.api("POST", "teams", map[string]any{"name": "Temporario"})
			w.s.AssignTeam(1, 69, 2)
		},
		"conversation before agent removal": func() { w.s.Assign(1, 69, 6) },
		"import account": func() {
			for _, title := range []string{"lead", "orçamento", "fechado"} {
				ana.api("POST", "labels", map[string]any{"title": title, "color": "#336699", "show_on_sidebar": true})
			}
		},
		"sign in with two factors asks for a code": func() { w.s.SetTwoFactor(3, "150669") },
	}
}

// fromWidget is what the website widget tells of a visitor's browser.
var fromWidget = map[string]any{
	"browser": map[string]any{
		"device_name": "Unknown", "browser_name": "Unknown Browser", "platform_name": "Unknown", "browser_version": "0.0", "platform_version": "0",
	},
	"referer": "https://loja.example", "initiated_at": map[string]any{"timestamp": "2026-11-23"}, "browser_language": nil,
}

// oddConversations gives each odd person the conversation of the recording.
func (w *world) oddConversations(calls []recordedCall) {
	for _, call := range calls {
		if call.Name != "conversation of an odd person" {
			continue
		}
		var row recordedRow
		require.NoError(w.t, json.Unmarshal(call.Response.Body, &row))
		id := w.s.CreateConversation(1, chatwoottest.NewConversation{ContactID: row.ID, InboxID: 1, Text: row.Last.Content})
		require.Equal(w.t, row.ID, id)
	}
}
