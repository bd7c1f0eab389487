package chatwoottest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// The stream that the dashboard listens to (CONTRACT 13): no token in the
// handshake, no answer to a wrong subscription, no replay. That listeners show
// as online for a while is left out.

// cables are the open streams.
type cables struct {
	mu   sync.Mutex
	open map[*cable]struct{}
	// closed and muted are faults: no new streams, and open ones that say nothing.
	closed, muted atomic.Bool
}

// cable is one open stream.
type cable struct {
	conn *websocket.Conn
	send chan []byte
	stop context.CancelFunc
	sub  atomic.Pointer[subscription] // nil before there is one
}

// subscription is what somebody asked to hear, and was found entitled to.
type subscription struct {
	identifier string
	token      string
	user       int64
	account    int64
}

// sendAhead is how many frames a slow listener may be behind before it is cut.
const sendAhead = 1024

func (s *Server) cable(w http.ResponseWriter, r *http.Request) {
	if s.cables.closed.Load() {
		answer{status: http.StatusNotFound, kind: "text/html; charset=utf-8", text: notFoundPage}.send(w)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"actioncable-v1-json"}, InsecureSkipVerify: true})
	if err != nil {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	c := &cable{conn: conn, send: make(chan []byte, sendAhead), stop: stop}
	s.cables.add(c)
	var writing sync.WaitGroup
	writing.Go(func() { s.cables.write(ctx, c, s.opts.CablePing) })
	defer func() {
		s.cables.remove(c)
		stop()
		_ = conn.CloseNow()
		writing.Wait()
	}()
	s.cables.hand(c, []byte(`{"type":"welcome"}`))
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			return
		}
		s.command(c, text)
	}
}

// write sends frames in order, and a ping every now and then.
func (x *cables) write(ctx context.Context, c *cable, pingEvery time.Duration) {
	defer c.stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var frame []byte
		select {
		case frame = <-c.send:
		case at := <-ping.C:
			frame = append(strconv.AppendInt([]byte(`{"type":"ping","message":`), at.Unix(), 10), '}')
		case <-ctx.Done():
			return
		}
		if !x.muted.Load() && c.conn.Write(ctx, websocket.MessageText, frame) != nil {
			return
		}
	}
}

// command subscribes whoever proves to be a user of the account; anybody else
// hears nothing at all.
func (s *Server) command(c *cable, text []byte) {
	var order struct{ Command, Identifier string }
	var id struct {
		Channel string `json:"channel"`
		Token   string `json:"pubsub_token"`
		Account int64  `json:"account_id"`
		User    int64  `json:"user_id"`
	}
	if json.Unmarshal(text, &order) != nil || order.Command != "subscribe" || json.Unmarshal([]byte(order.Identifier), &id) != nil {
		return
	}
	s.mu.RLock()
	u, a := s.users[id.User], s.accounts[id.Account]
	known := u != nil && a != nil && id.Channel == "RoomChannel" && u.pubsub == id.Token && a.roles[u.id] != ""
	s.mu.RUnlock()
	if !known {
		return
	}
	c.sub.Store(&subscription{order.Identifier, id.Token, id.User, id.Account})
	confirmation, _ := json.Marshal(map[string]string{"identifier": order.Identifier, "type": "confirm_subscription"})
	s.cables.hand(c, confirmation)
}

func (x *cables) add(c *cable) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open == nil {
		x.open = map[*cable]struct{}{}
	}
	x.open[c] = struct{}{}
}

func (x *cables) remove(c *cable) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.open, c)
}

// hand gives a frame to a stream; one that is too slow is cut.
func (x *cables) hand(c *cable, frame []byte) {
	select {
	case c.send <- frame:
	default:
		c.stop()
	}
}

// subscribed are the streams with a subscription.
func (x *cables) subscribed() []*cable {
	x.mu.Lock()
	defer x.mu.Unlock()
	var all []*cable
	for c := range x.open {
		if c.sub.Load() != nil {
			all = append(all, c)
		}
	}
	return all
}

// Cables is how many streams are subscribed.
func (s *Server) Cables() int { return len(s.cables.subscribed()) }

// DropCables cuts all streams, as a restart does.
func (s *Server) DropCables() {
	s.cables.mu.Lock()
	defer s.cables.mu.Unlock()
	for c := range s.cables.open {
		c.stop()
	}
}

// CloseCable refuses new streams, as a proxy does that passes no upgrade on, or
// ends that. Streams that are open stay so.
func (s *Server) CloseCable(closed bool) { s.cables.closed.Store(closed) }

// MuteCables lets open streams say nothing any more, not even a ping, or ends
// that; what they would have said is lost.
func (s *Server) MuteCables(muted bool) { s.cables.muted.Store(muted) }
