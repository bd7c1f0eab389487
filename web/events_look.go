package web

import "slices"

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
		if err == nil {
			found.boards = append(found.boards, watched{b.board, v})
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
	if st.key == before.key {
		return
	}
	for board := range st.due {
		if !slices.ContainsFunc(found.boards, func(w watched) bool { return w.board == board }) {
			delete(st.due, board)
		}
	}
	st.reload()
}
