package chatwoottest_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// TestEverybodyAtOnce lets readers, writers, traffic and renames run together,
// for the race detector and for the books to balance afterwards.
func TestEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	s := chatwoottest.New(chatwoottest.Options{Seed: 9, Conversations: 60})
	defer s.Close()
	ask(s, "POST", "/api/v1/accounts/1/webhooks", `{"url":"http://127.0.0.1:1/h"}`)
	var everybody sync.WaitGroup
	together := func(n int, act func(rng *rand.Rand)) {
		everybody.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(n), 1))
			for range n {
				act(rng)
			}
		})
	}
	together(80, func(rng *rand.Rand) { s.Happen(rng) })
	together(60, func(*rand.Rand) { ask(s, "GET", "/api/v1/accounts/1/conversations?status=all", "") })
	together(61, func(rng *rand.Rand) {
		ask(s, "POST", "/api/v1/accounts/1/conversations/"+itoa(1+rng.Int64N(60))+"/labels", `{"labels":["vip","novo"]}`)
	})
	together(62, func(rng *rand.Rand) { s.AddLabel(1, 1+rng.Int64N(60), "urgente") })
	together(20, func(rng *rand.Rand) { s.RenameLabel("vip", "vips"); s.RenameLabel("vips", "vip") })
	together(63, func(rng *rand.Rand) { ask(s, "GET", "/app/accounts/1/conversations/"+itoa(1+rng.Int64N(60)), "") })
	everybody.Wait()
	require.NoError(t, s.WaitIdle(context.Background()))
	for _, v := range s.Conversations() {
		if history := s.LabelHistory(v.ID); len(history) > 0 {
			require.ElementsMatch(t, history[len(history)-1].After, v.Labels, "the last write stands, conversation %d", v.ID)
			for i := 1; i < len(history); i++ {
				require.ElementsMatch(t, history[i-1].After, history[i].Before)
				require.True(t, history[i].At.After(history[i-1].At))
			}
		}
	}
}
