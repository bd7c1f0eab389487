package chatwoottest_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// ear listens to a stream and remembers what it hears.
type ear struct {
	t      *testing.T
	mu     sync.Mutex
	heard  []chatwoot.CableEvent
	ready  chan struct{}
	ended  chan error
	finish context.CancelFunc
}

func listen(t *testing.T, sim *chatwoottest.Server, token string, change func(*chatwoot.Subscription)) *ear {
	t.Helper()
	server, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: sim.URL(), AllowPrivateNetwork: true})
	require.NoError(t, err)
	profile, err := server.Client(token, 0).Profile(t.Context())
	require.NoError(t, err)
	ctx, finish := context.WithCancel(t.Context())
	e := &ear{t: t, ready: make(chan struct{}), ended: make(chan error, 1), finish: finish}
	sub := chatwoot.Subscription{
		PubsubToken: profile.PubsubToken, User: profile.ID, Account: sim.AccountID(), Confirmed: func() { close(e.ready) },
		Event: func(x chatwoot.CableEvent) { e.mu.Lock(); defer e.mu.Unlock(); e.heard = append(e.heard, x) },
	}
	if change != nil {
		change(&sub)
	}
	go func() { e.ended <- server.Listen(ctx, sub) }()
	t.Cleanup(finish)
	return e
}

func (e *ear) confirmed() *ear {
	e.t.Helper()
	select {
	case <-e.ready:
	case err := <-e.ended:
		require.NoError(e.t, err, "the stream ended before it began")
	}
	return e
}

func (e *ear) hears(what string, is func(chatwoot.CableEvent) bool) {
	e.t.Helper()
	require.Eventually(e.t, func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return slices.ContainsFunc(e.heard, is)
	}, 30*time.Second, 5*time.Millisecond, what)
}

func named(name string) func(chatwoot.CableEvent) bool {
	return func(e chatwoot.CableEvent) bool { return e.Name == name }
}

func TestAStreamTellsWhatWebhooksDoNot(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Conversations: 5, Seed: 3})
	e := listen(t, sim, sim.AdminToken(), nil).confirmed()
	one, other := sim.Conversations()[0], sim.Conversations()[1]
	sim.SetLabels(1, one.ID, []string{"ganho"})
	e.hears("the labels", func(x chatwoot.CableEvent) bool {
		return x.Name == "conversation.updated" && x.About == one.ID && len(x.Conversation.Labels) == 1 && x.Conversation.Labels[0] == "ganho"
	})
	e.hears("the activity line", func(x chatwoot.CableEvent) bool { return x.Name == "message.created" && x.About == one.ID })
	sim.CreateLabel("novidade", "#1f93ff")
	e.hears("the labels' key", chatwoot.CableEvent.CatalogChanged)
	sim.MergeContacts(one.ContactID, other.ContactID)
	e.hears("the merge", named("contact.merged"))
	e.hears("the other contact", named("contact.deleted"))
	e.hears("whose conversation it is now", func(x chatwoot.CableEvent) bool {
		return x.Name == "conversation.contact_changed" && x.About == other.ID
	})
}

func TestAStreamTellsAnAgentOnlyOfTheirInboxes(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Conversations: 12, Seed: 3})
	agent := sim.AddUser("Caio Nunes", "caio@example.com", "agent")
	seen := sim.Conversations()[0]
	sim.AddInboxMember(seen.InboxID, agent.ID)
	e := listen(t, sim, agent.Token, nil).confirmed()
	var hidden int64
	for _, c := range sim.Conversations() {
		if c.InboxID != seen.InboxID {
			hidden = c.ID
		}
	}
	require.NotZero(t, hidden)
	sim.SetLabels(1, hidden, []string{"ganho"})
	sim.SetLabels(1, seen.ID, []string{"ganho"})
	e.hears("their own", func(x chatwoot.CableEvent) bool { return x.About == seen.ID })
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.heard {
		require.NotEqual(t, hidden, x.About, x.Name)
	}
}

func TestAWrongSubscriptionIsNotConfirmed(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{})
	for name, wrong := range map[string]func(*chatwoot.Subscription){
		"token":   func(s *chatwoot.Subscription) { s.PubsubToken = "wrong" },
		"user":    func(s *chatwoot.Subscription) { s.User = 4711 },
		"account": func(s *chatwoot.Subscription) { s.Account = 4711 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, <-listen(t, sim, sim.AdminToken(), wrong).ended, chatwoot.KindNotSubscribed)
		})
	}
}

