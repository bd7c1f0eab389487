package web

import (
	"context"
	"slices"

	"github.com/chatlane/chatlane/kanban"
)

// looked is what somebody may see by now. none says that they may see nothing of the stream's own board any more.
type looked struct {
	boards []watched
	none   bool
}

// lookAgain finds out, beside the stream, what its reader may still see: Chatwoot may take its time to say so. Only one such question is
// under way at a time.
func (st *stream) lookAgain() {
	if st.looking {
		return
	}
	st.looking = true
	boards := st.boards
	go func() {
		found := st.look(boards)
		select {
		case st.seen <- found:
		case <-st.request.Context().Done():
		}
	}()
}

// look asks for the viewer of each board anew. Whatever cannot be found out is not seen.
func (st *stream) look(boards []watched) looked {
	w, err := st.whoAgain(st.request)
	if err != nil || w.nobody() {
		return looked{none: true}
	}
	var found looked
	for i, b := range boards {
		v, err := st.viewerOf(st.request.Context(), w, b.viewer.Account)
		if err == nil && st.enters(b.of(v)) {
			found.boards = append(found.boards, b.of(v))
		} else if i == 0 {
			return looked{none: true}
		}
	}
	return found
}

// seeAnew goes on with what somebody may see by now. When that is something else than before, all of it is fetched anew.
func (st *stream) seeAnew(found looked) {
	st.looking = false
	before := st.audience
	st.audience = newAudience(before.loc, found.boards)
	st.tellPresence()
	if st.key == before.key {
		return
	}
	for board := range st.due {
		if !slices.ContainsFunc(found.boards, func(w watched) bool { return w.name == board }) {
			delete(st.due, board)
		}
	}
	st.reload()
}

// enters reports whether a board is still open to whoever watches it.
func (s *Server) enters(w watched) bool {
	b, err := s.Store.Board(context.Background(), w.board) // from memory
	return err == nil && w.viewer.Enters(b)
}

// admitted looks, when a batch tells of a change to a board, which boards of the stream are still open to its reader: before anything
// else is told of them. Without its own board a stream ends; its browser is told once more to fetch what is there.
func (st *stream) admitted(b *batch) bool {
	if !b.settings() {
		return true
	}
	open := slices.DeleteFunc(slices.Clone(st.boards), func(w watched) bool { return !st.enters(w) })
	if len(open) == len(st.boards) {
		return true
	}
	st.reload()
	if len(open) == 0 || open[0].board != st.boards[0].board {
		st.over = true
		return false
	}
	st.audience = newAudience(st.loc, open)
	return true
}

// settings reports whether a batch tells of a change to a board's settings.
func (b *batch) settings() bool {
	return slices.ContainsFunc(b.events, func(e *kanban.Event) bool { return e.Kind == kanban.BoardChanged })
}
