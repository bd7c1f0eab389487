package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// column reads a whole column by pages.
func (w *world) column(v kanban.Viewer, stage kanban.StageID, limit int) []kanban.ConversationID {
	w.t.Helper()
	var ids []kanban.ConversationID
	var after *kanban.Cursor
	for {
		cards, next, err := w.store.Cards(w.ctx, w.board, v, stage, after, limit)
		require.NoError(w.t, err)
		require.LessOrEqual(w.t, len(cards), limit)
		for _, c := range cards {
			ids = append(ids, c.Conversation.ID)
		}
		if next == nil {
			return ids
		}
		after = next
	}
}

func TestPagesHoldEachCardOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []kanban.ConversationID
	for activity := 3; activity >= 0; activity-- { // newest first, then the greater number; many have the same time
		for id := kanban.ConversationID(40); id > 0; id-- {
			if int(id)%4 == activity {
				want = append(want, id)
				s := w.conversation(id, "novo")
				s.LastActivityAt = start.Add(time.Duration(activity) * time.Second)
				w.apply(s)
			}
		}
	}
	w.apply(w.conversation(99, "proposta"), w.conversation(98))
	for _, limit := range []int{1, 3, 10, 39, 40, 41} {
		require.Equal(t, want, w.column(w.admin, w.stage(0), limit), "pages of %d", limit)
	}
	require.Equal(t, []kanban.ConversationID{98}, w.column(w.admin, kanban.NoStage, 5))
	require.Empty(t, w.column(w.admin, w.stage(2), 5))
}

func TestCardsMovingWhileSomebodyPagesAreNotShownTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id := range kanban.ConversationID(9) {
		s := w.conversation(id+1, "novo")
		s.LastActivityAt = start.Add(time.Duration(id) * time.Second)
		w.apply(s)
	}
	first, next, err := w.store.Cards(t.Context(), w.board, w.admin, w.stage(0), nil, 3)
	require.NoError(t, err)
	require.Equal(t, kanban.ConversationID(9), first[0].Conversation.ID)
	w.pass(time.Hour)
	w.apply(w.conversation(1, "novo"), w.conversation(8, "ganho")) // 1 rises to the top, 8 leaves
	rest, end, err := w.store.Cards(t.Context(), w.board, w.admin, w.stage(0), next, 100)
	require.NoError(t, err)
	require.Nil(t, end)
	var ids []kanban.ConversationID
	for _, c := range rest {
		ids = append(ids, c.Conversation.ID)
	}
	require.Equal(t, []kanban.ConversationID{6, 5, 4, 3, 2}, ids)
}

func TestTotalsCountAllCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 30 {
		s := w.conversation(kanban.ConversationID(i+1), []string{"novo", "proposta", "vip"}[i%3])
		s.InboxID = kanban.InboxID(i%2 + 1)
		if i%5 == 0 {
			s.Attributes = fmt.Sprintf(`{"deal_value":%d.5}`, i)
		}
		w.apply(s)
	}
	w.apply(w.conversation(50, "novo", "ganho"))
	for name, v := range map[string]kanban.Viewer{
		"administrator": w.admin, "agent of one inbox": {Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1}},
	} {
		totals, err := w.store.Totals(t.Context(), w.board, v)
		require.NoError(t, err)
		for _, stage := range []kanban.StageID{kanban.NoStage, w.stage(0), w.stage(1), w.stage(2)} {
			var want kanban.Total
			for _, id := range w.column(v, stage, 7) {
				card := w.card(id)
				want.Count++
				if card.Deal.HasValue {
					want.Valued++
					want.Value += card.Deal.Value
				}
				if card.Conflict {
					want.Conflicts++
				}
			}
			require.Equal(t, want, totals[stage], "%s, stage %d", name, stage)
			require.NotZero(t, want.Count)
		}
	}
}

