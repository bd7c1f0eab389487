package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
)

// retryAfter is what browsers are told to wait before they come back to a stream that ended, in milliseconds.
const retryAfter = "2000"

// alsoLimit bounds how many further boards one stream brings; a browser shares its stream among its tabs.
const alsoLimit = 32

// events is a board's live stream. It resumes after the event that Last-Event-ID or ?after= names, without a hole, or says that the
// board has to be fetched anew. ?also= adds boards, so that a browser needs one connection however many tabs it has.
func (s *Server) events(c echo.Context) error {
	b, v, err := s.board(c)
	if err != nil {
		return err
	}
	boards, err := s.alsoBoards(c, newWatched(c, b, v, boardNumber(b.ID), c.Request().URL.RawQuery))
	if err != nil {
		return err
	}
	after, resumed := s.resumePoint(c.Request())
	for _, w := range boards {
		resumed = resumed && !s.sights.changed(w.viewer, after)
	}
	l, err := takeOver(c, s.WriteTimeout)
	if err != nil {
		return err
	}
	go newStream(s, l, c.Request(), newAudience(localeOf(c), boards)).live(after, resumed)
	return nil
}

// resumePoint is the event after which a stream goes on. Without one it begins now, which is no loss. ok is false when the
// point is one of another run of this program.
func (s *Server) resumePoint(r *http.Request) (after uint64, ok bool) {
	text := r.Header.Get("Last-Event-ID") // newer than the address, which a browser repeats unchanged when it reconnects
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return s.Hub.Seq(), true
	}
	if after, ok = s.parseCursor(text); !ok {
		return s.Hub.Seq(), false
	}
	return after, true
}

// alsoBoards are all boards that a stream is to bring, its own first. One that is gone is left out: the tab that shows it will notice,
// and the others must not lose their stream.
func (s *Server) alsoBoards(c echo.Context, own watched) ([]watched, error) {
	boards := []watched{own}
	also := slices.Sorted(slices.Values(c.QueryParams()["also"]))
	if len(also) > alsoLimit {
		return nil, kanban.Invalid("error.too_many_boards")
	}
	for _, text := range slices.Compact(also) {
		number, query, _ := strings.Cut(text, "?")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || text == own.name {
			continue
		}
		b, err := s.Store.Board(c.Request().Context(), kanban.BoardID(n))
		if err != nil {
			continue
		}
		if v, err := s.viewer(c, b.Account); err == nil && v.Enters(b) {
			boards = append(boards, newWatched(c, b, v, number, query))
		}
	}
	return boards, nil
}

// newWatched is a board as an address calls it, which ends in what it is filtered by. ?after= and ?also= are the stream's own.
func newWatched(c echo.Context, b kanban.Board, v kanban.Viewer, number, query string) watched {
	w := watched{board: b.ID, viewer: v, name: number}
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, "after=") && !strings.HasPrefix(part, "also=") {
			parts = append(parts, part)
		}
	}
	query = strings.Join(parts, "&")
	values, err := url.ParseQuery(query)
	if err != nil || query == "" || strings.ContainsAny(query, "\r\n") {
		return w
	}
	w.name += "?" + query
	w.filter = filtered{kanban.ParseFilter(values).On(b), zoneOf(c.Request())}
	return w
}

// stream is one open stream. It outlives the handler that began it.
type stream struct {
	*Server
	audience
	*line
	request *http.Request // what it began with; its context ends with the stream
	hangUp  context.CancelFunc
	at      uint64 // the last event that was told of

	told      map[string]string // what was last told of others, by the names of boards
	due       map[string]bool   // the names of boards whose totals changed since they were announced
	announced time.Time
	wait      *time.Timer // runs while totals are due

	over    bool        // its own board is no longer its reader's
	looking bool        // what the reader may see is being asked for
	seen    chan looked // the answer
}

