package chatwoot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// The stream of events that Chatwoot's own dashboard listens to (CONTRACT 13). It needs no way from Chatwoot to us. What happens while
// nobody listens is lost: whoever connects has to catch up by asking.

const (
	// cablePath is ActionCable's address below the server's.
	cablePath = "/cable"
	// cableProtocol is what both sides speak.
	cableProtocol = "actioncable-v1-json"
	// cableLimit bounds a frame, in bytes.
	cableLimit = 4 << 20

	// cableDial bounds the handshake.
	cableDial = 15 * time.Second
	// cableConfirm bounds the subscription: a wrong token, user or account gets no answer at all.
	cableConfirm = 5 * time.Second
	// cableSilence is how long a stream may say nothing: it pings every three seconds.
	cableSilence = 10 * time.Second
)

// Subscription is whose events are listened to, in which account.
type Subscription struct {
	PubsubToken Secret
	User        int64
	Account     int64
	// Confirmed is called when events begin to come: what happened before has to be asked for. It must not wait.
	Confirmed func()
	// Event is called with each event of the account, in order. The stream waits for it.
	Event func(CableEvent)
}

// Listen tells of events until the stream ends or ctx does; it returns why. Kinds: those of a request; KindNotSubscribed when the
// server does not confirm; KindNotChatwoot when there is no stream at the address, as behind a proxy that does not pass upgrades on;
// KindTimeout when the stream falls silent and KindBroken when it breaks off, after which to listen again.
func (s *Server) Listen(ctx context.Context, sub Subscription) error {
	k := s.Client("", 0).call(http.MethodGet, cablePath)
	k.secrets = []string{string(sub.PubsubToken)}
	conn, err := s.dialCable(ctx, k)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(cableLimit)
	l := &listener{Subscription: sub, conn: conn}
	err = l.subscribe(ctx)
	for err == nil {
		err = l.hear(ctx)
	}
	return k.streamEnded(ctx, err)
}

// dialCable opens the connection through the guarded transport that requests take, so that the address is checked when it is dialled
// and no redirect is followed.
func (s *Server) dialCable(ctx context.Context, k *call) (*websocket.Conn, error) {
	dial, cancel := context.WithTimeout(ctx, cableDial)
	defer cancel()
	conn, response, err := websocket.Dial(dial, s.base+cablePath, &websocket.DialOptions{ //nolint:bodyclose // Dial has read and closed it
		HTTPClient: s.http, HTTPHeader: http.Header{"User-Agent": {"Chatlane"}}, Subprotocols: []string{cableProtocol},
	})
	switch {
	case err == nil:
		return conn, nil
	case response != nil:
		return nil, k.noStream(response)
	}
	return nil, k.unsent(ctx, dial, err)
}

// noStream is the error of an answer that is no stream.
func (c *call) noStream(response *http.Response) *Error {
	a := &answer{call: c, status: response.StatusCode, header: response.Header}
	if response.Body != nil {
		a.body, _ = io.ReadAll(response.Body) // what Dial kept of it
	}
	e := c.refused(a)
	if e.Kind != KindThrottled && e.Kind != KindUnavailable {
		e.Kind = KindNotChatwoot
	}
	return e
}

var (
	errSilent       = errors.New("the stream fell silent")
	errNotConfirmed = errors.New("the subscription was not confirmed")
	errDisconnected = errors.New("the server ended the stream")
)

// streamEnded makes an *Error of why a stream ended.
func (c *call) streamEnded(ctx context.Context, err error) *Error {
	if ctx.Err() != nil {
		return c.ended(ctx, err)
	}
	e := c.fail(KindBroken)
	e.cause = err
	switch {
	case errors.Is(err, errNotConfirmed):
		e.Kind = KindNotSubscribed
	case errors.Is(err, errSilent):
		e.Kind = KindTimeout
	case errors.Is(err, websocket.ErrMessageTooBig):
		e.Kind = KindTooLarge
	case errors.Is(err, errDisconnected):
		e.Reason = "ended"
	default:
		e.Reason = "reset"
	}
	return e
}

// listener is one open stream.
type listener struct {
	Subscription
	conn *websocket.Conn
}

// subscribe waits for the greeting, asks for the events and waits for the confirmation. Events may come before it.
func (l *listener) subscribe(ctx context.Context) error {
	if err := l.await(ctx, cableSilence, "welcome"); err != nil {
		return err
	}
	if err := l.ask(ctx); err != nil {
		return err
	}
	if err := l.await(ctx, cableConfirm, "confirm_subscription"); err != nil {
		if errors.Is(err, errSilent) {
			return errNotConfirmed
		}
		return err
	}
	if l.Confirmed != nil {
		l.Confirmed()
	}
	return nil
}

// ask sends the subscription, whose identifier is JSON within JSON.
func (l *listener) ask(ctx context.Context) error {
	identifier, err := json.Marshal(map[string]any{
		"channel": "RoomChannel", "pubsub_token": string(l.PubsubToken), "account_id": l.Account, "user_id": l.User,
	})
	if err != nil {
		return err
	}
	command, err := json.Marshal(map[string]string{"command": "subscribe", "identifier": string(identifier)})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cableConfirm)
	defer cancel()
	return l.conn.Write(ctx, websocket.MessageText, command)
}

// await tells of events until a frame of the type comes.
func (l *listener) await(ctx context.Context, patience time.Duration, kind string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		switch f, err := l.next(ctx); {
		case err != nil:
			return err
		case f.Type == kind:
			return nil
		case f.Type == "reject_subscription":
			return errNotConfirmed
		}
	}
}

// hear takes one frame.
func (l *listener) hear(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cableSilence)
	defer cancel()
	_, err := l.next(ctx)
	return err
}

// next reads a frame and tells of its event. A text that is no frame is left out.
func (l *listener) next(ctx context.Context) (cableFrame, error) {
	_, text, err := l.conn.Read(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return cableFrame{}, errSilent
		}
		return cableFrame{}, err
	}
	var f cableFrame
	_ = unmarshal(text, &f)
	if f.Type == "disconnect" {
		return f, errDisconnected
	}
	if e, ok := f.event(); ok && e.Account == l.Account && l.Event != nil {
		l.Event(e)
	}
	return f, nil
}
