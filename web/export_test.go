package web

import (
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
