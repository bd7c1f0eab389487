package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestABoardKeepsWhatWasSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board
	b.LostReasons, b.ReasonRequired = []string{"Preço alto", "Sem resposta"}, true
	b.Audience = kanban.Audience{Chosen: true, Teams: []kanban.TeamID{3}, People: []kanban.AgentID{7, 8}}
	b.HiddenFields = []kanban.CardField{kanban.FieldMessage}
	b.ArchivedAt = time.UnixMilli(1_790_000_000_000).UTC()
	b.Stages[0].Hidden = true
	saved, err := w.store.UpdateBoard(w.ctx, b)
	require.NoError(t, err)
	b.Version = saved.Version
	require.Equal(t, b, saved)

	w.reopen()
	again, err := w.store.Board(w.ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, b, again)
}