func TestNobodySeesWhatChatwootWouldNotShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.conversation(1, "novo"), w.conversation(2, "novo")
	b.InboxID = 2
	w.apply(a, b)
	other := w.connect("https://other.example", 1)
	for name, c := range map[string]struct {
		viewer kanban.Viewer
		sees   []kanban.ConversationID
		none   bool // finds not even the board
	}{
		"administrator":                  {viewer: w.admin, sees: []kanban.ConversationID{2, 1}},
		"agent of both inboxes":          {viewer: kanban.Viewer{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1, 2}}, sees: []kanban.ConversationID{2, 1}},
		"agent of one inbox":             {viewer: kanban.Viewer{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{2}}, sees: []kanban.ConversationID{2}},
		"agent of another inbox":         {viewer: kanban.Viewer{Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{3}}},
		"agent of no inbox":              {viewer: kanban.Viewer{Account: w.account, Role: kanban.RoleAgent}},
		"nobody in particular":           {viewer: kanban.Viewer{Account: w.account}, none: true},
		"administrator of other account": {viewer: kanban.Viewer{Account: other, Role: kanban.RoleAdministrator}, none: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cards, _, err := w.store.Cards(t.Context(), w.board, c.viewer, w.stage(0), nil, 10)
			totals, err2 := w.store.Totals(t.Context(), w.board, c.viewer)
			if c.none {
				require.ErrorIs(t, err, kanban.ErrNotFound)
				require.ErrorIs(t, err2, kanban.ErrNotFound)
			} else {
				require.NoError(t, err)
				require.NoError(t, err2)
			}
			require.Len(t, cards, len(c.sees))
			require.Equal(t, len(c.sees), totals[w.stage(0)].Count)
			for _, id := range []kanban.ConversationID{1, 2, 3} {
				sees := id < 3 && (len(c.sees) == 2 || len(c.sees) == 1 && c.sees[0] == id)
				_, err := w.store.Card(t.Context(), w.board, c.viewer, id)
				_, _, moved := w.store.AcceptMove(t.Context(), c.viewer, kanban.Move{Board: w.board.ID, Conversation: id, To: w.stage(0)},
					func(kanban.Board, kanban.Conversation) error { return nil })
				if sees {
					require.NoError(t, err)
					require.NoError(t, moved)
				} else {
					require.ErrorIs(t, err, kanban.ErrNotFound, "hidden and absent look alike")
					require.ErrorIs(t, moved, kanban.ErrNotFound)
				}
			}
		})
	}
}

func TestAChangeSaysWhereTheCardWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	w.pass(time.Second)
	next := w.conversation(1, "ganho")
	next.InboxID = 2
	changes := w.apply(next).Changes
	require.Len(t, changes, 1)
	require.Equal(t, w.card(1), changes[0].Card, "what is published is what a reader then finds")
	order := changes[0].Order
	changes[0].Card, changes[0].Order = kanban.Card{}, 0
	require.Equal(t, kanban.CardChange{On: true, Was: w.stage(0), WasOn: true, WasInbox: 1}, changes[0])
	w.pass(time.Second)
	gone := w.conversation(1)
	gone.Status = kanban.StatusResolved
	changes = w.apply(gone).Changes
	require.Len(t, changes, 1)
	require.False(t, changes[0].On)
	require.Greater(t, changes[0].Order, order, "changes are numbered as they are committed")
	require.Equal(t, kanban.InboxID(2), changes[0].WasInbox)
	_, err := w.store.Card(t.Context(), w.board, w.admin, 1)
	require.ErrorIs(t, err, kanban.ErrNotFound)
}

func TestOtherDealKeysChangeTheSums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.conversation(1, "novo")
	s.Attributes = `{"deal_value":5,"valor":"7.25"}`
	w.apply(s)
	require.Equal(t, kanban.Amount(5000), w.card(1).Deal.Value)
	a, err := w.store.Account(t.Context(), w.account)
	require.NoError(t, err)
	a.Deal = kanban.DealKeys{Value: "valor"}
	_, err = w.store.SaveAccount(t.Context(), a)
	require.NoError(t, err)
	totals, err := w.store.Totals(t.Context(), w.board, w.admin)
	require.NoError(t, err)
	require.Equal(t, kanban.Total{Count: 1, Value: 7250, Valued: 1}, totals[w.stage(0)])
	require.Equal(t, kanban.Amount(7250), w.card(1).Deal.Value)
}
