package chatwoot

import (
	"context"
	"encoding/json"
	"errors"
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
)

// cablePatience is how long the parts of a stream may take.
type cablePatience struct {
	dial    time.Duration
	confirm time.Duration // a wrong token, user or account gets no answer at all
	silence time.Duration // the server pings every three seconds
}

var patience = cablePatience{dial: 15 * time.Second, confirm: 5 * time.Second, silence: 10 * time.Second}

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

// Listen tells of events until the stream ends or ctx does; it returns why. Kinds: those of a request, and KindNotSubscribed when the
// server does not confirm.
func (s *Server) Listen(ctx context.Context, sub Subscription) error {
	k := s.Client("", 0).call(http.MethodGet, cablePath)
	conn, err := s.dialCable(ctx, k)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(cableLimit)
	l := &listener{Subscription: sub, call: k, conn: conn}
	if err := l.subscribe(ctx); err != nil {
		return l.ended(ctx, err)
	}
	return l.ended(ctx, l.listen(ctx))
}

// dialCable opens the connection through the guarded transport that requests take, so that the address is checked when it is dialled
// and no redirect is followed.
func (s *Server) dialCable(ctx context.Context, k *call) (*websocket.Conn, error) {
	dial, cancel := context.WithTimeout(ctx, patience.dial)
	defer cancel()
	conn, response, err := websocket.Dial(dial, s.base+cablePath, &websocket.DialOptions{HTTPClient: s.http, Subprotocols: []string{cableProtocol}})
	switch {
	case err == nil:
		return conn, nil
	case response != nil && response.StatusCode >= http.StatusInternalServerError:
		e := k.fail(KindUnavailable)
		e.Status = response.StatusCode
		return nil, e
	case response != nil:
		e := k.fail(KindNotChatwoot) // a proxy on the way does not pass the upgrade on
		e.Status = response.StatusCode
		return nil, e
	}
	return nil, k.unsent(ctx, dial, err)
}

// listener is one open stream.
type listener struct {
	Subscription
	call *call
	conn *websocket.Conn
}

var (
	errSilent       = errors.New("the stream fell silent")
	errNotConfirmed = errors.New("the subscription was not confirmed")
	errDisconnected = errors.New("the server ended the stream")
)

// ended makes an *Error of why a stream ended.
func (l *listener) ended(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return l.call.ended(ctx, err)
	case errors.Is(err, errNotConfirmed):
		return l.call.fail(KindNotSubscribed)
	case errors.Is(err, errSilent):
		return l.call.fail(KindTimeout)
	}
	e := l.call.fail(KindBroken)
	e.Reason, e.cause = "reset", err
	return e
}

// subscribe asks for the events and waits for the confirmation.
func (l *listener) subscribe(ctx context.Context) error {
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
	ctx, cancel := context.WithTimeout(ctx, patience.confirm)
	defer cancel()
	if err := l.conn.Write(ctx, websocket.MessageText, command); err != nil {
		return err
	}
	for {
		f, err := l.next(ctx)
		switch {
		case ctx.Err() != nil:
			return errNotConfirmed
		case err != nil:
			return err
		case f.Type == "confirm_subscription":
			if l.Confirmed != nil {
				l.Confirmed()
			}
			return nil
		case f.Type == "reject_subscription":
			return errNotConfirmed
		}
		l.tell(f) // events may come before their confirmation
	}
}

func (l *listener) listen(ctx context.Context) error {
	for {
		heard, cancel := context.WithTimeout(ctx, patience.silence)
		f, err := l.next(heard)
		silent := heard.Err() != nil
		cancel()
		if silent {
			return errSilent
		}
		if err != nil {
			return err
		}
		l.tell(f)
	}
}

// next reads a frame. A text that is none is left out.
func (l *listener) next(ctx context.Context) (cableFrame, error) {
	_, text, err := l.conn.Read(ctx)
	if err != nil {
		return cableFrame{}, err
	}
	var f cableFrame
	_ = unmarshal(text, &f)
	if f.Type == "disconnect" {
		return f, errDisconnected
	}
	return f, nil
}

func (l *listener) tell(f cableFrame) {
	e, ok := f.event()
	if ok && (e.Account == l.Account || e.Account == 0) && l.Event != nil {
		l.Event(e)
	}
}
