package static

import "slices"

// sorted makes the digest the same in every run.
func sorted(all map[string]asset) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
