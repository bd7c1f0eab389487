package web

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tmaxmax/go-sse"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// The names of what a stream tells. What they carry as data:
//
//	card        the card's fragment, to be put in its place
//	gone        the conversation's number and, on a second line, the board's: take the card away
//	totals      a board's number: fetch its columns' headers
//	board       a board's number: fetch it anew
//	connection  the connection pill's fragment
//	reload      a board's number: what happened meanwhile is not known, fetch it anew
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
	viewer kanban.Viewer
	loc    templates.Locale
	boards []kanban.BoardID
	key    audienceKey
}

type audienceKey struct{ boards, language, sees string }

func newAudience(v kanban.Viewer, loc templates.Locale, boards []kanban.BoardID) audience {
	boards = slices.Compact(slices.Sorted(slices.Values(boards)))
	return audience{viewer: v, loc: loc, boards: boards, key: audienceKey{boards: fmt.Sprint(boards), language: loc.Code(), sees: sight(v)}}
}

// sight is the same for viewers who see the same conversations.
func sight(v kanban.Viewer) string {
	if v.SeesAll() {
		return strconv.FormatInt(int64(v.Account), 10) + " all"
	}
	inboxes := slices.Compact(slices.Sorted(slices.Values(v.Inboxes)))
	return fmt.Sprint(v.Account, inboxes)
}

func (a audience) watches(e *kanban.Event) bool {
	if e.Account != a.viewer.Account {
		return false
	}
	return e.Board == 0 || slices.Contains(a.boards, e.Board)
}

// bytesFor are a batch's frames for an audience and the boards whose totals they change, made once for all streams of that audience.
func (b *batch) bytesFor(a audience, draw func(*kanban.Event, audience) []byte) *batchFrame {
	v, ok := b.frames.Load(a.key)
	if !ok {
		v, _ = b.frames.LoadOrStore(a.key, new(batchFrame))
	}
	f := v.(*batchFrame)
	f.once.Do(func() { f.fill(b.events, a, draw) })
	return f
}

type batchFrame struct {
	once   sync.Once
	bytes  []byte
	totals []kanban.BoardID
}

func (f *batchFrame) fill(events []*kanban.Event, a audience, draw func(*kanban.Event, audience) []byte) {
	for _, e := range events {
		if !a.watches(e) {
			continue
		}
		frame := draw(e, a)
		f.bytes = append(f.bytes, frame...)
		if len(frame) > 0 && e.Kind == kanban.CardChanged && !slices.Contains(f.totals, e.Board) {
			f.totals = append(f.totals, e.Board)
		}
	}
}

// tellOf makes the frame of an event for an audience; empty when it is not told of it.
func (s *Server) tellOf(e *kanban.Event, a audience) []byte {
	switch e.Kind {
	case kanban.CardChanged:
		if !e.Change.On || !a.viewer.Sees(e.Change.Card.Conversation) {
			return s.drawGone(e, a)
		}
		return e.Frame(frameKey{eventCard, a.loc.Code()}, func(e *kanban.Event) []byte { return s.cardFrame(e, a.loc) })
	case kanban.BoardChanged:
		return s.boardFrames(e, a)
	case kanban.ConnectionChanged:
		return e.Frame(frameKey{eventConnection, a.loc.Code()}, func(e *kanban.Event) []byte { return s.connectionFrame(e, a.loc) })
	}
	return nil
}

// frameKey is what an event's frame is kept under.
type frameKey struct{ event, language string }

// drawGone takes a card away from whoever could see it before. Others are not even told that there was something.
func (s *Server) drawGone(e *kanban.Event, a audience) []byte {
	before := e.Change.Card.Conversation
	before.InboxID = e.Change.WasInbox
	if !e.Change.WasOn || !a.viewer.Sees(before) {
		return nil
	}
	return e.Frame(frameKey{event: eventGone}, func(e *kanban.Event) []byte {
		return s.sseFrame(e.Seq, eventGone, fmt.Sprintf("%d\n%d", e.Change.Card.Conversation.ID, e.Board))
	})
}

// boardFrames tells of a change to a board, or to all boards of the account.
func (s *Server) boardFrames(e *kanban.Event, a audience) []byte {
	var frames []byte
	for _, b := range a.boards {
		if e.Board == 0 || e.Board == b {
			frames = append(frames, s.sseFrame(e.Seq, eventBoard, boardNumber(b))...)
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
