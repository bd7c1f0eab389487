package kanban

import (
	"strconv"
	"strings"
)

// atLeast compares a version of Chatwoot's, such as "4.14.2", with one that a behaviour began with. An unknown one is not at least any.
func atLeast(version string, least ...int) bool {
	version, _, _ = strings.Cut(version, "-")
	parts := strings.Split(version, ".")
	for i, want := range least {
		if i >= len(parts) {
			return want == 0 && i > 0
		}
		have, err := strconv.Atoi(parts[i])
		if err != nil {
			return false
		}
		if have != want {
			return have > want
		}
	}
	return true
}
