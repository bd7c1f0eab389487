package kanban_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func (b *bubble) kept() kanban.Account {
	b.t.Helper()
	a, err := b.store.Account(b.t.Context(), b.account.ID)
	require.NoError(b.t, err)
	return a
}

// apps are the dashboard apps that Chatwoot has.
func (w *world) apps() (all []struct {
	ID      int64
	Title   string
	Content []struct{ URL string }
},
) {
	w.t.Helper()
	w.ask("dashboard_apps", &all)
	return all
}

func TestAWebhookThatSomebodyDeletesComesBack(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		first := b.kept()
		b.post(http.MethodDelete, fmt.Sprintf("webhooks/%d", first.Webhook.ID), nil)
		require.Empty(t, b.registrations())
		time.Sleep(2 * time.Minute)
		now := b.kept()
		require.Len(t, b.registrations(), 1)
		require.NotEqual(t, first.Webhook.Secret, now.Webhook.Secret, "Chatwoot made a new secret")
		require.Equal(t, first.Webhook.Key, now.Webhook.Key)
		require.WithinDuration(t, time.Now(), now.Link.WebhookRepairedAt, 2*time.Minute)

		b.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rita Moraes", Labels: []string{"novo"}})
		time.Sleep(time.Second)
		require.Equal(t, kanban.FeedWebhooks, b.connection().Feed, "what is sent with it is taken")
	})
}

func TestAWebhookThatSomebodyChangesIsPutRight(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.kept().Webhook.ID
		b.post(http.MethodPatch, fmt.Sprintf("webhooks/%d", id), map[string]any{"url": "https://elsewhere.example/hook", "subscriptions": []string{"message_created"}})
		time.Sleep(2 * time.Minute)
		hooks := b.registrations()
		require.Len(t, hooks, 1)
		require.Equal(t, b.kept().Webhook.URL, hooks[0].URL)
		require.ElementsMatch(t, kanban.WebhookEvents, hooks[0].Subscriptions)
		require.False(t, b.kept().Link.WebhookRepairedAt.IsZero())
	})
}

func TestNothingIsRepairedThatIsWhole(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks))
		before := b.kept().Link
		time.Sleep(30 * time.Minute)
		after := b.kept().Link
		require.Equal(t, before.App, after.App)
		require.Equal(t, before.RegisteredAt, after.RegisteredAt)
		require.True(t, after.WebhookRepairedAt.IsZero())
		require.True(t, after.App.RepairedAt.IsZero())
	})
}

func TestADashboardAppComesOnlyWhenWished(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		time.Sleep(5 * time.Minute)
		require.Empty(t, b.apps())
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks+"/"))
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks))
		apps := b.apps()
		require.Len(t, apps, 1, "a second click adds no second tab")
		require.Equal(t, kanban.AppTitle, apps[0].Title)
		require.Equal(t, b.hooks+"/embed", apps[0].Content[0].URL)

		b.post(http.MethodDelete, fmt.Sprintf("dashboard_apps/%d", apps[0].ID), nil)
		time.Sleep(2 * time.Minute)
		require.Len(t, b.apps(), 1, "somebody deleted it: it is there again")
		require.False(t, b.kept().Link.App.RepairedAt.IsZero())

		require.NoError(t, b.engine.RemoveApp(t.Context(), b.account.ID))
		time.Sleep(5 * time.Minute)
		require.Empty(t, b.apps(), "an administrator removed it here: it stays away")
	})
}

func TestADashboardAppThatSomebodyRenamesKeepsItsName(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks))
		b.post(http.MethodPatch, fmt.Sprintf("dashboard_apps/%d", b.apps()[0].ID), map[string]any{
			"title": "Funil", "content": []map[string]any{{"type": "frame", "url": "https://old.example/embed"}},
		})
		time.Sleep(2 * time.Minute)
		apps := b.apps()
		require.Len(t, apps, 1)
		require.Equal(t, "Funil", apps[0].Title)
		require.Equal(t, b.hooks+"/embed", apps[0].Content[0].URL)
	})
}

func TestWhatChatwootRefusesIsTold(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		b.sim.Fault(chatwoottest.Fault{Match: "GET */webhooks", Kind: chatwoottest.FaultRefuse401})
		time.Sleep(2 * time.Minute)
		require.Equal(t, "trouble.not_allowed", b.connection().Link.Refused)
		b.sim.ClearFaults()
		time.Sleep(2 * time.Minute)
		require.Empty(t, b.connection().Link.Refused)
	})
}

func TestTheWebhookFollowsTheOperatorsAddress(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		require.NoError(t, b.engine.AddApp(t.Context(), b.account.ID, b.hooks))
		b.halt()
		b.public = "https://funil.example"
		b.open()
		b.start()
		time.Sleep(time.Minute)
		require.Len(t, b.registrations(), 1)
		require.Contains(t, b.registrations()[0].URL, "https://funil.example/webhooks/")
		require.Equal(t, "https://funil.example/embed", b.apps()[0].Content[0].URL)
		require.True(t, b.kept().Link.WebhookRepairedAt.IsZero(), "we moved; nobody broke anything")
	})
}
