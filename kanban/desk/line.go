package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// What of a foreign message is kept.
const (
	optionLimit = 30
	fileLimit   = 50
	textLimit   = 20_000 // characters of one line; longer e-mails are read in Chatwoot
)

func lineOf(m chatwoot.Message, viewer kanban.AgentID) Line {
	attributes := map[string]any{}
	_ = json.Unmarshal(m.ContentAttributes, &attributes) // foreign, and may be absent
	l := Line{
		ID: m.ID, Kind: kindOf(m), Text: clipped(m.Content, textLimit), At: m.CreatedAt.Time, Status: m.Status,
		Trouble: textOf(attributes, "external_error"), Deleted: attributes["deleted"] == true,
	}
	if s := m.Sender; s != nil {
		l.Who, l.Bot = s.Name, s.Type == "agent_bot"
		l.Mine = s.Type == "user" && viewer != 0 && s.ID == int64(viewer)
	}
	if email, ok := attributes["email"].(map[string]any); ok {
		l.Subject = textOf(email, "subject")
	}
	if l.Deleted {
		return l
	}
	l.Options = optionsOf(attributes)
	for _, a := range m.Attachments[:min(len(m.Attachments), fileLimit)] {
		l.Files = append(l.Files, fileOf(a))
	}
	return l
}

func kindOf(m chatwoot.Message) LineKind {
	switch {
	case m.MessageType == chatwoot.Activity:
		return Event
	case m.Private:
		return Note
	case m.MessageType == chatwoot.Incoming:
		return FromCustomer
	case m.MessageType == chatwoot.Template:
		return Automatic
	}
	return FromUs
}

// optionsOf are the choices, cards or form fields of a message, with what the customer answered (content types input_select, cards, form,
// article, input_csat).
func optionsOf(attributes map[string]any) []Option {
	answers := map[string]string{}
	for _, v := range listOf(attributes["submitted_values"]) {
		key := cmp.Or(textOf(v, "name"), textOf(v, "value"))
		answers[key] = cmp.Or(textOf(v, "value"), textOf(v, "title"))
	}
	var all []Option
	for _, item := range listOf(attributes["items"]) {
		o := Option{Title: cmp.Or(textOf(item, "title"), textOf(item, "label"), textOf(item, "name")), Text: textOf(item, "description")}
		o.Answer = answers[cmp.Or(textOf(item, "name"), textOf(item, "value"))]
		if o.Title != "" && len(all) < optionLimit {
			all = append(all, o)
		}
	}
	if rated, ok := attributes["submitted_values"].(map[string]any); ok {
		if survey, ok := rated["csat_survey_response"].(map[string]any); ok {
			all = append(all, Option{Title: clipped(fmt.Sprint(survey["rating"]), 5) + " / 5", Text: textOf(survey, "feedback_message")})
		}
	}
	return all
}

func listOf(v any) []map[string]any {
	entries, _ := v.([]any)
	var all []map[string]any
	for _, e := range entries {
		if m, ok := e.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

func textOf(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return clipped(s, 1000)
}

// clipped is the beginning of a text of others.
func clipped(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func fileOf(a chatwoot.Attachment) File {
	f := File{ID: a.ID, Size: a.FileSize, Kind: Document, Name: clipped(cmp.Or(nameIn(a.DataURL), a.Title), 120)}
	switch a.FileType {
	case "image":
		f.Kind = Image
	case "audio":
		f.Kind = Audio
	case "video":
		f.Kind = Video
	case "file", "ig_reel", "ig_post", "ig_story":
	case "location":
		f.Kind, f.Name = Place, clipped(a.Title, 120)
		f.Place = fmt.Sprintf("%.6f, %.6f", a.Latitude, a.Longitude)
	default:
		f.Kind, f.Name = OtherPart, clipped(cmp.Or(a.Title, a.FileType), 120)
	}
	if a.DataURL == "" && f.Kind != Place {
		f.Kind = OtherPart
	}
	return f
}

// nameIn is the file's name, which Chatwoot's address of it ends with.
func nameIn(address string) string {
	address, _, _ = strings.Cut(address, "?")
	name := path.Base(address)
	if name == "." || name == "/" || strings.Contains(name, ":") {
		return ""
	}
	if plain, err := url.PathUnescape(name); err == nil {
		return plain
	}
	return name
}