func TestAStreamThatIsCutEnds(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{})
	e := listen(t, sim, sim.AdminToken(), nil).confirmed()
	sim.DropCables()
	require.ErrorIs(t, <-e.ended, chatwoot.KindBroken)
}

func TestNoStreamBehindAProxyWithoutUpgrades(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{NoCable: true})
	require.ErrorIs(t, <-listen(t, sim, sim.AdminToken(), nil).ended, chatwoot.KindNotChatwoot)
}

func TestAStreamIsNotDialledIntoAPrivateNetwork(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{})
	server, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: sim.URL()})
	require.NoError(t, err)
	require.ErrorIs(t, server.Listen(t.Context(), chatwoot.Subscription{Account: 1, User: 1}), chatwoot.KindPrivateAddress)
}

func TestAStreamTellsOfReadersRepliesAndContacts(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{})
	id := sim.CreateConversation(0, chatwoottest.NewConversation{Text: "Olá"})
	e := listen(t, sim, sim.AdminToken(), nil).confirmed()
	sim.ContactReads(id)
	e.hears("that the customer looked", named("conversation.read"))
	sim.Reply(1, id, "Bom dia")
	e.hears("the first reply", named("first.reply.created"))

	made := admin(t, sim).api("POST", "contacts", map[string]any{"name": "Prova de entrega"})
	contact := int64(dig(t, made, "payload", "contact", "id").(float64))
	about := func(name string) func(chatwoot.CableEvent) bool {
		return func(x chatwoot.CableEvent) bool { return x.Name == name && x.Contact.ID == contact }
	}
	e.hears("the new contact", about("contact.created"))
	admin(t, sim).api("PATCH", "contacts/"+itoa(contact), map[string]any{"name": "Prova"})
	e.hears("its name", about("contact.updated"))
	admin(t, sim).api("DELETE", "contacts/"+itoa(contact), nil)
	e.hears("its end", about("contact.deleted"))
}

func TestAStreamBringsOneAccountAtATime(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Conversations: 3})
	second := sim.AddBusiness("Filial Recife", sim.Users()[0].ID, 3)
	e := listen(t, sim, sim.AdminToken(), nil).confirmed()
	status, _ := admin(t, sim).do("POST", "/api/v1/accounts/"+itoa(second)+"/conversations/2/labels", map[string]any{"labels": []string{"vip"}})
	require.Equal(t, http.StatusOK, status)
	sim.SetLabels(1, 3, []string{"ganho"})
	e.hears("its own", func(x chatwoot.CableEvent) bool { return x.About == 3 })
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.heard {
		require.Equal(t, sim.AccountID(), x.Account, x.Name)
		require.NotEqual(t, int64(2), x.About, x.Name)
	}
}

func TestANewPasswordSilencesStreams(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{Conversations: 3})
	old := listen(t, sim, sim.AdminToken(), nil).confirmed()
	sim.ChangePassword(sim.Users()[0].ID, "Outra-Senha-1!")
	fresh := listen(t, sim, sim.AdminToken(), nil).confirmed()
	sim.SetLabels(1, 3, []string{"ganho"})
	fresh.hears("what happens", func(x chatwoot.CableEvent) bool { return x.About == 3 })
	sim.CreateLabel("novidade", "#1f93ff")
	old.hears("of the account alone", chatwoot.CableEvent.CatalogChanged)
	old.mu.Lock()
	defer old.mu.Unlock()
	for _, x := range old.heard {
		require.Zero(t, x.About, x.Name)
	}
}

func TestACableMayComeBack(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{})
	listen(t, sim, sim.AdminToken(), nil).confirmed()
	require.Equal(t, 1, sim.Cables())
	sim.CloseCable(true)
	require.ErrorIs(t, <-listen(t, sim, sim.AdminToken(), nil).ended, chatwoot.KindNotChatwoot)
	sim.CloseCable(false)
	listen(t, sim, sim.AdminToken(), nil).confirmed()
}

func TestAMutedCableFallsSilent(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.Start(t, chatwoottest.Options{CablePing: time.Millisecond})
	e := listen(t, sim, sim.AdminToken(), nil).confirmed()
	sim.MuteCables(true)
	require.ErrorIs(t, <-e.ended, chatwoot.KindTimeout)
}
