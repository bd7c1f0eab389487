package kanban_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// withoutProposta is a board that knows that the label of its stage "proposta" is gone.
func (b *bubble) withoutProposta() {
	b.t.Helper()
	b.sim.DeleteLabel("proposta")
	require.NoError(b.t, b.engine.Reconcile(b.t.Context(), b.account.ID))
	require.True(b.t, b.lostStage().LabelGone)
}

func (b *bubble) lostStage() kanban.Stage {
	board, err := b.store.Board(b.t.Context(), b.board.ID)
	require.NoError(b.t, err)
	return board.Stages[2]
}

func TestMovesIntoALostStageRestoreItsLabelOnce(t *testing.T) {
	pause := func(*http.Request, bool) error { time.Sleep(5 * time.Millisecond); return nil }
	synced(t, chatwoottest.Options{}, seldom, pause, func(t *testing.T, b *bubble) {
		ids := []kanban.ConversationID{b.fresh("novo"), b.fresh("novo"), b.fresh("ganho", "vip")}
		b.withoutProposta()
		for _, id := range ids {
			b.move(id, "proposta")
		}
		time.Sleep(time.Minute)
		for _, id := range ids {
			require.Contains(t, b.sim.Labels(int64(id)), "proposta")
			card := b.card(id)
			require.Nil(t, card.Refused)
			require.Equal(t, b.stage("proposta"), card.Stage)
		}
		require.False(t, b.lostStage().LabelGone)
	})
}

func TestALabelThatSomebodyMadeAnewIsTaken(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		id := b.fresh("novo")
		b.withoutProposta()
		label := b.sim.CreateLabel("proposta", "#123456")
		b.move(id, "proposta")
		time.Sleep(time.Minute)
		require.Equal(t, []string{"proposta"}, b.sim.Labels(int64(id)))
		require.Equal(t, kanban.LabelID(label), b.lostStage().Label)
		require.Nil(t, b.card(id).Refused)
	})
}

// A list that was read before the label came back, and saved after, would take it away again.
func TestAnOlderListDoesNotReplaceANewerOne(t *testing.T) {
	var slow atomic.Bool
	synced(t, chatwoottest.Options{}, seldom, func(r *http.Request, answered bool) error {
		if answered && strings.HasSuffix(r.URL.Path, "/accounts/1/labels") && slow.CompareAndSwap(true, false) {
			time.Sleep(3 * time.Second) // it left Chatwoot in time, and dawdles
		}
		return nil
	}, func(t *testing.T, b *bubble) {
		id := b.fresh("novo")
		b.withoutProposta()
		slow.Store(true)
		reconciled := make(chan error, 1)
		go func() { reconciled <- b.engine.Reconcile(t.Context(), b.account.ID) }()
		time.Sleep(time.Second)
		b.move(id, "proposta")
		require.NoError(t, <-reconciled)
		time.Sleep(time.Second)
		require.False(t, b.lostStage().LabelGone)
		history, err := b.store.Transitions(t.Context(), b.board, id)
		require.NoError(t, err)
		require.Len(t, history, 2, "into novo, into proposta")
	})
}
