package kanban

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// attributeTries bounds how often a change is begun anew because somebody else wrote at the same moment.
const attributeTries = 5

// ChangeAttributes sets custom attributes of a conversation as the viewer; a nil value removes one. Chatwoot knows only the whole map
// (CONTRACT 5.6), so it is read, changed, written and read back, one of ours at a time. What a race with somebody else undid is found by
// the webhooks that follow, and restored: see attribute_race.go.
func (e *Engine) ChangeAttributes(ctx context.Context, v Viewer, id ConversationID, change map[string]any) error {
	wanted, err := fieldsOfMap(change)
	if err != nil {
		return err
	}
	c, err := e.As(ctx, v)
	if err != nil {
		return err
	}
	leave, err := e.Turn(ctx, v.Account, id)
	if err != nil {
		return err
	}
	defer leave()
	return e.Heard(ctx, v, e.writeFields(ctx, c, v, id, func(fields) fields { return wanted }))
}

// writeFields brings a conversation's attributes to what wish says of those that are there; an absent value removes. Whoever calls has
// the conversation's turn.
func (e *Engine) writeFields(ctx context.Context, c *chatwoot.Client, v Viewer, id ConversationID, wish func(fields) fields) error {
	var failed error
	for range attributeTries {
		at := e.Clock()
		conv, err := c.Conversation(ctx, int64(id))
		if err != nil {
			return err
		}
		base := fieldsOf(conv.CustomAttributes)
		wanted := wish(base)
		if base.have(wanted) {
			return e.Learn(ctx, v.Account, conv, at, v.Actor)
		}
		written := base.with(wanted)
		e.fieldRaces.begin(conversationKey{v.Account, id}, fieldWrite{base: base, written: written, at: at})
		// One attempt: a map that is written again later would be an old view of it.
		_, err = c.Once().SetCustomAttributes(ctx, int64(id), written.body())
		if failed = err; err != nil && !maybeDone(err) {
			return err
		}
	}
	if failed != nil {
		return failed
	}
	return ErrStale // others write all the time
}

func maybeDone(err error) bool {
	refused, ok := errors.AsType[*chatwoot.Error](err)
	return ok && refused.MayHaveHappened()
}

// fields are custom attributes by key, each as compact JSON. In a wish an empty value means that the attribute is to go.
type fields map[string]string

func fieldsOf(a chatwoot.Attributes) fields {
	f, err := fieldsIn([]byte(a.String()))
	if err != nil {
		return fields{}
	}
	return f
}

// fieldsIn reads an object. The values stay as they are written: numbers keep their digits, objects their order.
func fieldsIn(raw []byte) (fields, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	f := make(fields, len(m))
	for key, value := range m {
		var b bytes.Buffer
		if err := json.Compact(&b, value); err != nil {
			return nil, err
		}
		f[key] = b.String()
	}
	return f, nil
}

func fieldsOfMap(m map[string]any) (fields, error) {
	f := make(fields, len(m))
	for key, value := range m {
		if value == nil {
			f[key] = ""
			continue
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		f[key] = string(raw)
	}
	return f, nil
}

// have reports whether a wish is fulfilled.
func (f fields) have(wish fields) bool {
	for key := range wish {
		if f.at(key) != wish.at(key) {
			return false
		}
	}
	return true
}

// at is what a key's value means, to be compared. Null is as good as absent.
func (f fields) at(key string) string { return meaning(f[key]) }

// meaning is the same for all ways to write one value: Chatwoot's answers, its webhooks and ours escape different characters, and Ruby
// keeps what is not a whole number as a float of 64 bits.
func meaning(raw string) string {
	switch {
	case raw == "null":
		return ""
	case strings.HasPrefix(raw, `"`):
		var text string
		if !strings.Contains(raw, `\`) || json.Unmarshal([]byte(raw), &text) != nil {
			return raw
		}
		return `"` + text + `"`
	case strings.HasPrefix(raw, "{"), strings.HasPrefix(raw, "["):
		var value any
		if json.Unmarshal([]byte(raw), &value) != nil {
			return raw
		}
		same, _ := json.Marshal(value) //nolint:errchkjson // it came from JSON
		return string(same)
	case strings.ContainsAny(raw, ".eE"):
		if f, err := strconv.ParseFloat(raw, 64); err == nil {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return raw
}

// wished is a key's value as a wish for it has it.
func (f fields) wished(key string) string {
	if f.at(key) == "" {
		return ""
	}
	return f[key]
}

func (f fields) with(wish fields) fields {
	next := make(fields, len(f)+len(wish))
	maps.Copy(next, f)
	for key, value := range wish {
		if value == "" {
			delete(next, key)
		} else {
			next[key] = value
		}
	}
	return next
}

func (f fields) body() map[string]any {
	m := make(map[string]any, len(f))
	for key, value := range f {
		m[key] = json.RawMessage(value)
	}
	return m
}
