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
)

// Each unknown title asks for a list of labels. While Chatwoot does not answer, webhooks must neither wait for it nor use up the requests
// that moves need.
func TestStrangersDoNotHoldUpWebhooksWhileChatwootHangs(t *testing.T) {
	var lists atomic.Int64
	count := func(r *http.Request, _ bool) error {
		if strings.HasSuffix(r.URL.Path, "/labels") && !strings.Contains(r.URL.Path, "/conversations/") {
			lists.Add(1)
		}
		return nil
	}
	synced(t, chatwoottest.Options{}, seldom, count, func(t *testing.T, b *bubble) {
		id := b.sim.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo"}})
		time.Sleep(time.Second)
		b.sim.Fault(chatwoottest.Fault{Match: "GET */labels", Kind: chatwoottest.FaultHang, Duration: time.Hour})
		before := lists.Load()
		for i := range 100 {
			b.sim.SetLabels(0, id, []string{"ganho", fmt.Sprintf("desconhecida-%d", i)})
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		waiting, err := b.store.DeliveriesWaiting(t.Context(), b.account.ID)
		require.NoError(t, err)
		require.Zero(t, waiting)
		c, err := b.cached(id)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"ganho", "desconhecida-99"}, c.Labels)
		require.LessOrEqual(t, lists.Load()-before, int64(3), "lists of labels asked for")
	})
}
