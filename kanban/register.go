package kanban

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// WebhookEvents are the least that the board needs to hear of (CONTRACT 17.5).
var WebhookEvents = []string{"conversation_created", "conversation_updated", "conversation_status_changed", "message_created", "contact_updated"}

// RegisterWebhook has Chatwoot send its news to publicURL. A webhook of ours that is there already is reused and put right. Where
// Chatwoot signs nothing it is an *InvalidError, unless an administrator allowed that knowingly.
func (e *Engine) RegisterWebhook(ctx context.Context, id AccountID, publicURL string) (Account, error) {
	s := e.sync(id)
	if err := s.registrations.take(ctx); err != nil {
		return Account{}, err
	}
	defer s.registrations.leave()
	c, a, err := e.client(ctx, id)
	if err != nil {
		return Account{}, err
	}
	if !a.Signs() && !a.Link.AllowUnsigned {
		return Account{}, Invalid("connect.unsigned", "version", a.Version)
	}
	a, changed, err := s.register(ctx, c, a, publicURL)
	if changed {
		s.askProof()
	}
	return a, err
}

// AllowUnsigned says whether deliveries are taken from a Chatwoot that signs none: whoever learns the webhook's address could then
// invent some.
func (e *Engine) AllowUnsigned(ctx context.Context, id AccountID, allow bool) error {
	_, err := e.Store.ChangeLink(ctx, id, func(l *Link) { l.AllowUnsigned = allow })
	return err
}

// register makes the webhook what it should be. changed says that something was not.
func (s *accountSync) register(ctx context.Context, c *chatwoot.Client, a Account, publicURL string) (_ Account, changed bool, err error) {
	was := a.Webhook
	if a.Webhook.Key == "" {
		a.Webhook.Key = rand.Text()
		if err := s.Store.SetWebhook(ctx, s.id, a.Webhook); err != nil { // the key must be known before the first delivery
			return a, false, err
		}
	}
	a.Webhook.URL = fmt.Sprintf("%s/webhooks/%d/%s", strings.TrimRight(publicURL, "/"), s.id, a.Webhook.Key)
	hook, written, err := registered(ctx, c, a)
	if err != nil {
		return a, false, err
	}
	a.Webhook.ID, a.Webhook.Secret = hook.ID, string(hook.Secret)
	if !written && a.Webhook == was {
		return a, false, nil
	}
	if err := s.Store.SetWebhook(ctx, s.id, a.Webhook); err != nil {
		return a, false, err
	}
	now := s.Clock()
	a.Link, err = s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.RegisteredAt = now })
	return a, true, err
}

// registered finds our webhook by its address, else by its number, else creates it. written says that Chatwoot had to be told.
func registered(ctx context.Context, c *chatwoot.Client, a Account) (hook chatwoot.Webhook, written bool, err error) {
	want := chatwoot.Webhook{Name: "Chatlane", URL: a.Webhook.URL, Subscriptions: WebhookEvents}
	hooks, err := c.Webhooks(ctx)
	if err != nil {
		return chatwoot.Webhook{}, false, err
	}
	i := slices.IndexFunc(hooks, func(h chatwoot.Webhook) bool { return h.URL == want.URL })
	if i < 0 {
		i = slices.IndexFunc(hooks, func(h chatwoot.Webhook) bool { return a.Webhook.ID != 0 && h.ID == a.Webhook.ID })
	}
	if i < 0 {
		hook, err = c.CreateWebhook(ctx, want)
		return hook, true, err
	}
	found := hooks[i]
	if found.URL == want.URL && sameTitles(found.Subscriptions, want.Subscriptions) {
		return found, false, nil
	}
	want.ID = found.ID
	updated, err := c.UpdateWebhook(ctx, want)
	if err == nil && updated.Secret == "" {
		updated.Secret = found.Secret
	}
	return updated, true, err
}

// publicURL is where Chatwoot reaches us: what the operator said, else what the webhook was registered with.
func (e *Engine) publicURL(a Account) string {
	if e.PublicURL != "" {
		return strings.TrimRight(e.PublicURL, "/")
	}
	return a.Webhook.PublicURL()
}
