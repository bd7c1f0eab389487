package desk

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// Canned is a prepared answer with its places filled in.
type Canned struct{ Code, Text string }

// cannedLimit is how many prepared answers are offered at a time.
const cannedLimit = 20

// Canned are the prepared answers that match what was typed, filled in for a conversation as Chatwoot's own screen does.
func (d *Desk) Canned(ctx context.Context, v kanban.Viewer, conv kanban.Conversation, inbox, typed string) ([]Canned, error) {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return nil, err
	}
	found, err := c.CannedResponses(ctx, clipped(typed, 100))
	if err != nil {
		return nil, d.Engine.Heard(ctx, v, err)
	}
	places := placesOf(v, conv, inbox)
	var all []Canned
	for _, r := range found[:min(len(found), cannedLimit)] {
		all = append(all, Canned{Code: r.ShortCode, Text: filledIn(r.Content, places)})
	}
	return all, nil
}

var liquidPlace = regexp.MustCompile(`{{\s*([a-z_]+\.[a-z_]+)\s*}}`)

// filledIn puts values into the places of a text. A place that nobody knows is left for Chatwoot, which fills in those that it knows.
func filledIn(text string, places map[string]string) string {
	return liquidPlace.ReplaceAllStringFunc(text, func(place string) string {
		if value, known := places[liquidPlace.FindStringSubmatch(place)[1]]; known {
			return value
		}
		return place
	})
}

func placesOf(v kanban.Viewer, conv kanban.Conversation, inbox string) map[string]string {
	first, last := firstAndLast(conv.Contact.Name)
	agentFirst, agentLast := firstAndLast(v.Name)
	return map[string]string{
		"contact.name": conv.Contact.Name, "contact.first_name": first, "contact.last_name": last,
		"contact.email": conv.Contact.Email, "contact.phone": conv.Contact.Phone, "contact.id": strconv.FormatInt(int64(conv.Contact.ID), 10),
		"conversation.id": strconv.FormatInt(int64(conv.ID), 10), "inbox.name": inbox,
		"agent.name": v.Name, "agent.first_name": agentFirst, "agent.last_name": agentLast,
	}
}

func firstAndLast(name string) (first, last string) {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "", ""
	}
	if len(words) > 1 {
		last = words[len(words)-1]
	}
	return words[0], last
}
