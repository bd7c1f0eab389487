package kanban_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// seldom is an interval that no test lives to see the end of.
const seldom = 1000 * time.Hour

// synced runs a test with an engine that has read the account.
func synced(t *testing.T, o chatwoottest.Options, poll time.Duration, travel func(*http.Request, bool) error, test func(*testing.T, *bubble)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, o, travel)
		require.NoError(t, b.store.Close())
		b.poll = poll
		b.open()
		b.start()
		time.Sleep(time.Second)
		synctest.Wait()
		test(t, b)
	})
}

// cached is a conversation as the cache has it.
func (b *bubble) cached(id int64) (kanban.Conversation, error) {
	return b.store.Conversation(b.t.Context(), b.account.ID, kanban.ConversationID(id))
}

func TestAContactsNewNameReachesTheCard(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rita Moraes", Labels: []string{"novo"}})
		time.Sleep(time.Second)
		c, err := b.cached(id)
		require.NoError(t, err)
		require.Equal(t, "Rita Moraes", c.Contact.Name)
		b.post(http.MethodPatch, fmt.Sprintf("contacts/%d", c.Contact.ID), map[string]any{"name": "Rita Moraes Lima"})
		time.Sleep(time.Second)
		synctest.Wait()
		c, err = b.cached(id)
		require.NoError(t, err)
		require.Equal(t, "Rita Moraes Lima", c.Contact.Name)
	})
}

func TestAHintFindsThatAConversationIsGone(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		stays := b.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rita Moraes"})
		truth, _ := b.sim.Conversation(stays)
		gone := b.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: truth.ContactID, Labels: []string{"proposta"}})
		time.Sleep(time.Second)
		b.sim.DeleteConversation(gone)
		time.Sleep(time.Minute)
		_, err := b.cached(gone)
		require.NoError(t, err, "nobody told")
		b.post(http.MethodPatch, fmt.Sprintf("contacts/%d", truth.ContactID), map[string]any{"name": "Rita Lima"})
		time.Sleep(time.Second)
		synctest.Wait()
		_, err = b.cached(gone)
		require.ErrorIs(t, err, kanban.ErrNotFound)
		c, err := b.cached(stays)
		require.NoError(t, err)
		require.Equal(t, "Rita Lima", c.Contact.Name)
	})
}

func TestAHintIsTriedAgainUntilChatwootAnswers(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Rita Moraes"})
		truth, _ := b.sim.Conversation(id)
		time.Sleep(time.Second)
		b.sim.Fault(chatwoottest.Fault{Match: "POST */conversations/filter", Kind: chatwoottest.FaultStatus502})
		b.post(http.MethodPatch, fmt.Sprintf("contacts/%d", truth.ContactID), map[string]any{"name": "Rita Lima"})
		time.Sleep(5 * time.Minute)
		b.sim.ClearFaults()
		time.Sleep(2 * time.Minute)
		c, err := b.cached(id)
		require.NoError(t, err)
		require.Equal(t, "Rita Lima", c.Contact.Name)
	})
}

func TestALabelsNewNameIsNoticedByItsKey(t *testing.T) {
	synced(t, chatwoottest.Options{}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		time.Sleep(10 * time.Second)
		b.sim.RenameLabel("novo", "entrada")
		time.Sleep(time.Minute) // the full list is due in four
		board, err := b.store.Board(t.Context(), b.board.ID)
		require.NoError(t, err)
		require.Equal(t, "entrada", board.Stages[0].Title)
	})
}

// Chatwoot's key is a second: what changes in the same second after we read has the key that we know already.
func TestTwoChangesInOneSecondAreBothNoticed(t *testing.T) {
	var b *bubble
	var armed, asked atomic.Bool
	synced(t, chatwoottest.Options{}, 30*time.Second, func(r *http.Request, answered bool) error {
		switch {
		case !answered && strings.HasSuffix(r.URL.Path, "/cache_keys") && armed.CompareAndSwap(true, false):
			b.sim.RenameLabel("novo", "entrada")
			asked.Store(true)
		case answered && strings.HasSuffix(r.URL.Path, "/accounts/1/labels") && asked.CompareAndSwap(true, false):
			b.sim.RenameLabel("entrada", "chegada")
		}
		return nil
	}, func(t *testing.T, made *bubble) {
		b = made
		time.Sleep(10 * time.Second)
		armed.Store(true)
		time.Sleep(2 * time.Minute)
		require.False(t, armed.Load() || asked.Load(), "key and list were read")
		board, err := b.store.Board(t.Context(), b.board.ID)
		require.NoError(t, err)
		require.Equal(t, "chegada", board.Stages[0].Title)
	})
}

func TestAMiscountTwiceReadsEverything(t *testing.T) {
	synced(t, chatwoottest.Options{Conversations: 60, Seed: 5}, 30*time.Second, nil, func(t *testing.T, b *bubble) {
		counts := func() int { return b.sim.Requests()["GET /conversations/meta"].Count }
		time.Sleep(time.Minute)
		before := counts()
		id := b.sim.Conversations()[30].ID
		b.sim.DeleteConversation(id)
		for counts() == before {
			time.Sleep(time.Second)
		}
		synctest.Wait()
		require.Equal(t, before+1, counts())
		_, err := b.cached(id)
		require.NoError(t, err, "news may be on its way")
		for counts() == before+1 {
			time.Sleep(time.Second)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		_, err = b.cached(id)
		require.ErrorIs(t, err, kanban.ErrNotFound)
		require.Empty(t, b.differenceInFull())
	})
}

func TestConversationsVanishDuringTheImport(t *testing.T) {
	var b *bubble
	var deleted atomic.Int64
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ready atomic.Bool
		b = newBubble(t, chatwoottest.Options{Conversations: 200, Seed: 6}, func(r *http.Request, answered bool) error {
			if ready.Load() && answered && strings.HasSuffix(r.URL.Path, "/conversations") && deleted.Add(1) <= 5 {
				b.sim.DeleteConversation(b.sim.Conversations()[0].ID) // each page after it begins one later than it would
			}
			return nil
		})
		ready.Store(true)
		b.start()
		time.Sleep(15 * time.Minute) // no sweep is due: the count tells
		synctest.Wait()
		require.Empty(t, b.differenceInFull())
	})
}

func TestWhatIsNotUnderstoodBlocksNobody(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.sim.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo"}})
		for i, body := range []string{"", "null", "[]", "{", `{"event":7}`, `{"event":"conversation_updated"}`, `{"event":"conversation_updated","id":"x","labels":9}`, "\x00\xff", `{"event":"inbox_updated"}`} {
			fresh, err := b.store.SaveDelivery(t.Context(), b.account.ID, []byte{byte(i)}, []byte(body), time.Now())
			require.NoError(t, err)
			require.True(t, fresh)
			b.engine.Deliver(b.account.ID)
		}
		b.sim.SetLabels(0, id, []string{"ganho"})
		time.Sleep(time.Second)
		synctest.Wait()
		waiting, err := b.store.DeliveriesWaiting(t.Context(), b.account.ID)
		require.NoError(t, err)
		require.Zero(t, waiting)
		c, err := b.cached(id)
		require.NoError(t, err)
		require.Equal(t, []string{"ganho"}, c.Labels)
	})
}
