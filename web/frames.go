package web

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tmaxmax/go-sse"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// The names of what a stream tells, and what they carry as data. News of a board that is not the one of the stream's address has the
// board's number in its name, such as card@2.
//
//	card        the card's fragment, to be put in its place
//	gone        the conversation's number: take the card away
//	totals      the board's number: fetch its columns' headers
//	board       the board's number: fetch it anew
//	connection  the connection pill's fragment
//	reload      what happened meanwhile is not known: fetch every board anew
const (
	eventCard       = "card"
	eventGone       = "gone"
	eventTotals     = "totals"
	eventBoard      = "board"
	eventConnection = "connection"
	eventReload     = "reload"
)

// audience is whom bytes are for. Streams of the same audience get the same bytes.
type audience struct {
	loc     templates.Locale
	boards  []watched // the first is the one of the stream's address
	viewers map[kanban.AccountID]kanban.Viewer
	key     audienceKey
}

// watched is a board that a stream brings news of, and who looks at it.
type watched struct {
	board  kanban.BoardID
	viewer kanban.Viewer
}

type audienceKey struct{ boards, language, sees string }

func newAudience(loc templates.Locale, boards []watched) audience {
	a := audience{loc: loc, boards: boards, viewers: map[kanban.AccountID]kanban.Viewer{}, key: audienceKey{language: loc.Code()}}
	for _, b := range boards {
		a.viewers[b.viewer.Account] = b.viewer
		a.key.boards += boardNumber(b.board) + " "
		a.key.sees += b.viewer.Sight() + ";"
	}
	return a
}

// name is what an event of a board is called on the audience's streams.
func (a audience) name(event string, b kanban.BoardID) string {
	if b == a.boards[0].board {
		return event
	}
	return event + "@" + boardNumber(b)
}

// watches reports whether an event is about something that the audience looks at.
func (a audience) watches(e *kanban.Event) bool {
	_, ok := a.viewers[e.Account]
	return ok && (e.Board == 0 || slices.ContainsFunc(a.boards, func(w watched) bool { return w.board == e.Board }))
}

// bytesFor are a batch's frames for an audience and the boards whose totals they change, made once for all streams of that audience.
func (b *batch) bytesFor(a audience, draw func(*batch, *kanban.Event, audience) []byte) *batchFrame {
	v, ok := b.frames.Load(a.key)
	if !ok {
		v, _ = b.frames.LoadOrStore(a.key, new(batchFrame))
	}
	f := v.(*batchFrame)
	f.once.Do(func() { f.fill(b, a, draw) })
	return f
}

type batchFrame struct {
	once   sync.Once
	bytes  []byte
	totals []kanban.BoardID
}

func (f *batchFrame) fill(b *batch, a audience, draw func(*batch, *kanban.Event, audience) []byte) {
	for _, e := range b.events {
		if !a.watches(e) {
			continue
		}
		frame := draw(b, e, a)
		f.bytes = append(f.bytes, frame...)
		if len(frame) > 0 && e.Kind == kanban.CardChanged && !slices.Contains(f.totals, e.Board) {
			f.totals = append(f.totals, e.Board)
		}
	}
}

// tellOf makes the frame of an event for an audience; empty when it is not told of it.
func (s *Server) tellOf(b *batch, e *kanban.Event, a audience) []byte {
	switch e.Kind {
	case kanban.CardChanged:
		if !e.Change.On || !a.viewers[e.Account].Sees(e.Change.Card.Conversation) {
			return s.drawGone(e, a)
		}
		name := a.name(eventCard, e.Board)
		return b.drawn(frameKey{e.Seq, name, a.loc.Code()}, func() []byte { return s.cardFrame(e, name, a.loc) })
	case kanban.BoardChanged:
		return s.boardFrames(e, a)
	case kanban.ConnectionChanged:
		if e.Account != a.boards[0].viewer.Account {
			return nil // the pill says how the account of the stream's own board is doing
		}
		return b.drawn(frameKey{e.Seq, eventConnection, a.loc.Code()}, func() []byte { return s.connectionFrame(e, a.loc) })
	}
	return nil
}

// frameKey is what an event's frame is kept under.
type frameKey struct {
	seq            uint64
	name, language string
}

// drawn draws a frame once for all audiences of a batch. It is kept as long as the batch is on its way, no longer: the hub's events
// stay for minutes, and what they look like is many times their size.
func (b *batch) drawn(key frameKey, draw func() []byte) []byte {
	v, ok := b.frames.Load(key)
	if !ok {
		v, _ = b.frames.LoadOrStore(key, sync.OnceValue(draw))
	}
	return v.(func() []byte)()
}

// drawGone takes a card away from whoever could see it before. Others are not even told that there was something.
func (s *Server) drawGone(e *kanban.Event, a audience) []byte {
	before := e.Change.Card.Conversation
	before.InboxID = e.Change.WasInbox
	if !e.Change.WasOn || !a.viewers[e.Account].Sees(before) {
		return nil
	}
	return s.sseFrame(e.Seq, a.name(eventGone, e.Board), strconv.FormatInt(int64(e.Change.Card.Conversation.ID), 10))
}

// boardFrames tells of a change to a board, or to all boards of the account.
func (s *Server) boardFrames(e *kanban.Event, a audience) []byte {
	var frames []byte
	for _, w := range a.boards {
		if w.viewer.Account == e.Account && (e.Board == 0 || e.Board == w.board) {
			frames = append(frames, s.sseFrame(e.Seq, a.name(eventBoard, w.board), boardNumber(w.board))...)
		}
	}
	return frames
}

func boardNumber(b kanban.BoardID) string { return strconv.FormatInt(int64(b), 10) }

// sseFrame writes one event of a stream. A sequence number of 0 leaves the browser's resume point where it was.
func (s *Server) sseFrame(seq uint64, event, data string) []byte {
	m := sse.Message{Type: sse.Type(event)}
	if seq != 0 {
		m.ID = sse.ID(s.cursor(seq))
	}
	m.AppendData(strings.TrimRight(data, "\n"))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil // an event without data and name; there is none
	}
	return b.Bytes()
}

// cursor is the resume point after an event: this run of the process, and the event's number.
func (s *Server) cursor(seq uint64) string { return s.Hub.Epoch() + "." + strconv.FormatUint(seq, 10) }

// parseCursor reads a resume point; false when it is none of this run.
func (s *Server) parseCursor(text string) (uint64, bool) {
	epoch, number, ok := strings.Cut(text, ".")
	if !ok || epoch != s.Hub.Epoch() {
		return 0, false
	}
	seq, err := strconv.ParseUint(number, 10, 64)
	return seq, err == nil
}
