package chatwoot_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// pipes is a listener whose connections never leave the process, so that streams live in a bubble with a clock of its own.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.waiting:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.waiting <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// overPipes serves h, and returns it as a Chatwoot. It is for use in a bubble.
func overPipes(t *testing.T, h http.HandlerFunc, change ...func(*chatwoot.ServerConfig)) *chatwoot.Server {
	t.Helper()
	p := &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}
	transport := &http.Transport{DialContext: p.dial}
	var served sync.WaitGroup
	far := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1) // of a stream, which the server lets go
		defer served.Done()
		h(w, r)
	})}
	served.Go(func() { _ = far.Serve(p) })
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = far.Close()
		served.Wait()
	})
	return newServer(t, nil, append(change, func(cfg *chatwoot.ServerConfig) { cfg.Transport = transport })...)
}

// stream is the far end of one connection.
type stream struct {
	t    *testing.T
	conn *websocket.Conn
}

// streaming makes a handler that does what play does, and closes.
func streaming(t *testing.T, play func(*stream)) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"actioncable-v1-json"}})
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }()
		play(&stream{t, conn})
	}
}

func (s *stream) say(frames ...string) {
	for _, frame := range frames {
		_ = s.conn.Write(context.Background(), websocket.MessageText, []byte(frame)) // whoever listens may have gone
	}
}

// greet begins as ActionCable does, and returns the identifier of the subscription.
func (s *stream) greet() string {
	s.say(`{"type":"welcome"}`)
	_, text, err := s.conn.Read(context.Background())
	if err != nil {
		return ""
	}
	var order struct{ Command, Identifier string }
	require.NoError(s.t, json.Unmarshal(text, &order))
	require.Equal(s.t, "subscribe", order.Command)
	return order.Identifier
}

func (s *stream) confirm() {
	confirmation, err := json.Marshal(map[string]string{"identifier": s.greet(), "type": "confirm_subscription"})
	require.NoError(s.t, err)
	s.say(string(confirmation))
}

// ping lives for a while without any event.
func (s *stream) ping(times int) {
	for range times {
		time.Sleep(3 * time.Second) //nolint:forbidigo // it moves the clock of the bubble
		s.say(`{"type":"ping","message":` + strconv.FormatInt(time.Now().Unix(), 10) + `}`)
	}
}

// outlast waits until the other side has gone.
func (s *stream) outlast() { _, _, _ = s.conn.Read(context.Background()) }
