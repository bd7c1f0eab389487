package desk

import (
	"context"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// Open reads a file that came with a message. The message is read again as the viewer, so that nobody gets a file that Chatwoot would not
// show them. byteRange is a Range header's value; whoever gets the answer closes its body.
func (d *Desk) Open(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, message, attachment int64, byteRange string) (File, chatwoot.FileAnswer, error) {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return File{}, chatwoot.FileAnswer{}, err
	}
	page, err := c.Messages(ctx, int64(id), chatwoot.MessagesOptions{After: message, Before: message + 1})
	if err != nil {
		return File{}, chatwoot.FileAnswer{}, d.Engine.Heard(ctx, v, err)
	}
	for _, m := range page.Messages {
		for _, a := range m.Attachments {
			if m.ID == message && a.ID == attachment && a.DataURL != "" {
				answer, err := c.Server().File(ctx, a.DataURL, byteRange)
				return fileOf(a), answer, err
			}
		}
	}
	return File{}, chatwoot.FileAnswer{}, kanban.ErrNotFound
}
