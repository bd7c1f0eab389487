package kanban_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestHubResumesWithoutAHole(t *testing.T) {
	t.Parallel()
	h := kanban.NewHub(4)
	for range 3 {
		h.Publish(&kanban.Event{}, &kanban.Event{})
	}
	for after, want := range map[uint64][]uint64{6: {}, 5: {6}, 2: {3, 4, 5, 6}} {
		events, ok := h.Since(after)
		require.True(t, ok)
		got := []uint64{}
		for _, e := range events {
			got = append(got, e.Seq)
		}
		require.Equal(t, want, got)
	}
	_, ok := h.Since(1)
	require.False(t, ok, "event 2 is no longer kept")
	_, ok = h.Since(7)
	require.False(t, ok, "a number of another run")
}

func TestHubWakesReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := kanban.NewHub(4)
		var woken atomic.Int64
		ctx, cancel := context.WithCancel(t.Context())
		for range 3 {
			go func() {
				if h.Wait(ctx, 0) == nil {
					woken.Add(1)
				}
			}()
		}
		synctest.Wait()
		require.Zero(t, woken.Load())
		h.Publish(&kanban.Event{})
		synctest.Wait()
		require.EqualValues(t, 3, woken.Load())
		var ended error
		go func() { ended = h.Wait(ctx, 1) }()
		cancel()
		synctest.Wait()
		require.ErrorIs(t, ended, context.Canceled)
	})
}

func TestAnEventIsRenderedOncePerKey(t *testing.T) {
	t.Parallel()
	e, n := &kanban.Event{}, 0
	for range 3 {
		for _, lang := range []string{"en", "es"} {
			require.Equal(t, lang, string(e.Frame(lang, func(*kanban.Event) []byte { n++; return []byte(lang) })))
		}
	}
	require.Equal(t, 2, n)
}

// Between commit and telling one change may overtake another. Whoever hears both must end with what the later commit left.
func TestHubTellsLastWhatWasCommittedLast(t *testing.T) {
	t.Parallel()
	h := kanban.NewHub(8)
	change := func(order uint64, stage, was kanban.StageID, on bool) *kanban.Event {
		c := kanban.Card{Board: 1, Stage: stage, Conversation: kanban.Conversation{ID: 7}}
		return &kanban.Event{Account: 1, Board: 1, Change: kanban.CardChange{Card: c, On: on, Was: was, WasOn: true, Order: order}}
	}
	other := change(1, 9, 9, true)
	other.Change.Card.Conversation.ID = 8
	h.Publish(change(3, 2, 1, true), change(2, 1, 5, true), other)
	events, ok := h.Since(0)
	require.True(t, ok)
	require.Equal(t, kanban.StageID(2), events[1].Change.Card.Stage, "overtaken, it tells what is")
	require.Equal(t, kanban.StageID(5), events[1].Change.Was, "and where the card came from")
	require.Equal(t, kanban.StageID(9), events[2].Change.Card.Stage, "another card's order is its own")

	h.Publish(change(5, 0, 2, false), change(4, 3, 2, true), change(6, 4, 0, true))
	events, _ = h.Since(3)
	require.False(t, events[1].Change.On, "it has left the board since")
	require.True(t, events[2].Change.On)
	require.Equal(t, kanban.StageID(4), events[2].Change.Card.Stage)
}
