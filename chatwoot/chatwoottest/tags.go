package chatwoottest

import (
	"slices"
	"strings"
)

// parseTags reads a list of label titles as acts-as-taggable-on does: trimmed,
// blanks dropped, a comma splits unless quoted, duplicates dropped whatever
// their case with the first spelling winning (CONTRACT 6.2).
func parseTags(raw []string) []string {
	tags := []string{}
	seen := map[string]bool{}
	for _, text := range raw {
		for _, tag := range splitTags(text) {
			tag = strings.TrimSpace(tag)
			folded := strings.ToLower(tag)
			if tag == "" || seen[folded] {
				continue
			}
			seen[folded] = true
			tags = append(tags, tag)
		}
	}
	return tags
}

// splitTags splits at commas; a part wholly in quotes is taken as it is.
func splitTags(text string) []string {
	var parts []string
	for text != "" {
		trimmed := strings.TrimLeft(text, " ")
		if quote := quoteOf(trimmed); quote != "" {
			if tag, rest, ok := quoted(trimmed, quote); ok {
				parts, text = append(parts, tag), rest
				continue
			}
		}
		tag, rest, _ := strings.Cut(text, ",")
		parts, text = append(parts, tag), rest
	}
	return parts
}

func quoteOf(text string) string {
	for _, quote := range []string{`"`, `'`} {
		if strings.HasPrefix(text, quote) {
			return quote
		}
	}
	return ""
}

// quoted takes one quoted tag from the start of text if its closing quote is
// followed by a comma or the end.
func quoted(text, quote string) (tag, rest string, ok bool) {
	tag, rest, found := strings.Cut(text[1:], quote)
	if !found {
		return "", "", false
	}
	rest = strings.TrimLeft(rest, " ")
	if rest != "" && rest[0] != ',' {
		return "", "", false
	}
	return tag, strings.TrimPrefix(rest, ","), true
}

// sameTags says whether two sets are equal whatever their order.
func sameTags(a, b []string) bool {
	return len(a) == len(b) && len(tagsMissing(a, b)) == 0
}

// tagsMissing returns those of want that have lacks.
func tagsMissing(want, have []string) []string {
	var missing []string
	for _, tag := range want {
		if !slices.Contains(have, tag) {
			missing = append(missing, tag)
		}
	}
	return missing
}
