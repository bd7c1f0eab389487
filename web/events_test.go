package web_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

// frame is one event of a stream.
type frame struct{ name, id, data string }

// reader reads a stream as an EventSource does.
type reader struct {
	t      *testing.T
	frames chan frame
	alive  chan struct{}
	last   string // the last event id seen
	status int
	header http.Header
	cancel func()
}

// stream opens a board's stream.
func (b *browser) stream(path string) *reader {
	b.w.t.Helper()
	ctx, cancel := context.WithCancel(b.w.t.Context())
	b.w.t.Cleanup(cancel)
	res, err := b.client.Do(b.with("Accept", "text/event-stream").request(ctx, http.MethodGet, path, nil))
	require.NoError(b.w.t, err)
	r := &reader{t: b.w.t, frames: make(chan frame, 4096), alive: make(chan struct{}, 64), status: res.StatusCode, header: res.Header, cancel: cancel}
	go r.read(res)
	return r
}

func (r *reader) read(res *http.Response) {
	defer close(r.frames)
	defer func() { _ = res.Body.Close() }()
	var f frame
	id := ""
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case lines.Text() == "":
			f.id = id
			if f.data != "" || f.name == "" && f.id != "" {
				r.frames <- f
			}
			f = frame{}
		case name == "" || strings.HasPrefix(lines.Text(), ":"):
			select {
			case r.alive <- struct{}{}:
			default:
			}
		case name == "id":
			id = value
		case name == "event":
			f.name = value
		case name == "data":
			f.data += value + "\n"
		}
	}
}

// next waits for an event of a name; others are skipped.
func (r *reader) next(name string) frame {
	r.t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case f, ok := <-r.frames:
			require.True(r.t, ok, "the stream ended while waiting for %q", name)
			if f.id != "" {
				r.last = f.id
			}
			if f.name == name {
				f.data = strings.TrimSuffix(f.data, "\n")
				return f
			}
		case <-late:
			require.Fail(r.t, "nothing came", name)
		}
	}
}

// begun waits until the stream has told its resume point: what happens from then on is told.
func (r *reader) begun() *reader {
	r.t.Helper()
	r.next("")
	return r
}

// ended waits for the stream's end.
func (r *reader) ended() {
	r.t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case _, ok := <-r.frames:
			if !ok {
				return
			}
		case <-late:
			require.Fail(r.t, "the stream goes on")
		}
	}
}

func cardOf(t *testing.T, f frame) *goquery.Selection {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(f.data))
	require.NoError(t, err)
	return d.Find("li.card")
}

func TestStreamTellsOfAMove(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	s := w.person().stream(w.boardPath("events")).begun()
	require.Equal(t, http.StatusOK, s.status)
	require.Equal(t, "text/event-stream; charset=utf-8", s.header.Get("Content-Type"))
	card, target := w.card(), w.stage("proposta")
	require.Equal(t, http.StatusOK, w.person().put(w.movePath(card), to(target.ID)).status)
	li := cardOf(t, s.next("card"))
	require.Equal(t, fmt.Sprintf("card-%d", card.Conversation.ID), li.AttrOr("id", ""))
	require.Equal(t, fmt.Sprint(target.ID), li.AttrOr("data-stage", ""))
	require.Equal(t, fmt.Sprint(w.board.ID), s.next("totals").data)
}

func TestStreamTellsOfAChangeInChatwoot(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	s := w.person().stream(w.boardPath("events")).begun()
	card := w.card()
	w.sim.SetLabels(1, int64(card.Conversation.ID), []string{"qualificado"})
	want := fmt.Sprint(w.stage("qualificado").ID)
	for {
		if li := cardOf(t, s.next("card")); li.AttrOr("data-stage", "") == want {
			require.Equal(t, fmt.Sprintf("card-%d", card.Conversation.ID), li.AttrOr("id", ""))
			return
		}
	}
}

// The page says up to which event it was drawn; a stream from there on has everything after it, however it is told.
func TestStreamResumesWithoutAHole(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	p := w.person()
	cursor := p.get(w.boardPath()).page().Find("#board").AttrOr("data-cursor", "")
	require.NotEmpty(t, cursor)
	card := w.card()
	require.Equal(t, http.StatusOK, p.put(w.movePath(card), to(w.stage("proposta").ID)).status)
	id := fmt.Sprintf("card-%d", card.Conversation.ID)
	for name, s := range map[string]*reader{
		"by address":       p.stream(w.boardPath("events") + "?after=" + cursor),
		"by Last-Event-ID": p.with("Last-Event-ID", cursor).stream(w.boardPath("events")),
		"header over address": p.with("Last-Event-ID", cursor).stream(
			w.boardPath("events") + "?after=" + strings.Split(cursor, ".")[0] + ".999999"),
	} {
		require.Equal(t, id, cardOf(t, s.next("card")).AttrOr("id", ""), name)
	}
}

// Each of many events reaches each of many streams once and in order, also those that come and go.
func TestStreamsMissNothing(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	from := fmt.Sprintf("%s.%d", w.hub.Epoch(), w.hub.Seq())
	const events = 300
	seen := make(chan []string, 4)
	p := w.person()
	for i := range 4 {
		go func() {
			var ids []string
			s := p.stream(w.boardPath("events") + "?after=" + from)
			for len(ids) < events {
				ids = append(ids, s.next("card").id)
				if len(ids)%(40+i) == 0 { // the connection breaks, and the browser comes back
					s.cancel()
					s.ended()
					s = p.with("Last-Event-ID", ids[len(ids)-1]).stream(w.boardPath("events"))
				}
			}
			seen <- ids
		}()
	}
	var want []string
	for range events {
		e := &kanban.Event{Account: w.board.Account, Board: w.board.ID, Kind: kanban.CardChanged, Change: kanban.CardChange{Card: card, On: true, WasOn: true}}
		w.hub.Publish(e)
		want = append(want, fmt.Sprintf("%s.%d", w.hub.Epoch(), e.Seq))
	}
	for range 4 {
		require.Equal(t, want, <-seen)
	}
}

