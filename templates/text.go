package templates

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// oneLine makes foreign text fit for one line: no breaks, no control characters, at most limit runes.
func oneLine(s string, limit int) string {
	if isOneLine(s, limit) {
		return s
	}
	var b strings.Builder
	space, n := false, 0
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) || isBidiControl(r) {
			space = true
			continue
		}
		if n >= limit {
			b.WriteRune('…')
			break
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
			n++
		}
		space = false
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// isOneLine finds texts that need no change, which are most.
func isOneLine(s string, limit int) bool {
	if len(s) > limit || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") || strings.Contains(s, "  ") {
		return false
	}
	for _, r := range s {
		if r != ' ' && unicode.IsSpace(r) || unicode.IsControl(r) || isBidiControl(r) {
			return false
		}
	}
	return true
}

// isBidiControl finds the marks that would turn the text after them around.
func isBidiControl(r rune) bool {
	return (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069)
}

// initials are the first letters of a name's first two words, as Chatwoot writes them; else its first character.
func initials(name string) string {
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(name) {
		if r := firstLetter(word); r != 0 && n < 2 {
			b.WriteRune(unicode.ToUpper(r))
			n++
		}
	}
	if n > 0 {
		return b.String()
	}
	r, _ := utf8.DecodeRuneInString(name)
	return string(r)
}

func firstLetter(word string) rune {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
	}
	return 0
}

// hues is how many colours avatars have (css/avatar.css).
const hues = 6

// hue gives a name always the same colour.
func hue(name string) string {
	h := uint32(2166136261) // FNV-1a
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return strconv.Itoa(int(h % hues))
}

func itoa[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
