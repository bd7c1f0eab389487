package desk

import (
	"context"
	"slices"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// Thread is a stretch of what was said in a conversation, the oldest first. It is read from Chatwoot and kept nowhere.
type Thread struct {
	Lines []Line
	// Older asks for what came before; 0 when there is nothing.
	Older int64
}

// Line is one message.
type Line struct {
	ID   int64
	Kind LineKind
	// Who said it; empty for what Chatwoot notes itself. Mine says that it was the viewer, Bot that it was no person.
	Who       string
	Mine, Bot bool
	Text      string
	At        time.Time
	// Status is sent, delivered, read or failed. Trouble is what the channel says about a failure.
	Status, Trouble string
	Deleted         bool
	// Subject of an e-mail.
	Subject string
	Options []Option
	Files   []File
}

// LineKind is what sort of message a line is.
type LineKind string

// The kinds of lines.
const (
	FromCustomer LineKind = "in"
	FromUs       LineKind = "out"
	Note         LineKind = "note"
	Event        LineKind = "event"     // what Chatwoot notes of itself
	Automatic    LineKind = "automatic" // a greeting, a survey
)

// Option is something a message offers to choose, or a field that it asked for, with what was answered.
type Option struct{ Title, Text, Answer string }

// File is what came with a message.
type File struct {
	ID   int64
	Kind FileKind
	Name string
	Size int64
	// Place is where a location is, as "latitude, longitude".
	Place string
}

// FileKind is how a file can be shown.
type FileKind string

// The kinds of files. What cannot be shown is offered to be kept.
const (
	Image     FileKind = "image"
	Audio     FileKind = "audio"
	Video     FileKind = "video"
	Document  FileKind = "file"
	Place     FileKind = "place"
	OtherPart FileKind = "other" // a story, a post, a contact: only its title is known
)

// pageOfMessages is how many messages Chatwoot returns at a time (CONTRACT 8.1).
const pageOfMessages = 20

// Thread reads the latest messages of a conversation, or those before one, with the viewer's own token.
func (d *Desk) Thread(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, before int64) (Thread, error) {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return Thread{}, err
	}
	page, err := c.Messages(ctx, int64(id), chatwoot.MessagesOptions{Before: before})
	if err != nil {
		return Thread{}, d.Engine.Heard(ctx, v, err)
	}
	t := Thread{}
	for _, m := range page.Messages {
		t.Lines = append(t.Lines, lineOf(m, v.ID))
	}
	slices.SortStableFunc(t.Lines, func(a, b Line) int { return a.At.Compare(b.At) })
	if len(page.Messages) >= pageOfMessages {
		t.Older = page.Messages[0].ID
		for _, m := range page.Messages {
			t.Older = min(t.Older, m.ID)
		}
	}
	return t, nil
}

// MarkRead tells Chatwoot that the viewer has read a conversation.
func (d *Desk) MarkRead(ctx context.Context, v kanban.Viewer, id kanban.ConversationID) error {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return err
	}
	at := d.Clock()
	if _, err := c.UpdateLastSeen(ctx, int64(id)); err != nil {
		return d.Engine.Heard(ctx, v, err)
	}
	read, err := c.Conversation(ctx, int64(id))
	if err != nil {
		return d.Engine.Heard(ctx, v, err)
	}
	return d.Engine.Learn(ctx, v.Account, read, at, v.Actor)
}
