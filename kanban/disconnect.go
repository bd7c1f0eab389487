package kanban

import (
	"context"
	"errors"

	"github.com/chatlane/chatlane/chatwoot"
)

// Left is what could not be removed from Chatwoot when an account was disconnected; somebody has to do it there.
type Left struct {
	Webhook, App bool
}

// Disconnect removes what we registered in Chatwoot, as far as Chatwoot lets us, and ends the account's sync. Its data stays, so that
// connecting it again goes on where it was; or it is deleted, if asked.
func (e *Engine) Disconnect(ctx context.Context, id AccountID, deleteData bool) (Left, error) {
	s := e.sync(id)
	if err := s.registrations.take(ctx); err != nil {
		return Left{}, err
	}
	defer s.registrations.leave()
	c, a, err := e.client(ctx, id)
	if err != nil {
		return Left{}, err
	}
	left := s.unregister(ctx, c.Once(), a) // a person waits
	if deleteData {
		err = e.Store.DeleteAccount(ctx, id)
	} else {
		err = e.Store.DisconnectAccount(ctx, id, e.Clock())
	}
	if err != nil {
		return left, err
	}
	s.log.InfoContext(ctx, "account disconnected", "data_deleted", deleteData, "webhook_left", left.Webhook, "app_left", left.App)
	e.AccountAdded(id)
	e.Hub.Publish(&Event{Account: id, Kind: BoardChanged}, &Event{Account: id, Kind: ConnectionChanged})
	return left, nil
}

// unregister removes webhook, dashboard app and what a proof left, and tells what stayed.
func (s *accountSync) unregister(ctx context.Context, c *chatwoot.Client, a Account) (left Left) {
	note := func(what string, err error) bool {
		if err == nil || errors.Is(err, chatwoot.KindNotFound) {
			return false
		}
		s.log.WarnContext(ctx, "remove from Chatwoot", "what", what, "error", err.Error())
		return true
	}
	if a.Webhook.ID != 0 {
		left.Webhook = note("webhook", c.DeleteWebhook(ctx, a.Webhook.ID))
	}
	left.App = note("dashboard app", removeApp(ctx, c, a))
	note("contact of a connection test", s.clearProof(ctx, c, a))
	return left
}
