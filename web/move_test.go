package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func (w *world) movePath(c kanban.Card) string {
	return w.boardPath("cards", c.Conversation.ID, "stage")
}

func to(s kanban.StageID) url.Values { return url.Values{"stage": {fmt.Sprint(s)}} }

func TestMoveReachesChatwootAndKeepsLabels(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	foreign := []string{"vip", "retorno", "atacado", "sul", "promo"}
	for _, title := range foreign {
		w.sim.AddLabel(1, int64(card.Conversation.ID), title)
	}
	target := w.stage("proposta")
	a := w.person().with("HX-Request", "true").put(w.movePath(card), to(target.ID))
	require.Equal(t, http.StatusOK, a.status)
	shown := a.page().Find(fmt.Sprintf("#card-%d", card.Conversation.ID))
	require.Equal(t, 1, shown.Length())
	require.Equal(t, fmt.Sprint(target.ID), shown.AttrOr("data-stage", ""))
	require.Equal(t, len(w.board.Stages)+1, a.page().Find(`header[hx-swap-oob="morph"]`).Length(), "the headers of all columns")
	w.eventually(func() bool { return slices.Contains(w.sim.Labels(int64(card.Conversation.ID)), "proposta") }, "Chatwoot has the label")
	labels := w.sim.Labels(int64(card.Conversation.ID))
	require.NotContains(t, labels, "novo")
	for _, title := range foreign {
		require.Contains(t, labels, title)
	}
}

func TestMoveIsRefused(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card, target := w.card(), w.stage("proposta")
	p := w.person().with("HX-Request", "true")
	tests := map[string]struct {
		path   string
		form   url.Values
		status int
	}{
		"no stage":                    {w.movePath(card), url.Values{}, 422},
		"no number":                   {w.movePath(card), url.Values{"stage": {"proposta"}}, 422},
		"a stage of no board":         {w.movePath(card), to(999), 422},
		"an expectation of no number": {w.movePath(card), url.Values{"stage": {"1"}, "expect": {"x"}}, 422},
		"somebody moved it":           {w.movePath(card), url.Values{"stage": {fmt.Sprint(target.ID)}, "expect": {fmt.Sprint(w.stage("ganho").ID)}}, 409},
		"unknown board":               {fmt.Sprintf("/boards/99/cards/%d/stage", card.Conversation.ID), to(target.ID), 404},
		"board of no number":          {fmt.Sprintf("/boards/x/cards/%d/stage", card.Conversation.ID), to(target.ID), 404},
		"unknown card":                {w.boardPath("cards", 99999, "stage"), to(target.ID), 404},
		"card of no number":           {w.boardPath("cards", "x", "stage"), to(target.ID), 404},
		"a form that is too large":    {w.movePath(card), url.Values{"stage": {string(make([]byte, 70<<10))}}, 413},
	}
	for name, tt := range tests {
		a := p.put(tt.path, tt.form)
		require.Equal(t, tt.status, a.status, name)
		require.NotEmpty(t, a.problem(), name)
	}
	after, err := w.store.Card(t.Context(), w.board, w.viewer(), card.Conversation.ID)
	require.NoError(t, err)
	require.Equal(t, card.Stage, after.Stage)
	require.Nil(t, after.Pending)
}

// Errors speak the viewer's language, also in fragments.
func TestRefusalsAreTranslated(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	sentences := map[string]bool{}
	for _, language := range []string{"en", "pt-BR", "es"} {
		p := w.person().with("HX-Request", "true").with("Accept-Language", language)
		sentences[p.put(w.movePath(card), to(999)).problem()] = true
	}
	require.Len(t, sentences, 3)
}

func TestSettleKeepsTheShownStage(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	id := int64(card.Conversation.ID)
	w.sim.AddLabel(1, id, "proposta")
	find := func() kanban.Card {
		c, err := w.store.Card(t.Context(), w.board, w.viewer(), card.Conversation.ID)
		require.NoError(t, err)
		return c
	}
	w.eventually(func() bool { return find().Conflict }, "two stage labels")
	require.Equal(t, w.stage("proposta").ID, find().Stage, "the furthest stage is shown")
	require.Equal(t, http.StatusOK, w.person().post(w.boardPath("cards", id, "settle"), url.Values{}).status)
	w.eventually(func() bool { return !slices.Contains(w.sim.Labels(id), "novo") }, "settled in Chatwoot")
	require.Contains(t, w.sim.Labels(id), "proposta")
}

func TestRefusedMoveIsShownAndAcknowledged(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	w.sim.Fault(chatwoottest.Fault{Match: "POST *labels", Kind: chatwoottest.FaultRefuse401})
	p := w.person()
	require.Equal(t, http.StatusOK, p.put(w.movePath(card), to(w.stage("proposta").ID)).status)
	var refused kanban.Card
	w.eventually(func() bool {
		var err error
		refused, err = w.store.Card(t.Context(), w.board, w.viewer(), card.Conversation.ID)
		return err == nil && refused.Refused != nil
	}, "refused")
	require.Equal(t, card.Stage, refused.Stage, "the card went back")
	path := fmt.Sprintf("/moves/%d/refusal", refused.Refused.ID)
	require.Equal(t, http.StatusUnauthorized, w.browser().do(http.MethodDelete, path, nil).status)
	require.Equal(t, http.StatusOK, p.do(http.MethodDelete, path, nil).status)
	after, err := w.store.Card(t.Context(), w.board, w.viewer(), card.Conversation.ID)
	require.NoError(t, err)
	require.Nil(t, after.Refused)
}

func TestWaitingMoveIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	w.sim.Fault(chatwoottest.Fault{Match: "POST *labels", Kind: chatwoottest.FaultStatus500})
	p := w.person()
	require.Equal(t, http.StatusOK, p.put(w.movePath(card), to(w.stage("proposta").ID)).status)
	var waiting kanban.Card
	w.eventually(func() bool {
		var err error
		waiting, err = w.store.Card(t.Context(), w.board, w.viewer(), card.Conversation.ID)
		return err == nil && waiting.Pending != nil && waiting.Pending.Attempts > 0
	}, "an attempt failed")
	w.sim.ClearFaults()
	require.Equal(t, http.StatusOK, p.post(fmt.Sprintf("/moves/%d/attempts", waiting.Pending.ID), url.Values{}).status)
	w.eventually(func() bool { return slices.Contains(w.sim.Labels(int64(card.Conversation.ID)), "proposta") }, "done in the end")
}
