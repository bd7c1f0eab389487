package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// Template is a message that WhatsApp lets a business send when its reply window is closed.
type Template struct {
	Name, Category, Language string
	// Body is the text with its Places: {{1}} or {{name}}.
	Body   string
	Places []string
}

// ID tells a template from the others of its inbox.
func (t Template) ID() string { return t.Name + " " + t.Language }

var templatePlace = regexp.MustCompile(`{{\s*([\w]+)\s*}}`)

// Templates are the approved templates of an inbox that consist of text. Those with a picture at their head or with an address to be
// filled in need more than words: they are sent from Chatwoot's own screen.
func (d *Desk) Templates(ctx context.Context, v kanban.Viewer, inbox kanban.InboxID) ([]Template, error) {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return nil, err
	}
	inboxes, err := c.Inboxes(ctx)
	if err != nil {
		return nil, d.Engine.Heard(ctx, v, err)
	}
	i := slices.IndexFunc(inboxes, func(i chatwoot.Inbox) bool { return i.ID == int64(inbox) })
	if i < 0 {
		return nil, nil // Chatwoot lists an agent's own inboxes only
	}
	var all []Template
	for _, t := range inboxes[i].Templates {
		if sendable(t) {
			all = append(all, templateOf(t))
		}
	}
	return all, nil
}

func sendable(t chatwoot.MessageTemplate) bool {
	if !strings.EqualFold(t.Status, "APPROVED") || t.Name == "" || templateOf(t).Body == "" {
		return false
	}
	for _, part := range t.Components {
		switch strings.ToUpper(part.Type) {
		case "HEADER":
			if part.Format != "" && !strings.EqualFold(part.Format, "TEXT") || templatePlace.MatchString(part.Text) {
				return false
			}
		case "BUTTONS":
			for _, b := range part.Buttons {
				if templatePlace.MatchString(b.URL) || strings.EqualFold(b.Type, "COPY_CODE") {
					return false
				}
			}
		}
	}
	return true
}

func templateOf(t chatwoot.MessageTemplate) Template {
	out := Template{Name: t.Name, Category: t.Category, Language: t.Language}
	for _, part := range t.Components {
		if strings.EqualFold(part.Type, "BODY") {
			out.Body = clipped(part.Text, 2000)
		}
	}
	for _, place := range templatePlace.FindAllStringSubmatch(out.Body, -1) {
		if !slices.Contains(out.Places, place[1]) {
			out.Places = append(out.Places, place[1])
		}
	}
	return out
}

// Fill writes a template with values in its places. Every place needs one.
func (t Template) Fill(values map[string]string) (kanban.Parcel, error) {
	for _, place := range t.Places {
		if strings.TrimSpace(values[place]) == "" {
			return kanban.Parcel{}, kanban.Invalid("send.template_place", "place", place)
		}
	}
	text := templatePlace.ReplaceAllStringFunc(t.Body, func(place string) string { return values[templatePlace.FindStringSubmatch(place)[1]] })
	return kanban.Parcel{Text: text, Template: &kanban.ParcelTemplate{Name: t.Name, Category: t.Category, Language: t.Language, Values: values}}, nil
}
