package store_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestARenamedLabelKeepsItsStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "proposta"), w.conversation(2, "quente"))
	require.Equal(t, kanban.NoStage, w.card(2).Stage)
	version := w.board.Version
	renamed := slices.Clone(labels)
	renamed[1].Title, renamed[1].Color = "quente", "#abcdef"
	change := w.relabel(renamed...)
	require.True(t, change.Changed)
	require.Equal(t, []kanban.BoardID{w.board.ID}, change.Boards)
	require.Equal(t, kanban.LabelID(2), change.Renamed[0].ID)
	require.Equal(t, "quente", w.board.Stages[1].Title)
	require.Equal(t, "#abcdef", w.board.Stages[1].Color)
	require.Greater(t, w.board.Version, version)
	require.Equal(t, w.stage(1), w.card(1).Stage, "it carries the former title until Chatwoot's own job is through")
	require.Equal(t, w.stage(1), w.card(2).Stage, "it carried the new title already")
	require.Len(t, w.transitions(1), 1)
	require.False(t, w.relabel(renamed...).Changed)
	w.reopen()
	board, err := w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	require.Equal(t, w.board, board)
}

func TestAFormerTitleThatIsALabelOfItsOwnIsNoStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "proposta"))
	renamed := slices.Clone(labels)
	renamed[1].Title = "quente"
	w.relabel(renamed...)
	w.relabel(append(renamed, kanban.Label{ID: 9, Title: "proposta"})...)
	require.Equal(t, kanban.NoStage, w.card(1).Stage)
	require.Contains(t, w.board.LabelsAfter([]string{"proposta"}, w.stage(0)), "proposta", "a move never costs a label")
}

func TestADeletedLabelEmptiesItsStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "proposta"), w.conversation(2, "proposta", "novo"), w.conversation(3, "ganho"))
	change := w.relabel(slices.Delete(slices.Clone(labels), 1, 2)...)
	require.Equal(t, "proposta", change.Gone[0].Title)
	require.True(t, w.board.Stages[1].LabelGone)
	require.Equal(t, "proposta", w.board.Stages[1].Title)
	require.Equal(t, kanban.NoStage, w.card(1).Stage)
	require.Equal(t, w.stage(0), w.card(2).Stage)
	require.False(t, w.card(2).Conflict)
	require.Equal(t, w.stage(2), w.card(3).Stage)
	last := w.transitions(1)[1]
	require.Equal(t, kanban.FromReconcile, last.Source)
	require.False(t, last.AtKnown)
	change = w.relabel(labels...)
	require.Empty(t, change.Added)
	require.False(t, w.board.Stages[1].LabelGone)
	require.Equal(t, w.stage(1), w.card(1).Stage)
}

func TestPeopleWhoLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := kanban.Catalog{
		Labels: labels, Inboxes: []kanban.Inbox{{ID: 1, Name: "WhatsApp", Channel: "Channel::Whatsapp"}}, Agents: []kanban.Agent{{ID: 1, Name: "Ana", Role: kanban.RoleAdministrator}, {ID: 2, Name: "Gil", Role: kanban.RoleAgent}},
		Teams: []kanban.Team{{ID: 4, Name: "vendas"}}, Attributes: []kanban.AttributeDefinition{{Key: "deal_value", Name: "Valor", Type: "currency"}, {Key: "motivo", Type: "list", Values: []string{"preço", "prazo"}}},
	}
	change, err := w.store.SaveCatalog(t.Context(), w.account, all)
	require.NoError(t, err)
	require.True(t, change.Changed)
	require.Empty(t, change.Boards)
	fewer := all
	fewer.Agents, fewer.Teams = all.Agents[:1], nil
	change, err = w.store.SaveCatalog(t.Context(), w.account, fewer)
	require.NoError(t, err)
	require.Equal(t, []kanban.AgentID{2}, change.AgentsGone)
	require.Equal(t, []kanban.TeamID{4}, change.TeamsGone)
	change, err = w.store.SaveCatalog(t.Context(), w.account, fewer)
	require.NoError(t, err)
	require.False(t, change.Changed, "they leave once")
	w.reopen()
	c, err := w.store.Catalog(t.Context(), w.account)
	require.NoError(t, err)
	require.Len(t, c.Agents, 2, "whoever is gone is kept: history names them")
	require.Equal(t, all.Inboxes, c.Inboxes)
	require.ElementsMatch(t, all.Attributes, c.Attributes)
}

