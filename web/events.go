package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
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
	boards, err := s.alsoBoards(c, watched{b.ID, v})
	if err != nil {
		return err
	}
	after, resumed := s.resumePoint(c.Request())
	missed, last, kept := s.streams.join(after)
	defer s.streams.leave()
	st := newStream(s, c, newAudience(localeOf(c), boards), after)
	st.open()
	if resumed && kept {
		st.tell(missed)
	} else {
		st.at = last.to
		st.reload()
	}
	st.run(c.Request().Context(), last)
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
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || kanban.BoardID(n) == own.board {
			continue
		}
		b, err := s.Store.Board(c.Request().Context(), kanban.BoardID(n))
		if err != nil {
			continue
		}
		if v, err := s.viewer(c, b.Account); err == nil {
			boards = append(boards, watched{b.ID, v})
		}
	}
	return boards, nil
}

// stream is one open stream.
type stream struct {
	*Server
	audience
	c   echo.Context
	out *streamWriter
	at  uint64 // the last event that was told of

	due       map[kanban.BoardID]bool // boards whose totals changed since they were announced
	announced time.Time
	wait      *time.Timer // runs while totals are due
}

func newStream(s *Server, c echo.Context, a audience, after uint64) *stream {
	wait := time.NewTimer(time.Hour)
	wait.Stop()
	return &stream{Server: s, c: c, audience: a, out: newStreamWriter(c, s.WriteTimeout), at: after, due: map[kanban.BoardID]bool{}, wait: wait}
}

// open sends the headers.
func (st *stream) open() {
	h := st.c.Response().Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // nginx would hold frames back
	st.c.Response().WriteHeader(http.StatusOK)
	st.out.add([]byte("retry: " + retryAfter + "\n\n"))
}

func (st *stream) reload() {
	st.out.add(st.sseFrame(0, eventReload, boardNumber(st.boards[0].board)))
}

// run tells of one batch after the other until the reader, the session or the server goes away.
func (st *stream) run(ctx context.Context, last *batch) {
	// A browser that loses the connection before the first event knows where to go on.
	st.out.add([]byte("id: " + st.cursor(st.at) + "\n\n"))
	heartbeat := time.NewTicker(st.Heartbeat)
	defer heartbeat.Stop()
	defer st.wait.Stop()
	for st.out.flush() == nil {
		select {
		case <-last.done:
			last = last.next
			st.tell(last)
		case <-st.wait.C:
			st.announce()
		case <-heartbeat.C:
			if w, err := st.whoAgain(st.c); err != nil || w.nobody() {
				return
			}
			st.out.add([]byte(": alive\n\n"))
		case <-ctx.Done():
			return
		case <-st.closing:
			return
		}
	}
}

// tell writes what is new in a batch.
func (st *stream) tell(b *batch) {
	if b.lost {
		st.reload()
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
	st.out.add(f.bytes)
	st.changed(f.totals)
}

// changed has new totals announced: at once when that was not done lately, else when it may be.
func (st *stream) changed(boards []kanban.BoardID) {
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
	for board := range st.due {
		st.out.add(st.sseFrame(0, st.name(eventTotals, board), boardNumber(board)))
	}
	clear(st.due)
	st.announced = time.Now()
}

// streamWriter gathers what is to be written and writes it within a time limit. A reader who does not take it in time is dropped:
// its browser comes back and resumes.
type streamWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	parts   [][]byte
}

func newStreamWriter(c echo.Context, timeout time.Duration) *streamWriter {
	return &streamWriter{w: c.Response(), control: http.NewResponseController(c.Response()), timeout: timeout}
}

// add takes bytes that are not changed afterwards: they may be shared by many streams.
func (o *streamWriter) add(b []byte) {
	if len(b) > 0 {
		o.parts = append(o.parts, b)
	}
}

func (o *streamWriter) flush() error {
	if len(o.parts) == 0 {
		return nil
	}
	if err := o.control.SetWriteDeadline(time.Now().Add(o.timeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	for _, part := range o.parts {
		if _, err := o.w.Write(part); err != nil {
			return err
		}
	}
	o.parts = o.parts[:0]
	return o.control.Flush()
}
