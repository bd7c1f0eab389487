package templates

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
)

// ComposerView is where a reply or a note is written.
type ComposerView struct {
	// Path takes the message, CannedPath offers prepared answers, SeenPath marks the conversation as read.
	Path, CannedPath, SeenPath string
	// Draft is the name under which the browser keeps what was not sent: of this person, for this conversation.
	Draft string
	// Closed says why no reply can be sent; empty when one can.
	Closed string
	// TemplatesPath is what WhatsApp lets a business write all the same; empty elsewhere.
	TemplatesPath string
	Unread        bool
}

// TemplateView is one of the inbox's message templates: Text has {{1}}, or {{name}}, where Places are to be filled in.
type TemplateView struct {
	ID, Name, Language, Text string
	Places                   []string
}

func newComposer(loc Locale, p PanelOf) ComposerView {
	c := p.Card.Conversation
	v := ComposerView{
		Path: MessagesPath(p.Board.ID, c.ID), CannedPath: CannedPath(p.Board.ID, c.ID), SeenPath: SeenPath(p.Board.ID, c.ID),
		Draft: "draft " + itoa(p.Board.Account) + " " + itoa(c.ID) + " " + itoa(p.Viewer.ID), Unread: c.UnreadCount > 0,
	}
	if closed(c) {
		v.Closed = loc.T("composer.closed")
		if c.Channel == "Channel::Whatsapp" {
			v.Closed, v.TemplatesPath = loc.T("composer.closed_whatsapp"), MessageTemplatesPath(p.Board.ID, c.ID)
		}
	}
	return v
}

// closed reports whether the channel takes no free reply now. What Chatwoot said of it may be old; the customer's last word is not.
func closed(c kanban.Conversation) bool {
	if c.Channel == "Channel::Whatsapp" && !c.LastIncomingAt.IsZero() {
		return time.Since(c.LastIncomingAt) > replyWindow
	}
	return !c.CanReply
}

// MessageTemplatesView are the message templates to choose from.
type MessageTemplatesView struct {
	Loc       Locale
	Templates []TemplateView
}

// NewMessageTemplates draws an inbox's message templates.
func NewMessageTemplates(loc Locale, all []desk.Template) MessageTemplatesView {
	v := MessageTemplatesView{Loc: loc}
	for _, t := range all {
		v.Templates = append(v.Templates, TemplateView{ID: t.ID(), Name: oneLine(t.Name, nameLimit), Language: t.Language, Text: t.Body, Places: t.Places})
	}
	return v
}

// CannedView are prepared answers.
type CannedView struct {
	Loc     Locale
	Answers []desk.Canned
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// sendKind is the look of a message on its way.
func sendKind(s SendView) string {
	if s.Note {
		return string(desk.Note)
	}
	return string(desk.FromUs)
}
