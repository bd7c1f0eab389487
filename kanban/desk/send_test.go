package desk_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
)

const posts = "POST */messages"

func TestMessageArrivesOnceHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := w.desk.Send(t.Context(), w.viewer, kanban.Send{Conversation: id, Key: "one", Parcel: kanban.Parcel{Text: "Custa R$ 1.500"}})
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.Equal(t, []string{"Custa R$ 1.500"}, w.said(id))
	open, err := w.desk.Sends(t.Context(), w.viewer, id)
	require.NoError(t, err)
	require.Empty(t, open)
}

// A message that Chatwoot took without saying so is found there.
func TestMessageThatWasTakenWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range []chatwoottest.FaultKind{chatwoottest.FaultTruncate, chatwoottest.FaultTimeoutAfterCommit} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.conversation()
			w.sim.Fault(chatwoottest.Fault{Match: posts, Kind: kind, Times: 1})
			w.run()
			m := w.send(id, "a", "Só uma vez")
			w.becomes(m.ID, kanban.SendDone)
			require.Equal(t, []string{"Só uma vez"}, w.said(id))
		})
	}
}

// A message that was sent and did not arrive says so, and goes again only when its writer wants it.
func TestMessageThatWasLostOnTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	w.sim.Fault(chatwoottest.Fault{Match: posts, Kind: chatwoottest.FaultReset, Times: 1})
	w.run()
	m := w.send(id, "a", "Perdida")
	require.Equal(t, kanban.SendUnknown, m.State)
	w.becomes(m.ID, kanban.SendLost)
	require.Empty(t, w.said(id), "it is not sent a second time by itself")

	_, err := w.desk.Again(t.Context(), w.viewer, m.ID)
	require.NoError(t, err)
	w.becomes(m.ID, kanban.SendDone)
	require.Equal(t, []string{"Perdida"}, w.said(id))
}

// It may turn up after all, before its writer sends it again.
func TestLostMessageIsLookedForBeforeItGoesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	w.sim.Fault(chatwoottest.Fault{Match: posts, Kind: chatwoottest.FaultReset, Times: 1})
	w.run()
	m := w.send(id, "a", "Apareceu")
	w.becomes(m.ID, kanban.SendLost)
	w.sim.Reply(int64(w.viewer.ID), int64(id), "Apareceu")

	m, err := w.desk.Again(t.Context(), w.viewer, m.ID)
	require.NoError(t, err)
	require.Equal(t, kanban.SendDone, m.State)
	require.Equal(t, []string{"Apareceu"}, w.said(id))
}

// The program ends between Chatwoot's answer and its own record, or before it sent anything.
func TestMessageOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	kept, fresh, err := w.store.KeepSend(t.Context(), kanban.Send{Account: w.viewer.Account, Conversation: id, By: w.viewer.Actor, Key: "kept", Parcel: kanban.Parcel{Text: "Antes"}})
	require.NoError(t, err)
	require.True(t, fresh)
	begun, _, err := w.store.KeepSend(t.Context(), kanban.Send{Account: w.viewer.Account, Conversation: id, By: w.viewer.Actor, Key: "begun", Parcel: kanban.Parcel{Text: "Durante"}})
	require.NoError(t, err)
	ok, err := w.store.BeginSend(t.Context(), begun.ID, 1, w.clock())
	require.NoError(t, err)
	require.True(t, ok)
	w.sim.Reply(int64(w.viewer.ID), int64(id), "Durante") // it was taken, and nobody wrote that down

	w.run()
	w.becomes(kept.ID, kanban.SendDone)
	w.becomes(begun.ID, kanban.SendDone)
	require.ElementsMatch(t, []string{"Antes", "Durante"}, w.said(id))
}

func TestMessageWaitsWhileChatwootIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	w.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502})
	m := w.send(id, "a", "Depois")
	require.Equal(t, kanban.SendWaiting, m.State)
	require.Eventually(t, func() bool {
		m, err := w.store.Send(t.Context(), m.ID)
		return err == nil && m.Reason == "away"
	}, time.Minute, 10*time.Millisecond, "it says why it waits")
	w.sim.ClearFaults()
	w.run()
	w.becomes(m.ID, kanban.SendDone)
	require.Equal(t, []string{"Depois"}, w.said(id))
}

func TestMessageThatWaitedTooLongIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	w.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502})
	m := w.send(id, "a", "Tarde")
	w.pass(2 * time.Hour)
	w.run()
	m = w.becomes(m.ID, kanban.SendFailed)
	require.Equal(t, "gave_up", m.Reason)
	w.sim.ClearFaults()
	require.Empty(t, w.said(id))
	require.NoError(t, w.desk.Discard(t.Context(), w.viewer, m.ID))
}

func TestRefusedMessageSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	w.sim.Fault(chatwoottest.Fault{Match: posts, Kind: chatwoottest.FaultRefuse401, Times: 1})
	m := w.send(id, "a", "Não pode")
	require.Equal(t, kanban.SendFailed, m.State)
	require.NotEmpty(t, m.Detail)
	require.Empty(t, w.said(id))
}

func TestMessageOfSomebodyElseIsAbsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	w.sim.Fault(chatwoottest.Fault{Match: posts, Kind: chatwoottest.FaultRefuse401, Times: 1})
	m := w.send(id, "a", "Minha")
	other := w.viewer
	other.ID++
	_, err := w.desk.Again(t.Context(), other, m.ID)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	require.ErrorIs(t, w.desk.Discard(t.Context(), other, m.ID), kanban.ErrNotFound)
	open, err := w.desk.Sends(t.Context(), other, id)
	require.NoError(t, err)
	require.Empty(t, open)
}

func TestMessagesHaveLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	many := make([]kanban.ParcelFile, desk.FilesLimit+1)
	for name, m := range map[string]kanban.Send{
		"empty":      {Key: "a", Parcel: kanban.Parcel{Text: " \n"}},
		"no key":     {Parcel: kanban.Parcel{Text: "Oi"}},
		"too long":   {Key: "a", Parcel: kanban.Parcel{Text: strings.Repeat("ã", desk.TextLimit+1)}},
		"many files": {Key: "a", Parcel: kanban.Parcel{Text: "Oi", Files: many}},
		"large":      {Key: "a", Parcel: kanban.Parcel{Files: []kanban.ParcelFile{{Name: "x", Content: make([]byte, desk.BytesLimit+1)}}}},
	} {
		m.Conversation = id
		_, err := w.desk.Send(t.Context(), w.viewer, m)
		var invalid *kanban.InvalidError
		require.ErrorAs(t, err, &invalid, name)
	}
	require.Empty(t, w.said(id))
}

func TestFilesTravelWithAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.conversation()
	m, err := w.desk.Send(t.Context(), w.viewer, kanban.Send{Conversation: id, Key: "a", Private: true, Parcel: kanban.Parcel{
		Text: "Segue", Files: []kanban.ParcelFile{{Name: "sofá.png", Type: "image/png", Content: []byte("png")}, {Name: "lista.csv", Type: "text/csv", Content: []byte("a;b")}},
	}})
	require.NoError(t, err)
	require.Equal(t, kanban.SendDone, m.State)
	require.Empty(t, m.Parcel.Files, "what arrived is not kept")
	thread, err := w.desk.Thread(t.Context(), w.viewer, id, 0)
	require.NoError(t, err)
	last := thread.Lines[len(thread.Lines)-1]
	require.Equal(t, desk.Note, last.Kind)
	require.True(t, last.Mine)
	require.Len(t, last.Files, 2)
	require.Equal(t, desk.Image, last.Files[0].Kind)
}
