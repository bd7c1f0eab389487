package kanban

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// labelTitleLimit is how long a label's title may be, in bytes: Chatwoot counts letters, which are never more (CONTRACT 7.3).
const labelTitleLimit = 255

// CheckLabelTitle refuses a title that Chatwoot would refuse, before it is asked (CONTRACT 7.3). The *InvalidError has a suggestion
// where there is one.
func CheckLabelTitle(title string) error {
	if len(title) <= labelTitleLimit && title == strings.ToLower(title) && labelTitle.MatchString(title) {
		return nil
	}
	suggestion := SuggestLabelTitle(title)
	if suggestion == "" {
		return Invalid("label.title_not_allowed", "title", cut(title))
	}
	return Invalid("label.title_suggestion", "title", cut(title), "suggestion", suggestion)
}

// SuggestLabelTitle makes a label's title of what people call a stage: "Proposta enviada" becomes "proposta-enviada". Empty when
// nothing of the text can be in a title.
func SuggestLabelTitle(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(unaccented(text)) {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	title := strings.Trim(b.String(), "-_")
	for len(title) > labelTitleLimit {
		title = strings.TrimRight(string([]rune(title)[:len([]rune(title))-1]), "-_")
	}
	if !labelTitle.MatchString(title) {
		return ""
	}
	return title
}

// unaccented leaves accents out: titles are typed into filters and automations, where they are easily forgotten.
func unaccented(text string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), text)
	if err != nil {
		return text
	}
	return plain
}
