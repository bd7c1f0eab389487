package kanban_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// registrations are the webhooks that Chatwoot has.
func (w *world) registrations() (all []struct {
	ID            int64
	URL           string
	Subscriptions []string
},
) {
	w.t.Helper()
	answer := struct {
		Payload struct {
			Webhooks *[]struct {
				ID            int64
				URL           string
				Subscriptions []string
			}
		}
	}{}
	answer.Payload.Webhooks = &all
	w.ask("webhooks", &answer)
	return all
}

func registering(t *testing.T, test func(*testing.T, *bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, chatwoottest.Options{}, nil)
		test(t, b)
		require.NoError(t, b.store.Close())
	})
}

func TestAWebhookIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	registering(t, func(t *testing.T, b *bubble) {
		first := b.registrations()
		require.Len(t, first, 1)
		require.ElementsMatch(t, kanban.WebhookEvents, first[0].Subscriptions)
		a, err := b.engine.RegisterWebhook(t.Context(), b.account.ID, b.hooks+"/")
		require.NoError(t, err)
		require.Equal(t, b.account.Webhook, a.Webhook, "key and secret stay")
		require.Equal(t, first, b.registrations())
	})
}

func TestAWebhookIsPutRight(t *testing.T) {
	t.Parallel()
	registering(t, func(t *testing.T, b *bubble) {
		b.post(http.MethodPatch, fmt.Sprintf("webhooks/%d", b.account.Webhook.ID), map[string]any{"subscriptions": []string{"message_created"}})
		require.Len(t, b.registrations()[0].Subscriptions, 1)
		a, err := b.engine.RegisterWebhook(t.Context(), b.account.ID, b.hooks)
		require.NoError(t, err)
		require.Equal(t, b.account.Webhook, a.Webhook)
		require.ElementsMatch(t, kanban.WebhookEvents, b.registrations()[0].Subscriptions)
	})
}

func TestAWebhookFollowsOurAddress(t *testing.T) {
	t.Parallel()
	registering(t, func(t *testing.T, b *bubble) {
		a, err := b.engine.RegisterWebhook(t.Context(), b.account.ID, "https://funil.example")
		require.NoError(t, err)
		require.Equal(t, b.account.Webhook.ID, a.Webhook.ID, "the same registration, not a second one that says everything twice")
		require.Len(t, b.registrations(), 1)
		require.Equal(t, a.Webhook.URL, b.registrations()[0].URL)
		require.Contains(t, a.Webhook.URL, "https://funil.example/webhooks/1/")
	})
}

func TestADeletedWebhookIsMadeAnew(t *testing.T) {
	t.Parallel()
	registering(t, func(t *testing.T, b *bubble) {
		b.post(http.MethodDelete, fmt.Sprintf("webhooks/%d", b.account.Webhook.ID), nil)
		require.Empty(t, b.registrations())
		a, err := b.engine.RegisterWebhook(t.Context(), b.account.ID, b.hooks)
		require.NoError(t, err)
		require.NotEqual(t, b.account.Webhook.ID, a.Webhook.ID)
		require.NotEqual(t, b.account.Webhook.Secret, a.Webhook.Secret)
		require.Len(t, b.registrations(), 1)
		kept, err := b.store.Account(t.Context(), a.ID)
		require.NoError(t, err)
		require.Equal(t, a.Webhook, kept.Webhook)
	})
}
