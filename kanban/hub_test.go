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
