package chatwoottest_test

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stretchr/testify/assert"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// cutSteps were cut after sixty deliveries, so that their number says nothing.
var cutSteps = []string{"bulk of conversations", "receiver well"}

// notSimulatedSteps are steps of the recordings that nobody does here.
var notSimulatedSteps = map[string]string{
	"widget conversation": "the website widget also edits the contact it makes",
	"bot conversation":    "as above, and it greets by template messages",
	"rule adds a label":   "rules are not simulated", "rule adds a label 2": "rules are not simulated",
	"macro": "macros are not simulated", "reply wakes": "not replayed",
}

// compareHooks compares the deliveries between two pauses of the recording
// with the simulator's after the same calls: as many of each event, whatever
// their order, and of the same shape.
func (w *world) compareHooks(calls []recordedCall, recorded []recordedHook) {
	w.t.Helper()
	secret := w.secret(calls)
	for start := 0; start < len(calls); {
		end := pauseAfter(calls, start)
		from, to := calls[start].At, 1e9
		if end < len(calls) {
			to = calls[end].At
		}
		var told []recordedHook
		for _, h := range recorded {
			if h.At >= from && h.At < to {
				told = append(told, h)
			}
		}
		w.compareGroup(calls[start].Name, told, w.hooksOf(start, end), secret)
		start = end
	}
}

// pauseAfter is the first call after start that came more than a second later
// than the one before it.
func pauseAfter(calls []recordedCall, start int) int {
	for i := start + 1; i < len(calls); i++ {
		if calls[i].At == 0 { // not noted for the multipart upload
			calls[i].At = calls[i-1].At + 2
		}
		if calls[i].At-calls[i-1].At > 1 {
			return i
		}
		if calls[i].At < calls[i-1].At-1 { // the sign-ins were recorded apart
			return len(calls)
		}
	}
	return len(calls)
}

func (w *world) hooksOf(start, end int) []hook {
	var made []hook
	for _, h := range w.hooks {
		if h.call >= start && h.call < end {
			made = append(made, h.hook)
		}
	}
	return made
}

func (w *world) compareGroup(after string, told []recordedHook, made []hook, secret string) {
	w.t.Helper()
	if slices.ContainsFunc(told, func(h recordedHook) bool {
		return slices.Contains(cutSteps, h.Step) || notSimulatedSteps[h.Step] != ""
	}) {
		return
	}
	want, got := []map[string]any{}, []map[string]any{}
	for _, h := range told {
		want = append(want, exact(w.tokens.Replace(h.Body)).(map[string]any))
	}
	for _, h := range made {
		got = append(got, exact(string(h.raw)).(map[string]any))
		signed := chatwoottest.Sign(secret, h.header.Get("X-Chatwoot-Timestamp"), h.raw)
		assert.Equal(w.t, signed, h.header.Get("X-Chatwoot-Signature"))
	}
	sortHooks(want)
	sortHooks(got)
	if !assert.Equal(w.t, hookNames(want), hookNames(got), "after %s", after) {
		return
	}
	for i := range want {
		for _, d := range diff("", sortChanges(want[i]), sortChanges(got[i])) {
			if !d.value && !momentary(after, d.path) {
				assert.Fail(w.t, "webhook after "+after+": "+hookNames(want)[i]+" "+d.path+": "+d.problem)
			}
		}
	}
}

// momentary are fields that are null or not according to how late the payload
// was built (several events in a row may carry the newest state), and whether
// the worker happened to know who is online.
func momentary(after, path string) bool {
	selfAssigned := after == "status open as agent self assigns" && strings.Contains(path, "assignee")
	return selfAssigned || strings.HasSuffix(path, "first_reply_created_at") || strings.HasSuffix(path, "availability_status")
}

// sortHooks orders deliveries by what they tell, since their order is free.
func sortHooks(hooks []map[string]any) {
	slices.SortStableFunc(hooks, func(a, b map[string]any) int { return cmp.Compare(hookName(a), hookName(b)) })
}

func hookNames(hooks []map[string]any) []string {
	names := []string{}
	for _, h := range hooks {
		names = append(names, hookName(h))
	}
	return names
}

// hookName is the event with the attributes it says have changed, but for the
// first filling of the cached label list, which comes along with any save that
// happens to have the labels loaded.
func hookName(h map[string]any) string {
	name := h["event"].(string)
	for _, key := range changedKeys(h) {
		name += " " + key
	}
	return name
}

func changedKeys(h map[string]any) []string {
	var keys []string
	changes, _ := h["changed_attributes"].([]any)
	for _, one := range changes {
		keys = append(keys, keyOf(one))
	}
	slices.Sort(keys)
	if !slices.Contains(keys, "label_list") {
		keys = slices.DeleteFunc(keys, func(key string) bool { return key == "cached_label_list" })
	}
	return keys
}

func sortChanges(h map[string]any) map[string]any {
	changes, isList := h["changed_attributes"].([]any)
	if !isList {
		return h
	}
	told := changedKeys(h)
	changes = slices.DeleteFunc(changes, func(one any) bool { return !slices.Contains(told, keyOf(one)) })
	slices.SortFunc(changes, func(a, b any) int { return cmp.Compare(keyOf(a), keyOf(b)) })
	h["changed_attributes"] = changes
	return h
}

// keyOf is the one key of a line of changed_attributes.
func keyOf(change any) string {
	for key := range change.(map[string]any) {
		return key
	}
	return ""
}

// secret of the webhook made last.
func (w *world) secret([]recordedCall) string {
	webhooks := dig(w.t, w.admin().api("GET", "webhooks", nil), "payload", "webhooks").([]any)
	return dig(w.t, webhooks[len(webhooks)-1], "secret").(string)
}
