package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// appears makes a conversation and waits until the board can show its card.
func (w *world) appears(c chatwoottest.NewConversation) int64 {
	w.t.Helper()
	c.InboxID = w.sim.Inboxes()[0].ID
	id := w.sim.CreateConversation(0, c)
	w.eventually(func() bool {
		card, err := w.store.Card(w.t.Context(), w.board, w.viewer(), kanban.ConversationID(id))
		return err == nil && card.Stage == w.stage("novo").ID
	}, "the conversation is on the board")
	return id
}

// A conversation with 200 labels is a card like others, and a move keeps all but the stage.
func TestConversationWithManyLabels(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5))
	labels := []string{"novo"}
	for i := range 199 {
		labels = append(labels, fmt.Sprintf("campanha-%d", i))
	}
	id := w.appears(chatwoottest.NewConversation{Contact: "Rui Sá", Text: "Oi", Labels: labels})
	p := w.person()
	require.Equal(t, http.StatusOK, p.get(w.boardPath("cards", id)).status)
	require.Less(t, len(p.get(w.boardPath("cards", id)).body), 20<<10, "a card does not grow without end")
	a := p.put(w.boardPath("cards", id, "stage"), to(w.stage("proposta").ID))
	require.Equal(t, http.StatusOK, a.status, a.body)
	want := append(slices.Clone(labels[1:]), "proposta")
	slices.Sort(want)
	w.eventually(func() bool { return slices.Equal(slices.Sorted(slices.Values(w.sim.Labels(id))), want) }, "moved, with every other label")
}

// Contacts need no name; a card without one is still told apart, moved and named for people who listen to it.
func TestConversationWithoutContactName(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5))
	for _, name := range []string{"", " ", "\u200b"} {
		id := w.appears(chatwoottest.NewConversation{Contact: name, Text: "Oi", Labels: []string{"novo"}})
		for _, language := range []string{"en", "pt-BR", "es"} {
			p := w.person().with("Accept-Language", language)
			shown := p.get(w.boardPath("cards", id)).page().Find(".card__name").Text()
			require.NotEmpty(t, strings.Trim(shown, " \u200b"), "%q in %s", name, language)
			require.Equal(t, http.StatusOK, p.get(w.boardPath()).status)
		}
		require.Equal(t, http.StatusOK, w.person().put(w.boardPath("cards", id, "stage"), to(w.stage("proposta").ID)).status)
		w.eventually(func() bool { return slices.Contains(w.sim.Labels(id), "proposta") }, "moved")
	}
}
