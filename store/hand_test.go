package store_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// byHand is a column in the order by hand, read page by page.
func (w *world) byHand(f kanban.Filter, stage kanban.StageID) []kanban.ConversationID {
	w.t.Helper()
	f.Sort = kanban.SortHand
	var all []kanban.ConversationID
	for after := (*kanban.Cursor)(nil); ; {
		cards, next, err := w.store.FoundAfter(w.ctx, w.board, w.admin, f.Look(w.board, w.admin, w.now()), &stage, after, 7)
		require.NoError(w.t, err)
		all = append(all, numbersOf(cards)...)
		if after = next; next == nil {
			return all
		}
	}
}

func (w *world) arrange(id kanban.ConversationID, at kanban.Spot) error {
	_, err := w.store.Arrange(w.ctx, w.board, w.admin.Actor, id, at)
	return err
}

// TestArrange: a card stands where it was put, at the top, at the end and in between, however narrow it is there.
func TestArrange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []kanban.ConversationID
	for id := range kanban.ConversationID(20) {
		w.apply(w.conversation(id+1, "novo")) // all began in the same millisecond
		want = append([]kanban.ConversationID{id + 1}, want...)
	}
	stage := w.stage(0)
	require.Equal(t, want, w.byHand(kanban.Filter{}, stage), "those that nobody put anywhere: the newest first")
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		at, by := dice.IntN(20), dice.IntN(20)
		if i > 200 { // the narrowest place again and again
			at, by = 19, 10
		}
		id, other := want[at], want[by]
		if id == other {
			require.ErrorIs(t, w.arrange(id, kanban.Spot{Above: other}), kanban.ErrStale)
			continue
		}
		want = slices.Delete(want, at, at+1)
		place := slices.Index(want, other)
		if i%3 == 0 {
			require.NoError(t, w.arrange(id, kanban.Spot{Below: other}))
			place++
		} else {
			require.NoError(t, w.arrange(id, kanban.Spot{Above: other}))
		}
		want = slices.Insert(want, place, id)
		require.Equal(t, want, w.byHand(kanban.Filter{}, stage), "step %d", i)
	}
	w.reopen()
	require.Equal(t, want, w.byHand(kanban.Filter{}, stage))
	w.apply(w.conversation(99, "proposta"))
	require.ErrorIs(t, w.arrange(1, kanban.Spot{Above: 99}), kanban.ErrStale, "beside what is elsewhere there is no place")
	require.ErrorIs(t, w.arrange(1, kanban.Spot{Above: 4711}), kanban.ErrNotFound)
	require.ErrorIs(t, w.arrange(4711, kanban.Spot{Above: 1}), kanban.ErrNotFound)
}

// TestHandOrderConverges: while several people drop cards at once, others change them, some leave and some are hidden by a filter, every
// card is shown exactly once, and everybody sees the same order.
func TestHandOrderConverges(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := newWorld(t)
	for id := range kanban.ConversationID(40) {
		w.apply(w.conversation(id+1, "novo"))
	}
	var people sync.WaitGroup
	for n := range uint64(4) {
		people.Go(func() {
			dice := rand.New(rand.NewPCG(seed, n))
			for range 60 {
				id, other := kanban.ConversationID(dice.IntN(40)+1), kanban.ConversationID(dice.IntN(40)+1)
				err := w.arrange(id, kanban.Spot{Above: other})
				if err != nil && !errors.Is(err, kanban.ErrStale) {
					t.Error(err)
				}
				if dice.IntN(4) == 0 {
					_, _, _ = w.try(kanban.Move{Conversation: id, To: w.stage(dice.IntN(2))})
				}
				if dice.IntN(4) == 0 {
					w.pass(time.Second)
					w.apply(w.conversation(id, labels[dice.IntN(2)].Title, "vip"))
				}
			}
		})
	}
	people.Wait()
	seen := map[kanban.ConversationID]int{}
	for i := range 3 {
		all := w.byHand(kanban.Filter{}, w.stage(i))
		for _, id := range all {
			seen[id]++
		}
		vip := w.byHand(kanban.Filter{Labels: []string{"vip"}}, w.stage(i))
		require.Equal(t, vip, slices.DeleteFunc(all, func(id kanban.ConversationID) bool { return !slices.Contains(vip, id) }), "a filter leaves the order as it is")
	}
	for id := range kanban.ConversationID(40) {
		require.Equal(t, 1, seen[id+1], "card %d", id+1)
	}
}
