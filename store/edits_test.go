package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestWhatChangedBesidesTheStageIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.conversation(7, "novo", "vip")
	c.Attributes = `{"deal_value": 100}`
	w.apply(c)

	w.pass(time.Hour)
	next := w.conversation(7, "proposta", "vip", "urgente")
	next.Attributes = `{"deal_value": 250.5, "other": "x"}`
	next.By = kanban.Actor{ID: 1, Name: "Ana"}
	w.apply(next)
	w.apply(next) // once more: a doubled webhook

	edits, err := w.store.Edits(w.ctx, w.account, 7, 10)
	require.NoError(t, err)
	by := kanban.Edit{Account: w.account, Conversation: 7, At: w.now(), AtKnown: true, Source: kanban.FromWebhook, By: next.By}
	value, labels := by, by
	value.Field, value.Before, value.After = kanban.EditValue, "100000", "250500"
	labels.Field, labels.After = kanban.EditLabels, "urgente"
	require.Equal(t, []kanban.Edit{value, labels}, edits, "a stage is no edit")
}
