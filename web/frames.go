package web

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tmaxmax/go-sse"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// The names of what a stream tells, and what they carry as data. News of a board that is not the one of the stream's address has in its
// name how the address called the board, such as card@2, or card@2?needs=mine where it is filtered.
//
//	card        the card's fragment, to be put in its place
//	gone        the conversation's number: take the card away
//	totals      the board's number: fetch its columns' headers
//	board       the board's number: fetch it anew
//	connection  the connection pill's fragment
//	presence    what others do with which cards, as JSON: [{"card":"42","who":"Ana","moving":false}]
//	reload      what happened meanwhile is not known: fetch every board anew
const (
	eventCard       = "card"
	eventGone       = "gone"
	eventTotals     = "totals"
	eventBoard      = "board"
	eventConnection = "connection"
	eventPresence   = "presence"
	eventReload     = "reload"
)

// audience is whom bytes are for. Streams of the same audience get the same bytes.
type audience struct {
	loc     templates.Locale
	boards  []watched // the first is the one of the stream's address
	viewers map[kanban.AccountID]kanban.Viewer
	key     audienceKey
}

// watched is a board that a stream brings news of, who looks at it, and what of it they want to see.
type watched struct {
	board  kanban.BoardID
	viewer kanban.Viewer
	filter filtered
	// name is how the stream's address called the board.
	name string
}

// of is the same for somebody who may see something else by now.
func (w watched) of(v kanban.Viewer) watched {
	w.viewer = v
	return w
}

// key is the same for whoever is told the same of the board.
func (w watched) key() string {
	key := w.name
	if w.filter.zone != nil && !w.filter.All() {
		key += " " + w.filter.zone.String()
	}
	if w.filter.Personal() {
		key += " " + strconv.FormatInt(int64(w.viewer.ID), 10)
	}
	return key
}

type audienceKey struct{ boards, language, sees string }

func newAudience(loc templates.Locale, boards []watched) audience {
	a := audience{loc: loc, boards: boards, viewers: map[kanban.AccountID]kanban.Viewer{}, key: audienceKey{language: loc.Code()}}
	for _, b := range boards {
		a.viewers[b.viewer.Account] = b.viewer
		a.key.boards += b.key() + "\n"
		a.key.sees += b.viewer.Sight() + ";"
	}
	return a
}

// called is what an event of a board is called on the audience's streams.
func (a audience) called(event string, w watched) string {
	if w.name == a.boards[0].name {
		return event
	}
	return event + "@" + w.name
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
	totals []string // the names of boards
}

func (f *batchFrame) fill(b *batch, a audience, draw func(*batch, *kanban.Event, audience) []byte) {
	for _, e := range b.events {
		if !a.watches(e) {
			continue
		}
		frame := draw(b, e, a)
		f.bytes = append(f.bytes, frame...)
		if len(frame) == 0 || e.Kind != kanban.CardChanged {
			continue
		}
		for _, w := range a.boards {
			if w.board == e.Board && !slices.Contains(f.totals, w.name) {
				f.totals = append(f.totals, w.name)
			}
		}
	}
}

// tellOf makes the frame of an event for an audience; empty when it is not told of it.
func (s *Server) tellOf(b *batch, e *kanban.Event, a audience) []byte {
	switch e.Kind {
	case kanban.CardChanged:
		var frames []byte
		for _, w := range a.boards {
			if w.board == e.Board {
				frames = append(frames, s.tellOfCard(b, e, a, w)...)
			}
		}
		return frames
	case kanban.BoardChanged:
		return s.boardFrames(e, a)
	case kanban.ConnectionChanged:
		if e.Account != a.boards[0].viewer.Account {
			return nil // the pill says how the account of the stream's own board is doing
		}
		return b.drawn(frameKey{e.Seq, eventConnection, a.loc.Code(), 0, 0}, func() []byte { return s.connectionFrame(e, a.loc) })
	}
	return nil
}

// tellOfCard puts a card into its place, or takes it away where it does not belong, or no longer.
func (s *Server) tellOfCard(b *batch, e *kanban.Event, a audience, w watched) []byte {
	if !e.Change.On || !w.viewer.Sees(e.Change.Card.Conversation) {
		return s.drawGone(e, a, w)
	}
	board, err := s.Store.Board(context.Background(), w.board) // from memory
	if err != nil {
		return nil
	}
	card, name := e.Change.Card, a.called(eventCard, w)
	if !w.filter.kept(board) && !w.filter.look(board, w.viewer).Place(&card) {
		return s.drawGone(e, a, w)
	}
	return b.drawn(frameKey{e.Seq, name, a.loc.Code(), card.SortKey, card.Lane}, func() []byte { return s.cardFrame(e, card, name, a.loc) })
}

// frameKey is what an event's frame is kept under.
type frameKey struct {
	seq            uint64
	name, language string
	sort           int64
	lane           kanban.Lane
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
func (s *Server) drawGone(e *kanban.Event, a audience, w watched) []byte {
	before := e.Change.Card.Conversation
	before.InboxID = e.Change.WasInbox
	if !e.Change.WasOn || !w.viewer.Sees(before) {
		return nil
	}
	return s.sseFrame(e.Seq, a.called(eventGone, w), strconv.FormatInt(int64(e.Change.Card.Conversation.ID), 10))
}

// boardFrames tells of a change to a board, or to all boards of the account.
func (s *Server) boardFrames(e *kanban.Event, a audience) []byte {
	var frames []byte
	for _, w := range a.boards {
		if w.viewer.Account == e.Account && (e.Board == 0 || e.Board == w.board) {
			frames = append(frames, s.sseFrame(e.Seq, a.called(eventBoard, w), boardNumber(w.board))...)
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
