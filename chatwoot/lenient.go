package chatwoot

import (
	"bytes"
	"encoding/json"
)

// usableOf returns the entries that can be used, and how many cannot. Lists are decoded into plain slices: encoding/json leaves
// entries of the wrong type zero, and the slice nil when there was no array.
func usableOf[T interface{ usable() bool }](all []T) (kept []T, skipped int) {
	kept = make([]T, 0, len(all))
	for _, entry := range all {
		if entry.usable() {
			kept = append(kept, entry)
		}
	}
	return kept, len(all) - len(kept)
}

// kept is usableOf for lists within an entry, where an empty one is as good as none.
func kept[T interface{ usable() bool }](all []T) []T {
	if some, _ := usableOf(all); len(some) > 0 {
		return some
	}
	return nil
}

// titles is a JSON array of strings; other entries are skipped. It is nil when there was no array, empty for an empty one.
type titles []string

// UnmarshalJSON never fails.
func (t *titles) UnmarshalJSON(b []byte) error {
	*t = nil
	var all []any
	if firstByte(b) != '[' {
		return nil
	}
	_ = json.Unmarshal(b, &all) // b is sound JSON: the decoder that calls this has seen to it
	*t = make(titles, 0, len(all))
	for _, entry := range all {
		if s, ok := entry.(string); ok {
			*t = append(*t, s)
		}
	}
	return nil
}

// Attributes is a JSON object (custom or additional attributes) exactly as Chatwoot wrote it: numbers keep their digits and keys
// their order. It is empty when Chatwoot sent none.
type Attributes []byte

// UnmarshalJSON keeps objects and drops everything else. It never fails.
func (a *Attributes) UnmarshalJSON(b []byte) error {
	*a = nil
	if firstByte(b) == '{' {
		*a = bytes.Clone(b)
	}
	return nil
}

// MarshalJSON writes the object back, {} when empty.
func (a Attributes) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// String returns the object as JSON, {} when empty.
func (a Attributes) String() string {
	if len(a) == 0 {
		return "{}"
	}
	return string(a)
}

// Map returns the attributes by key, numbers as json.Number. It is never nil.
func (a Attributes) Map() map[string]any {
	m := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(a))
	d.UseNumber()
	if d.Decode(&m) != nil || m == nil {
		return map[string]any{}
	}
	return m
}

// Text returns the attribute's value if it is a string.
func (a Attributes) Text(key string) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(a, &fields) != nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(fields[key], &s)
	return s
}
