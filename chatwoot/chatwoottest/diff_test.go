package chatwoottest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// exact parses JSON keeping the spelling of numbers; empty bodies and plain
// text become strings.
func exact(raw string) any {
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	var parsed any
	if decoder.Decode(&parsed) != nil {
		return raw
	}
	return parsed
}

// difference is where an answer is not as recorded: in shape, or only in value.
type difference struct {
	path, problem string
	value         bool
}

// diff lists where got differs from want.
func diff(path string, want, got any) []difference {
	if kindOf(want) != kindOf(got) {
		return []difference{{path, fmt.Sprintf("want %s %.60v, got %s %.60v", kindOf(want), want, kindOf(got), got), false}}
	}
	switch want := want.(type) {
	case map[string]any:
		return diffObjects(path, want, got.(map[string]any))
	case []any:
		return diffLists(path, want, got.([]any))
	}
	return diffValues(path, want, got)
}

func diffObjects(path string, want, got map[string]any) (all []difference) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		place := strings.TrimPrefix(path+"."+key, ".")
		if value, present := got[key]; present {
			all = append(all, diff(place, want[key], value)...)
		} else {
			all = append(all, difference{place, "is missing", false})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, known := want[key]; !known {
			all = append(all, difference{strings.TrimPrefix(path+"."+key, "."), "is not Chatwoot's", false})
		}
	}
	return all
}

func diffLists(path string, want, got []any) (all []difference) {
	if len(want) != len(got) {
		return []difference{{path, fmt.Sprintf("want %d elements, got %d", len(want), len(got)), true}}
	}
	for i := range want {
		all = append(all, diff(path+"[]", want[i], got[i])...)
	}
	return all
}

func diffValues(path string, want, got any) []difference {
	same := want == got
	switch {
	case serial.MatchString(path):
		same = true
	case volatile.MatchString(path):
		same = isZero(want) == isZero(got)
	}
	if same {
		return nil
	}
	return []difference{{path, fmt.Sprintf("want %v, got %v", want, got), true}}
}

func isZero(v any) bool { return v == nil || v == "" || v == json.Number("0") || v == "0000000000" }

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(v.String(), ".e") {
			return "float"
		}
		return "integer"
	case []any:
		return "array"
	}
	return "object"
}