func newStream(s *Server, l *line, r *http.Request, a audience) *stream {
	wait := time.NewTimer(time.Hour)
	wait.Stop()
	// The request's own context ended with its handler, and would keep alive all that the layers put into it.
	ctx, hangUp := context.WithCancel(context.Background())
	return &stream{Server: s, audience: a, line: l, request: r.WithContext(ctx), hangUp: hangUp, told: map[string]string{}, due: map[string]bool{}, wait: wait, seen: make(chan looked)}
}

// live brings news until the reader, the session or the server goes away.
func (st *stream) live(after uint64, resumed bool) {
	defer st.survive()
	defer st.close()
	defer st.hangUp()
	go func() { st.hungUp(); st.hangUp() }()
	missed, last, kept := st.streams.join(after)
	defer st.streams.leave()
	st.add([]byte("retry: " + retryAfter + "\n\n"))
	if st.at = after; resumed && kept {
		st.tell(missed)
	} else {
		st.at = last.to
		st.reload()
	}
	// A browser that loses the connection before the first event knows where to go on.
	st.add([]byte("id: " + st.cursor(st.at) + "\n\n"))
	if err := st.run(last); errors.Is(err, os.ErrDeadlineExceeded) {
		st.Logger.Info("stream dropped, its reader takes nothing")
	}
}

// survive keeps a mistake in one stream from ending the program: no handler is around it any more.
func (st *stream) survive() {
	if cause := recover(); cause != nil {
		st.Logger.Error("panic in a stream", "cause", cause, "stack", string(debug.Stack()))
	}
}

func (st *stream) reload() {
	st.add(st.sseFrame(0, eventReload, boardNumber(st.boards[0].board)))
}

// run tells of one batch after the other. An error is that of a write.
func (st *stream) run(last *batch) error {
	heartbeat := time.NewTicker(st.Heartbeat)
	defer heartbeat.Stop()
	look := time.NewTicker(st.LookEvery)
	defer look.Stop()
	defer st.wait.Stop()
	st.tellPresence()
	for {
		others := st.presence.changed()
		if err := st.flush(); err != nil || st.over {
			return err
		}
		select {
		case <-last.done:
			last = last.next
			st.tell(last)
		case <-others:
			st.tellPresence()
		case <-st.wait.C:
			st.announce()
		case <-heartbeat.C:
			st.add([]byte(": alive\n\n"))
			st.repeatPresence()
		case <-look.C:
			st.lookAgain()
		case found := <-st.seen:
			if found.none {
				return nil
			}
			st.seeAnew(found)
		case <-st.request.Context().Done():
			return nil
		case <-st.closing:
			return nil
		}
	}
}

// tell writes what is new in a batch.
func (st *stream) tell(b *batch) {
	if b.lost {
		st.reload()
	}
	if !st.admitted(b) {
		return
	}
	var f *batchFrame
	switch {
	case b.to <= st.at:
		return // the page was drawn after these
	case b.from == st.at:
		f = b.bytesFor(st.audience, st.tellOf)
	default:
		f = new(batchFrame)
		f.fill(b.after(st.at), st.audience, st.tellOf)
	}
	st.at = b.to
	st.add(f.bytes)
	st.changed(f.totals)
}

// changed has new totals announced: at once when that was not done lately, else when it may be.
func (st *stream) changed(boards []string) {
	if len(boards) == 0 {
		return
	}
	pending := len(st.due) > 0
	for _, b := range boards {
		st.due[b] = true
	}
	wait := st.TotalsEvery - time.Since(st.announced)
	if wait <= 0 {
		st.announce()
	} else if !pending {
		st.wait.Reset(wait)
	}
}

// announce names the boards whose totals changed. What they are differs from viewer to viewer: the browser fetches them.
func (st *stream) announce() {
	for _, w := range st.boards {
		if st.due[w.name] {
			st.add(st.sseFrame(0, st.called(eventTotals, w), boardNumber(w.board)))
		}
	}
	clear(st.due)
	st.announced = time.Now()
}
