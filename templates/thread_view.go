package templates

import (
	"strconv"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
)

// ThreadView is the place of a conversation's messages, and of what is written to it.
type ThreadView struct {
	Loc Locale
	// Path is where the messages are read and new ones sent.
	Path     string
	Composer ComposerView
}

// NewThread is that place in a panel.
func NewThread(loc Locale, p PanelOf) ThreadView {
	return ThreadView{Loc: loc, Path: MessagesPath(p.Board.ID, p.Card.Conversation.ID), Composer: newComposer(loc, p)}
}

// MessagesView is a stretch of a conversation.
type MessagesView struct {
	Loc   Locale
	Lines []LineView
	// Older fetches what came before; empty when there is nothing.
	Older string
	Sends []SendView
	// Part says that this is a stretch of older lines, which stand alone.
	Part bool
}

// LineView is one message.
type LineView struct {
	ID, Kind, Who, Initials, Hue string
	Text, At                     string
	Subject                      string
	Deleted, Failed              bool
	// Status is how far a message of ours is, in words, and its icon.
	Status, StatusIcon string
	Trouble            string
	Options            []desk.Option
	Files              []FileView
}

// FileView is what came with a message. Path is empty where there is nothing to open.
type FileView struct{ Kind, Name, Size, Path, Map string }

// SendView is a message that has not arrived.
type SendView struct {
	ID, Key, Text, State, Why, Detail string
	Note                              bool
	Files                             []string
	// Again and Discard are where it is tried once more or given up; empty where that is not possible now.
	Again, Discard string
}

// MessagesOf is what a stretch of a conversation is drawn from.
type MessagesOf struct {
	Board  kanban.BoardID
	Card   kanban.ConversationID
	Thread desk.Thread
	Sends  []kanban.Send
	Part   bool
}

// NewMessages draws a stretch of a conversation.
func NewMessages(loc Locale, m MessagesOf) MessagesView {
	v := MessagesView{Loc: loc, Part: m.Part}
	for _, l := range m.Thread.Lines {
		v.Lines = append(v.Lines, newLine(loc, m, l))
	}
	if m.Thread.Older > 0 {
		v.Older = MessagesPath(m.Board, m.Card) + "?before=" + strconv.FormatInt(m.Thread.Older, 10)
	}
	for _, s := range m.Sends {
		v.Sends = append(v.Sends, newSend(loc, m, s))
	}
	return v
}

func newLine(loc Locale, m MessagesOf, l desk.Line) LineView {
	v := LineView{
		ID: "message-" + strconv.FormatInt(l.ID, 10), Kind: string(l.Kind), Who: oneLine(l.Who, nameLimit), Text: l.Text, At: stamp(l.At),
		Subject: oneLine(l.Subject, 200), Deleted: l.Deleted, Options: l.Options, Trouble: oneLine(l.Trouble, 300),
	}
	if v.Who == "" && l.Kind == desk.Automatic {
		v.Who = loc.T("thread.automatic")
	}
	v.Initials, v.Hue = initials(v.Who), hue(v.Who)
	if l.Kind == desk.FromUs && !l.Deleted {
		v.status(loc, l.Status)
	}
	for _, f := range l.Files {
		v.Files = append(v.Files, newFile(loc, m, l.ID, f))
	}
	return v
}

func (v *LineView) status(loc Locale, status string) {
	switch status {
	case "sent", "delivered", "read":
		v.StatusIcon, v.Status = status, loc.T("thread.status_"+status)
	case "failed":
		v.Failed, v.StatusIcon, v.Status = true, "alert", loc.T("thread.status_failed")
	}
}

func newFile(loc Locale, m MessagesOf, message int64, f desk.File) FileView {
	v := FileView{Kind: string(f.Kind), Name: oneLine(f.Name, 120)}
	switch f.Kind {
	case desk.Place:
		v.Map = mapOf(f.Place)
		if v.Name == "" {
			v.Name = f.Place
		}
	case desk.OtherPart:
	default:
		v.Path = AttachmentPath(m.Board, m.Card, message, f.ID)
	}
	if v.Name == "" {
		v.Name = loc.T("thread.file")
	}
	if f.Size > 0 {
		v.Size = loc.Bytes(f.Size)
	}
	return v
}

func newSend(loc Locale, m MessagesOf, s kanban.Send) SendView {
	v := SendView{
		ID: "send-" + strconv.FormatInt(int64(s.ID), 10), Key: s.Key, Text: s.Parcel.Text, State: string(s.State), Note: s.Private,
		Why: loc.T("send.state_" + string(s.State)), Detail: oneLine(s.Detail, 300),
	}
	if s.Reason != "" && loc.Has("send.why_"+s.Reason) {
		v.Why = loc.T("send.why_" + s.Reason)
	}
	for _, f := range s.Parcel.Files {
		v.Files = append(v.Files, oneLine(f.Name, 120))
	}
	path := SendPath(m.Board, m.Card, s.ID)
	switch s.State {
	case kanban.SendLost, kanban.SendFailed, kanban.SendWaiting:
		v.Again, v.Discard = path+"/attempts", path
	}
	return v
}

// mapOf leads to a place on a map.
func mapOf(place string) string {
	latitude, longitude, _ := strings.Cut(place, ", ")
	return "https://www.openstreetmap.org/?mlat=" + latitude + "&mlon=" + longitude + "#map=16/" + latitude + "/" + longitude
}
