package kanban_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, chatwoottest.Options{Conversations: 60, Seed: 1}, nil)
		b.start()
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Empty(t, b.difference())
		require.Empty(t, b.differenceInFull())
	})
}
