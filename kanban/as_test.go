package kanban_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func TestWhatIsDoneAsAViewerIsDoneInTheirName(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		id := b.fresh("novo")
		b.as(b.signIn(agent.Token))
		c, err := b.engine.As(t.Context(), b.viewer)
		require.NoError(t, err)
		at := time.Now()
		_, err = c.SetConversationLabels(t.Context(), int64(id), []string{"novo", "vip"})
		require.NoError(t, err)
		require.Equal(t, agent.ID, b.lastWriter(id))

		conv, err := c.Conversation(t.Context(), int64(id))
		require.NoError(t, err)
		require.NoError(t, b.engine.Learn(t.Context(), b.account.ID, conv, at, b.viewer.Actor))
		require.ElementsMatch(t, []string{"novo", "vip"}, b.card(id).Conversation.Labels, "the board knows at once")
	})
}

func TestARefusedTokenEndsActing(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		id := b.fresh("novo")
		b.as(b.signIn(agent.Token))
		c, err := b.engine.As(t.Context(), b.viewer)
		require.NoError(t, err)
		b.sim.RevokeToken(agent.ID)
		_, err = c.Conversation(t.Context(), int64(id))
		require.ErrorIs(t, b.engine.Heard(t.Context(), b.viewer, err), kanban.ErrSignedOut)
		_, err = b.engine.As(t.Context(), b.viewer)
		require.ErrorIs(t, err, kanban.ErrSignedOut, "the token is forgotten")
		require.ErrorIs(t, b.engine.Heard(t.Context(), b.viewer, kanban.ErrStale), kanban.ErrStale, "what has nothing to do with tokens stays what it is")
	})
}
