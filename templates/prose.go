package templates

import (
	"context"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// mark finds what is more than plain text in a message: code, links of Markdown's, addresses, and words in bold, italics or crossed out as
// Chatwoot and WhatsApp write them.
var mark = regexp.MustCompile("(?s)```(.+?)```" + "|`([^`\n]+)`" + `|\[([^\]\n]+)\]\(([^()\s]+)\)|(https?://[^\s<>"]+)` +
	`|\*\*([^\s*][^*\n]*)\*\*|\B\*([^\s*][^*\n]*)\*\B|\b_([^\s_][^_\n]*)_\b|~([^\s~][^~\n]*)~`)

// prose draws a message's text. Nothing of it becomes markup but what is written here; line breaks are left to the style sheet.
func prose(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		rest := text
		for rest != "" {
			at := mark.FindStringSubmatchIndex(rest)
			if at == nil {
				break
			}
			b.WriteString(html.EscapeString(rest[:at[0]]))
			part := func(n int) string {
				if at[2*n] < 0 {
					return ""
				}
				return rest[at[2*n]:at[2*n+1]]
			}
			b.WriteString(marked(part))
			rest = rest[at[1]:]
		}
		b.WriteString(html.EscapeString(rest))
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// marked is the markup of one find; part is its groups.
func marked(part func(int) string) string {
	for n, element := range map[int]string{1: "pre", 2: "code", 6: "strong", 7: "strong", 8: "em", 9: "s"} {
		if inner := part(n); inner != "" {
			return "<" + element + ">" + html.EscapeString(strings.Trim(inner, "\n")) + "</" + element + ">"
		}
	}
	if address := part(5); address != "" {
		bare := strings.TrimRight(address, ".,;:!?)]}'\"")
		return link(bare, bare) + html.EscapeString(address[len(bare):])
	}
	if strings.HasPrefix(part(4), "mention://") {
		return `<b class="mention">` + html.EscapeString(part(3)) + "</b>"
	}
	return link(part(4), part(3))
}

// link leads out of the page in a tab of its own; what is no address of the web stays text.
func link(address, text string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return html.EscapeString(text)
	}
	return `<a href="` + html.EscapeString(u.String()) + `" target="_blank" rel="noopener noreferrer nofollow">` + html.EscapeString(text) + "</a>"
}
