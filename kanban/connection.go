package kanban

import (
	"context"
	"errors"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// ConnectionMode is how fresh the board is.
type ConnectionMode string

// The modes of a connection.
const (
	// ConnectionImporting: the first read is under way; the board shows what is there.
	ConnectionImporting ConnectionMode = "importing"
	// ConnectionLive: news arrives at once, by webhooks or by the event stream.
	ConnectionLive ConnectionMode = "live"
	// ConnectionDelayed: changes come by asking.
	ConnectionDelayed ConnectionMode = "delayed"
	// ConnectionDown: Chatwoot does not answer; the board shows what it knew, moves wait.
	ConnectionDown ConnectionMode = "down"
)

// Feed is how news reaches us.
type Feed string

// The feeds, the best first. Asking goes on beneath the others, because none of them tells everything (CONTRACT 14).
const (
	// FeedWebhooks: Chatwoot sends webhooks, and they arrive.
	FeedWebhooks Feed = "webhooks"
	// FeedStream: we listen to Chatwoot's own event stream.
	FeedStream Feed = "stream"
	// FeedPolling: we ask.
	FeedPolling Feed = "polling"
)

// Connection is what the pill and the health page tell of an account.
type Connection struct {
	Mode ConnectionMode
	Feed Feed
	// Trouble is a message key of why Chatwoot does not answer as it should; empty when it does.
	Trouble string
	// TroubleAt is when that was last seen.
	TroubleAt time.Time
	// LastSync is when Chatwoot last answered, LastWebhook when a delivery last came; zero when never.
	LastSync, LastWebhook time.Time
	// MovesWaiting counts moves that Chatwoot does not have yet, DeliveriesWaiting webhooks that are stored but not applied.
	MovesWaiting, DeliveriesWaiting int
	Import                          ImportState
	Sync                            SyncState
	// Requests were sent to the server in the last minute, of RequestBudget that we allow ourselves; Throttled counts its 429s.
	Requests, RequestBudget, Throttled int
	// WebhookRegistered says that Chatwoot was asked to send webhooks, Proving that just now it is tried whether they arrive.
	WebhookRegistered, Proving bool
	Link                       Link
}

// Connection tells how fresh an account's cache is.
func (e *Engine) Connection(ctx context.Context, id AccountID) (Connection, error) {
	a, err := e.Store.Account(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	s := e.sync(id)
	c := Connection{
		Import: a.Import, Sync: a.Sync, WebhookRegistered: a.Webhook.ID != 0, Proving: s.proving.Load() || s.asked.Load(), Link: a.Link, Feed: s.feed(a),
		LastSync: fromMillis(s.lastAnswer.Load()), LastWebhook: later(fromMillis(s.lastWebhook.Load()), a.Webhook.LastAt),
	}
	if c.MovesWaiting, err = e.Store.MovesWaiting(ctx, id); err != nil {
		return Connection{}, err
	}
	if c.DeliveriesWaiting, err = e.Store.DeliveriesWaiting(ctx, id); err != nil {
		return Connection{}, err
	}
	if t := s.trouble.Load(); t != nil {
		c.Trouble, c.TroubleAt = troubleKey(t.err), t.at
	}
	if server, err := e.server(a.BaseURL, a.AllowPrivateNetwork); err == nil {
		h := server.Health()
		c.Requests, c.RequestBudget, c.Throttled = h.RequestsLastMinute, h.Budget, h.Throttled
	}
	c.Mode = c.mode()
	return c, nil
}

func (c Connection) mode() ConnectionMode {
	switch {
	case c.Trouble != "":
		return ConnectionDown
	case !c.Import.Finished():
		return ConnectionImporting
	case c.Feed == FeedPolling:
		return ConnectionDelayed
	}
	return ConnectionLive
}

// feed is how news of the account reaches us now.
func (s *accountSync) feed(a Account) Feed {
	switch {
	case s.arrives(a):
		return FeedWebhooks
	case s.listening.Load():
		return FeedStream
	}
	return FeedPolling
}

// troubleKey names the sentence for a failure of Chatwoot's.
func troubleKey(err error) string {
	switch {
	case errors.Is(err, chatwoot.KindBadToken), errors.Is(err, chatwoot.KindHeaderDropped):
		return "trouble.token"
	case errors.Is(err, chatwoot.KindNotAllowed), errors.Is(err, chatwoot.KindNotMember):
		return "trouble.not_allowed"
	case errors.Is(err, chatwoot.KindSuspended):
		return "trouble.suspended"
	case errors.Is(err, chatwoot.KindThrottled):
		return "trouble.throttled"
	case errors.Is(err, chatwoot.KindPrivateAddress):
		return "trouble.private_address"
	case errors.Is(err, chatwoot.KindNotChatwoot):
		return "trouble.not_chatwoot"
	case errors.Is(err, chatwoot.KindNotFound):
		return "trouble.account_gone"
	}
	return "trouble.unavailable"
}

// connectionChanged has the browsers fetch the pill anew, if it would say something else than before.
func (s *accountSync) connectionChanged() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := s.Connection(ctx, s.id)
	if err != nil {
		return
	}
	old := s.shown.Swap(&c)
	if old == nil || old.Mode != c.Mode || old.Trouble != c.Trouble || old.Feed != c.Feed || old.Proving != c.Proving || old.MovesWaiting != c.MovesWaiting || old.Import.Done != c.Import.Done {
		s.Hub.Publish(&Event{Account: s.id, Kind: ConnectionChanged})
	}
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
