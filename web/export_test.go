package web

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// Told is what streams of a board write for a viewer when events happen.
func (s *Server) Told(v kanban.Viewer, board kanban.BoardID, events ...*kanban.Event) string {
	return s.ToldAll([]kanban.Viewer{v}, board, events...)[0]
}

// ToldAll is Told for viewers whose streams share a batch.
func (s *Server) ToldAll(viewers []kanban.Viewer, board kanban.BoardID, events ...*kanban.Event) []string {
	b := newBatch(0, 0)
	b.events = events
	var told []string
	for _, v := range viewers {
		told = append(told, string(b.bytesFor(newAudience(templates.Match("en", ""), []watched{{board: board, viewer: v, name: boardNumber(board)}}), s.tellOf).bytes))
	}
	return told
}

// Presence is who is at which card, apart from a server.
type Presence struct{ *presence }

// NewPresence knows of nobody.
func NewPresence() Presence { return Presence{newPresence(time.Now)} }

// Note says what somebody does.
func (p Presence) Note(v kanban.Viewer, c kanban.Conversation, doing string) { p.note(v, c, doing) }

// SeenBy is what a viewer is told.
func (p Presence) SeenBy(v kanban.Viewer) string { return p.seenBy(v) }

// Changed is closed when viewers are to be told anew.
func (p Presence) Changed() <-chan struct{} { return p.changed() }