func TestStreamThatCannotResumeSaysReload(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	p := w.person()
	for name, cursor := range map[string]string{
		"another run": "AAAAAAAA.1",
		"the future":  fmt.Sprintf("%s.%d", w.hub.Epoch(), w.hub.Seq()+10_000),
		"no cursor":   "nonsense",
		"no number":   w.hub.Epoch() + ".x",
		"long forgotten": func() string {
			at := fmt.Sprintf("%s.%d", w.hub.Epoch(), w.hub.Seq())
			for range 1<<10 + 1 {
				w.hub.Publish(&kanban.Event{Account: 99})
			}
			return at
		}(),
	} {
		s := p.with("Last-Event-ID", cursor).stream(w.boardPath("events"))
		s.next("reload")
		s.begun()
		require.True(t, strings.HasPrefix(s.last, w.hub.Epoch()+"."), "%s: goes on from here", name)
		s.cancel()
	}
}

func TestStreamIsToldOfItsBoardsOnly(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	second, err := w.store.CreateBoard(t.Context(), kanban.Board{Account: w.board.Account, Name: "Suporte", Currency: "BRL", Winner: kanban.FurthestStage})
	require.NoError(t, err)
	p := w.person()
	one := p.stream(w.boardPath("events")).begun()
	both := p.stream(w.boardPath("events") + fmt.Sprintf("?also=%d&also=999&also=x", second.ID)).begun()
	card := w.card()
	publish := func(account kanban.AccountID, board kanban.BoardID, kind kanban.EventKind) {
		w.hub.Publish(&kanban.Event{Account: account, Board: board, Kind: kind, Change: kanban.CardChange{Card: card, On: true}})
	}
	publish(77, w.board.ID, kanban.BoardChanged)
	publish(w.board.Account, second.ID, kanban.CardChanged)
	publish(w.board.Account, w.board.ID, kanban.BoardChanged)
	require.Equal(t, fmt.Sprint(w.board.ID), one.next("board").data)
	both.next(fmt.Sprintf("card@%d", second.ID))
	both.next("board")
	publish(w.board.Account, 0, kanban.BoardChanged)
	both.next(fmt.Sprintf("board@%d", second.ID))
	require.NotContains(t, one.names(), "card")
}

// names are those of the frames that are there now.
func (r *reader) names() []string {
	var names []string
	for {
		select {
		case f := <-r.frames:
			names = append(names, f.name)
		default:
			return names
		}
	}
}

func TestStreamDrawsEachLanguage(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	p := w.person()
	texts := map[string]bool{}
	var streams []*reader
	for _, language := range []string{"en", "pt-BR", "es"} {
		streams = append(streams, p.with("Accept-Language", language).stream(w.boardPath("events")).begun())
	}
	w.hub.Publish(&kanban.Event{Account: w.board.Account, Kind: kanban.ConnectionChanged})
	for _, s := range streams {
		texts[s.next("connection").data] = true
	}
	require.Len(t, texts, 3)
}

func TestIdleStreamIsKeptAlive(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5), func(c *web.Config) { c.Heartbeat = 5 * time.Millisecond })
	s := w.person().stream(w.boardPath("events")).begun()
	<-s.alive
	<-s.alive
}

// Somebody who signs out, or whose session ends, is told nothing any more.
func TestStreamEndsWithTheSession(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5), func(c *web.Config) { c.Heartbeat, c.LookEvery = 5*time.Millisecond, 5*time.Millisecond })
	p := w.person()
	s := p.stream(w.boardPath("events")).begun()
	<-s.alive
	require.Equal(t, http.StatusSeeOther, p.post("/sign-out", map[string][]string{}).status)
	s.ended()
}

func TestStreamsEndWhenTheServerDoes(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5))
	s := w.person().stream(w.boardPath("events")).begun()
	w.web.Close()
	s.ended()
}

// A reader that takes nothing is dropped once the buffers on the way are full, and does not hold others up.
func TestSlowReaderIsDropped(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40), func(c *web.Config) { c.WriteTimeout = 200 * time.Millisecond })
	p := w.person()
	res, err := p.client.Do(p.request(t.Context(), http.MethodGet, w.boardPath("events"), nil))
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	quick := p.stream(w.boardPath("events")).begun()
	card := w.card()
	card.Conversation.LastMessage.Text = strings.Repeat("a long line ", 500)
	dropped := func() bool { return strings.Contains(w.log.String(), "stream dropped") }
	publish := func() {
		w.hub.Publish(&kanban.Event{Account: w.board.Account, Board: w.board.ID, Kind: kanban.CardChanged, Change: kanban.CardChange{Card: card, On: true}})
	}
	w.eventually(func() bool {
		for range 100 {
			publish()
		}
		for range 100 { // in step, so that the hub forgets nothing and only one reader is slow
			quick.next("card")
		}
		return dropped()
	}, "the slow reader is dropped")
	publish()
	quick.next("card")
}
