package desk

import (
	"context"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// search looks among a conversation's messages for one of ours whose sending was not answered. Chatwoot keeps no mark of ours on a message
// (it echoes echo_id and forgets it, CONTRACT 8.2; one with a source_id would not be delivered), so ours is known by its writer, its kind
// and its text, among those that came after it was begun.
func (d *Desk) search(ctx context.Context, m kanban.Send) (kanban.Send, error) {
	c, err := d.Engine.As(ctx, m.Writer())
	if err != nil {
		return d.notFound(ctx, m, err)
	}
	taken, err := d.Store.SentMessages(ctx, m.Account, m.Conversation, m.Newest)
	if err != nil {
		return m, err
	}
	for after := m.Newest; ; {
		page, err := c.Messages(ctx, int64(m.Conversation), chatwoot.MessagesOptions{After: after})
		if err != nil {
			return d.notFound(ctx, m, err)
		}
		for _, said := range page.Messages {
			if said.ID > m.Newest && !slices.Contains(taken, said.ID) && isOurs(m, said) {
				return d.arrived(ctx, m, said.ID)
			}
		}
		last := newest(page.Messages)
		if last <= after {
			break
		}
		after = last
	}
	return d.notFound(ctx, m, nil)
}

// isOurs reports whether a message in Chatwoot is the one that we sent.
func isOurs(m kanban.Send, said chatwoot.Message) bool {
	switch {
	case said.MessageType != chatwoot.Outgoing || said.Private != m.Private || len(said.Attachments) != len(m.Parcel.Files):
		return false
	case said.Sender == nil || said.Sender.Type != "user":
		return false
	case m.By.ID != 0 && said.Sender.ID != int64(m.By.ID):
		return false
	}
	// Chatwoot fills Liquid's places in what is sent: such a text comes back as another.
	return strings.Contains(m.Parcel.Text, "{{") || strings.Contains(m.Parcel.Text, "{%") || plain(said.Content) == plain(m.Parcel.Text)
}

// plain is a text without what Chatwoot may change in it: line ends and the space around.
func plain(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// notFound has a message looked for again, until it has had time enough to appear. err is why nobody could look.
func (d *Desk) notFound(ctx context.Context, m kanban.Send, err error) (kanban.Send, error) {
	now := d.Clock()
	err = d.Engine.Heard(ctx, m.Writer(), err)
	switch k := chatwoot.KindOf(err); {
	case err == nil && now.Sub(m.BegunAt) >= settles:
		m.State, m.Reason = kanban.SendLost, "lost"
	case err == nil || passes(k):
		m.State, m.Reason, m.DueAt = kanban.SendUnknown, "unknown", now.Add(lookEvery)
	case k == "":
		m.State, m.Reason, m.DueAt = kanban.SendUnknown, "signed_out", now.Add(signInEvery)
	default: // it may not be read any more
		m.State, m.Reason = kanban.SendLost, "lost"
	}
	return m, d.Store.SettleSend(ctx, m)
}