func TestAStageTakenOffTheBoardShowsNoCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"), w.conversation(2, "ganho"))
	mv := w.accept(1, w.stage(2)) // on its way there when the stage goes
	taken := w.stage(2)
	b := w.board
	b.Stages = b.Stages[:2]
	board, err := w.store.UpdateBoard(t.Context(), b)
	require.NoError(t, err)
	require.Equal(t, board.Stages[0].ID, w.card(1).Stage, "it is shown where its labels say")
	require.Equal(t, mv.ID, w.card(1).Pending.ID)
	require.Equal(t, kanban.NoStage, w.card(2).Stage)
	_, err = w.store.UpdateBoard(t.Context(), b)
	require.ErrorIs(t, err, kanban.ErrStale, "somebody changed it meanwhile")
	board.Stages = append(board.Stages, kanban.Stage{Label: 3, Kind: kanban.StageWon})
	board, err = w.store.UpdateBoard(t.Context(), board)
	require.NoError(t, err)
	require.NotEqual(t, taken, board.Stages[2].ID, "history refers to the old one")
	require.Equal(t, board.Stages[2].ID, w.card(2).Stage)
	stolen := board
	stolen.Stages = slices.Clone(board.Stages)
	stolen.Stages[0].ID = w.newBoard(w.account, labels[3:]).Stages[0].ID
	_, err = w.store.UpdateBoard(t.Context(), stolen)
	require.ErrorIs(t, err, kanban.ErrNotFound)
}

// Boards and labels that change while cards move leave every card where the rules say.
func TestChangesAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var g sync.WaitGroup
	for id := kanban.ConversationID(1); id <= 12; id++ {
		w.apply(w.conversation(id, "novo"))
		g.Go(func() {
			for n := range 20 {
				_, _, _ = w.try(kanban.Move{Conversation: id, To: w.stage(n % 3)})
			}
		})
	}
	renamed := slices.Clone(labels)
	renamed[0].Title = "entrada"
	for n := range 10 {
		_, err := w.store.SaveCatalog(t.Context(), w.account, kanban.Catalog{Labels: [][]kanban.Label{renamed, labels, labels[:2]}[n%3]})
		require.NoError(t, err)
		b, err := w.store.Board(t.Context(), w.board.ID)
		require.NoError(t, err)
		b.Stages = slices.Clone(b.Stages)
		slices.Reverse(b.Stages)
		_, err = w.store.UpdateBoard(t.Context(), b)
		require.NoError(t, err)
	}
	g.Wait()
	b, err := w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	for id := kanban.ConversationID(1); id <= 12; id++ {
		card := w.card(id)
		place, on := b.Place(card.Conversation)
		require.True(t, on)
		if card.Pending != nil {
			require.Equal(t, card.Pending.To, card.Stage)
		} else {
			require.Equal(t, place.Stage, card.Stage)
		}
	}
}

func TestDeleteAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	w.accept(1, w.stage(1))
	_, err := w.store.SaveDelivery(t.Context(), w.account, []byte("k"), []byte("{}"), start)
	require.NoError(t, err)
	other := w.connect("https://other.example", 1)
	require.NoError(t, w.store.DeleteAccount(t.Context(), w.account))
	_, err = w.store.Account(t.Context(), w.account)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.Board(t.Context(), w.board.ID)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	require.NoError(t, w.store.Close())
	d := raw(t, w.path)
	for _, table := range []string{"labels", "boards", "conversations", "placements", "moves", "transitions", "deliveries"} {
		var n int
		require.NoError(t, d.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table+" WHERE account_id = 1").Scan(&n))
		require.Zero(t, n, table)
	}
	w.open()
	require.NoError(t, w.store.DeleteAccount(t.Context(), other))
	next := w.connect("https://third.example", 1)
	require.Greater(t, next, other, "an account's number is in webhook addresses and is never given twice")
}
