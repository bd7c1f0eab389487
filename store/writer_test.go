package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// together runs writes that share one commit: they pile up while the writer is busy.
func (w *world) together(writes ...func() error) []error {
	w.t.Helper()
	release := w.store.Block()
	errs := make([]error, len(writes))
	var g sync.WaitGroup
	for i, write := range writes {
		g.Go(func() { errs[i] = write() })
		require.Eventually(w.t, func() bool { return w.store.Queued() == i+1 }, time.Minute, time.Millisecond)
	}
	release()
	g.Wait()
	return errs
}

func (w *world) put(name string, fn func() error) func() error {
	return func() error { return w.store.Write(w.ctx, name, fn) }
}

func fine() error { return nil }

func TestOneFailedWriteUndoesNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boom := errors.New("boom")
	errs := w.together(w.put("first", fine), w.put("second", func() error { return boom }), w.put("third", fine), w.put("fourth", func() error { panic("a mistake") }))
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], boom)
	require.NoError(t, errs[2])
	require.ErrorContains(t, errs[3], "a mistake")
	w.reopen()
	for name, there := range map[string]bool{"first": true, "second": false, "third": true, "fourth": false} {
		_, err := w.store.Setting(t.Context(), name)
		require.Equal(t, there, err == nil, name)
	}
}

func TestAWriteWhoseCallerLeftIsNotRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, leave := context.WithCancel(t.Context())
	ran := false
	errs := w.together(w.put("before", fine), func() error {
		return w.store.Write(ctx, "left", func() error { ran = true; return nil })
	}, func() error { leave(); return w.store.Write(t.Context(), "after", fine) })
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], context.Canceled)
	require.NoError(t, errs[2])
	require.False(t, ran)
}

func TestAWriteUnderWayIsAwaited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, leave := context.WithCancel(t.Context())
	require.NoError(t, w.store.Write(ctx, "kept", func() error { leave(); return nil }), "it was in the database, so its caller must not hear otherwise")
	w.reopen()
	_, err := w.store.Setting(t.Context(), "kept")
	require.NoError(t, err)
}

func TestAFullDiskIsToldAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kept := 0
	require.NoError(t, w.store.OnWriter(t.Context(), "PRAGMA max_page_count = 120"))
	for i := 0; ; i++ {
		fresh, err := w.store.SaveDelivery(t.Context(), w.account, fmt.Append(nil, i), make([]byte, 4000), start)
		if err != nil {
			require.ErrorIs(t, err, kanban.ErrUnavailable)
			break
		}
		require.True(t, fresh)
		kept++
	}
	errs := w.together(w.put("a", fine), func() error {
		_, err := w.store.SaveDelivery(t.Context(), w.account, []byte("too much"), make([]byte, 4000), start)
		return err
	})
	for _, err := range errs {
		require.ErrorIs(t, err, kanban.ErrUnavailable, "nobody in the group may believe it is kept")
	}
	require.NoError(t, w.store.OnWriter(t.Context(), "PRAGMA max_page_count = 100000"))
	fresh, err := w.store.SaveDelivery(t.Context(), w.account, []byte("space again"), []byte("{}"), start)
	require.NoError(t, err, "it recovers by itself")
	require.True(t, fresh)
	w.reopen()
	n, err := w.store.DeliveriesWaiting(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, kept+1, n)
	_, err = w.store.Setting(t.Context(), "a")
	require.ErrorIs(t, err, kanban.ErrNotFound)
}

func TestADatabaseThatCannotBeWrittenAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.OnWriter(t.Context(), "PRAGMA busy_timeout = 1"))
	other := raw(t, w.path)
	_, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	require.ErrorIs(t, w.store.SetSetting(t.Context(), "a", "b"), kanban.ErrUnavailable, "and does not leave its caller waiting")
	_, err = other.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, w.store.SetSetting(t.Context(), "a", "b"))
}

func TestAClosedStoreRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.store.Close())
	require.Error(t, w.store.SetSetting(t.Context(), "a", "b"))
}
