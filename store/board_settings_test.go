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
	b.LostReasons, b.ReasonRequired, b.CarryStage = []string{"Preço alto", "Sem resposta"}, true, true
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

func TestABoardOfOthersHasNothingForAViewer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	agent := kanban.Viewer{Actor: kanban.Actor{ID: 7}, Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1}}
	b := w.board
	b.Audience = kanban.Audience{Chosen: true, People: []kanban.AgentID{8}}
	b, err := w.store.UpdateBoard(w.ctx, b)
	require.NoError(t, err)
	_, _, err = w.store.Cards(w.ctx, b, agent, w.stage(0), nil, 10)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.Totals(w.ctx, b, agent)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.Card(w.ctx, b, agent, 1)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, _, err = w.store.AcceptMove(w.ctx, agent, kanban.Move{Board: b.ID, Conversation: 1, To: w.stage(1)}, func(kanban.Board, kanban.Conversation) error { return nil })
	require.ErrorIs(t, err, kanban.ErrNotFound)
	agent.ID = 8
	_, err = w.store.Card(w.ctx, b, agent, 1)
	require.NoError(t, err)
}

func TestARemovedStageIsStillNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	b := w.board
	gone := b.Stages[0]
	b.Stages = b.Stages[1:]
	b, err := w.store.UpdateBoard(w.ctx, b)
	require.NoError(t, err)
	require.Len(t, b.Removed, 1)
	require.Equal(t, gone.Name, b.Removed[0].Name)
	require.Len(t, w.transitions(1), 2, "out of the stage that is gone")
	b.Stages = append(b.Stages, kanban.Stage{Label: 1, Name: "De volta", Kind: kanban.StageOpen})
	b, err = w.store.UpdateBoard(w.ctx, b)
	require.NoError(t, err, "its label is free again")
	require.NotEqual(t, gone.ID, b.Stages[2].ID)
	w.reopen()
	again, err := w.store.Board(w.ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, b, again)
}

func TestOrderOfBoardsAndFavourites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := []kanban.BoardID{w.board.ID, w.newBoard(w.account, labels[:1]).ID, w.newBoard(w.account, labels[:2]).ID}
	other := w.newBoard(w.connect("https://other.example", 1), labels[:1])
	require.NoError(t, w.store.OrderBoards(w.ctx, w.account, []kanban.BoardID{ids[2], other.ID, 4711, ids[0], ids[0]}))
	for range 2 {
		boards, err := w.store.Boards(w.ctx, w.account)
		require.NoError(t, err)
		require.Equal(t, []kanban.BoardID{ids[2], ids[0], ids[1]}, []kanban.BoardID{boards[0].ID, boards[1].ID, boards[2].ID})
		require.Equal(t, w.board.Version, boards[1].Version, "it is no change of a board")
		w.reopen()
	}
	p, err := w.store.SavePerson(w.ctx, kanban.Person{BaseURL: "https://chatwoot.example", Actor: kanban.Actor{ID: 5, Name: "Ana"}})
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, w.store.SetFavourite(w.ctx, p.ID, ids[1], true))
	}
	got, err := w.store.Favourites(w.ctx, p.ID)
	require.NoError(t, err)
	require.Equal(t, ids[1:2], got)
	require.NoError(t, w.store.SetFavourite(w.ctx, p.ID, ids[1], false))
	got, err = w.store.Favourites(w.ctx, p.ID)
	require.NoError(t, err)
	require.Empty(t, got)
}
