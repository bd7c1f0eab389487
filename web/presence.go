package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
)

const (
	// openLease is how long a card counts as open after its page last said so, movingLease as being moved.
	openLease   = 45 * time.Second
	movingLease = 10 * time.Second
	// presenceBeat is how long news is gathered before streams tell of it, busyBeat where there is much.
	presenceBeat = 250 * time.Millisecond
	busyBeat     = 2 * time.Second
	// marksEach and marksLimit bound what is remembered of one person, and of all.
	marksEach  = 8
	marksLimit = 10_000
	// marksTold bounds what a stream tells of an account: all of it is told whenever something changes.
	marksTold = 100
	// whoLimit bounds a name, in letters.
	whoLimit = 60
)

// presence is who has which conversation open, or is just moving its card. It is in memory alone, and ends by itself.
type presence struct {
	clock func() time.Time

	mu      sync.Mutex
	marks   map[markKey]mark
	news    chan struct{} // closed when something has changed
	pending bool          // news is about to be told
}

type markKey struct {
	account      kanban.AccountID
	agent        kanban.AgentID
	conversation kanban.ConversationID
}

type mark struct {
	conversation kanban.Conversation // as much of it as says who sees it
	who          string
	moving       bool
	until        time.Time
}

func newPresence(clock func() time.Time) *presence {
	return &presence{clock: clock, marks: map[markKey]mark{}, news: make(chan struct{})}
}

// note says what somebody does with a conversation: open, moving, or anything else for no longer.
func (p *presence) note(v kanban.Viewer, c kanban.Conversation, doing string) {
	key, now := markKey{v.Account, v.ID, c.ID}, p.clock()
	p.mu.Lock()
	defer p.mu.Unlock()
	was, known := p.marks[key]
	m := mark{conversation: kanban.Conversation{Account: c.Account, ID: c.ID, InboxID: c.InboxID}, who: clip(v.Name, whoLimit), moving: doing == "moving"}
	switch doing {
	case "open":
		m.until = now.Add(openLease)
	case "moving":
		m.until = now.Add(movingLease)
	default:
		delete(p.marks, key)
		if known {
			p.tellSoon(p.beat())
		}
		return
	}
	if !known && !p.room(v, now) {
		return
	}
	p.marks[key] = m
	if !known || was.moving != m.moving || was.who != m.who || was.conversation.InboxID != m.conversation.InboxID {
		p.tellSoon(p.beat())
	}
	time.AfterFunc(m.until.Sub(now)+presenceBeat, p.sweep)
}

// beat is how long news is gathered: what streams tell grows with the marks, and so does the time between.
func (p *presence) beat() time.Duration {
	if len(p.marks) > marksTold {
		return busyBeat
	}
	return presenceBeat
}

// room makes room for another mark of a person, and says whether there is any.
func (p *presence) room(v kanban.Viewer, now time.Time) bool {
	var mine []markKey
	for key, m := range p.marks {
		if now.After(m.until) {
			delete(p.marks, key)
		} else if key.account == v.Account && key.agent == v.ID {
			mine = append(mine, key)
		}
	}
	if len(mine) >= marksEach {
		delete(p.marks, slices.MinFunc(mine, func(a, b markKey) int { return p.marks[a].until.Compare(p.marks[b].until) }))
	}
	return len(p.marks) < marksLimit
}

// sweep forgets what has ended.
func (p *presence) sweep() {
	now := p.clock()
	p.mu.Lock()
	defer p.mu.Unlock()
	before, beat := len(p.marks), p.beat()
	for key, m := range p.marks {
		if now.After(m.until) {
			delete(p.marks, key)
		}
	}
	if len(p.marks) != before {
		p.tellSoon(beat)
	}
}

// tellSoon has the streams told; more that happens until then is told with it.
func (p *presence) tellSoon(in time.Duration) {
	if p.pending {
		return
	}
	p.pending = true
	time.AfterFunc(in, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.pending = false
		close(p.news)
		p.news = make(chan struct{})
	})
}

// changed is closed when something is different from now.
func (p *presence) changed() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.news
}

// markFrame is what a stream tells of somebody.
type markFrame struct {
	Card   string `json:"card"`
	Who    string `json:"who"`
	Moving bool   `json:"moving"`
}

// first sorts what is told first, where there is more than can be told.
func (m markFrame) first() string {
	if m.Moving {
		return "0"
	}
	return "1"
}

// seenBy is what others do with conversations that a viewer sees, as JSON.
func (p *presence) seenBy(v kanban.Viewer) string {
	now := p.clock()
	all := []markFrame{}
	p.mu.Lock()
	for key, m := range p.marks {
		if key.account == v.Account && key.agent != v.ID && !now.After(m.until) && v.Sees(m.conversation) {
			all = append(all, markFrame{strconv.FormatInt(int64(key.conversation), 10), m.who, m.moving})
		}
	}
	p.mu.Unlock()
	slices.SortFunc(all, func(a, b markFrame) int {
		return slices.Compare([]string{a.first(), a.Card, a.Who}, []string{b.first(), b.Card, b.Who})
	})
	body, err := json.Marshal(all[:min(len(all), marksTold)])
	if err != nil {
		return "[]"
	}
	return string(body)
}

func clip(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// tellPresence tells what others are doing, where that is something else than was told before.
func (st *stream) tellPresence() {
	for _, w := range st.boards {
		data := st.presence.seenBy(w.viewer)
		if was, told := st.told[w.name]; data == was || !told && data == "[]" {
			continue
		}
		st.told[w.name] = data
		st.add(st.sseFrame(0, st.called(eventPresence, w), data))
	}
}

// repeatPresence tells once more what was told: a tab that came since to a stream that it shares knows of nobody.
func (st *stream) repeatPresence() {
	for _, w := range st.boards {
		if data := st.told[w.name]; data != "" && data != "[]" {
			st.add(st.sseFrame(0, st.called(eventPresence, w), data))
		}
	}
}

// present notes what somebody does with a card.
func (s *Server) present(c echo.Context) error {
	_, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	s.presence.note(v, card.Conversation, typed(c).Get("doing"))
	return c.NoContent(http.StatusNoContent)
}
