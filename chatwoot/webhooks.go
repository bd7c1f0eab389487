package chatwoot

import "context"

// Webhook is a registration for events of the account (CONTRACT 11.1). All of it needs an administrator.
type Webhook struct {
	ID            int64
	Name          string
	URL           string // unique in the account
	Subscriptions []string
	Secret        Secret // made by Chatwoot, from 4.12 on; empty before
}

// The events worth subscribing to (CONTRACT 17.5).
const (
	EventConversationCreated       = "conversation_created"
	EventConversationUpdated       = "conversation_updated"
	EventConversationStatusChanged = "conversation_status_changed"
	EventMessageCreated            = "message_created"
	EventMessageUpdated            = "message_updated"
	EventContactCreated            = "contact_created"
	EventContactUpdated            = "contact_updated"
)

func (w Webhook) usable() bool { return w.ID > 0 }

// UnmarshalJSON forgives wrong types, and fails on broken JSON only.
func (w *Webhook) UnmarshalJSON(b []byte) error {
	var v struct {
		ID            int64  `json:"id"`
		Name          string `json:"name"`
		URL           string `json:"url"`
		Subscriptions titles `json:"subscriptions"`
		Secret        Secret `json:"secret"`
	}
	if err := unmarshal(b, &v); err != nil {
		return err
	}
	*w = Webhook{ID: v.ID, Name: v.Name, URL: v.URL, Subscriptions: v.Subscriptions, Secret: v.Secret}
	return nil
}

type webhookBody struct {
	Webhook struct {
		Name          string   `json:"name,omitempty"`
		URL           string   `json:"url,omitempty"`
		Subscriptions []string `json:"subscriptions,omitempty"`
	} `json:"webhook"`
}

func (w Webhook) body() webhookBody {
	var b webhookBody
	b.Webhook.Name, b.Webhook.URL, b.Webhook.Subscriptions = w.Name, w.URL, w.Subscriptions
	return b
}

// Webhooks returns all registrations of the account: GET …/webhooks.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	var w struct {
		Payload struct {
			Webhooks []Webhook `json:"webhooks"`
		} `json:"payload"`
	}
	k := c.get(nil, "webhooks").large()
	if err := k.into(ctx, &w); err != nil {
		return nil, err
	}
	if w.Payload.Webhooks == nil {
		return nil, k.fail(KindNotChatwoot)
	}
	webhooks, skipped := usableOf(w.Payload.Webhooks)
	k.noteSkipped(skipped)
	return webhooks, nil
}

// CreateWebhook registers an address: POST …/webhooks. One that is registered already is KindInvalid with the attribute url. Chatwoot
// does not check whether it can be reached (CONTRACT 11.7).
func (c *Client) CreateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	return oneWebhook(ctx, c.post(w.body(), "webhooks"))
}

// UpdateWebhook changes name, address and subscriptions; empty ones stay: PATCH …/webhooks/{id}.
func (c *Client) UpdateWebhook(ctx context.Context, w Webhook) (Webhook, error) {
	return oneWebhook(ctx, c.patch(w.body(), "webhooks", w.ID).repeat())
}

// DeleteWebhook removes a registration: DELETE …/webhooks/{id}.
func (c *Client) DeleteWebhook(ctx context.Context, id int64) error {
	return c.delete("webhooks", id).done(ctx)
}

func oneWebhook(ctx context.Context, k *call) (Webhook, error) {
	var w struct {
		Payload struct {
			Webhook Webhook `json:"webhook"`
		} `json:"payload"`
	}
	if err := k.into(ctx, &w); err != nil {
		return Webhook{}, err
	}
	if !w.Payload.Webhook.usable() {
		return Webhook{}, k.fail(KindNotChatwoot)
	}
	return w.Payload.Webhook, nil
}
