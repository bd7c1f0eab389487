package kanban_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// edited is a world whose viewer is a person: they speak to Chatwoot with the account's token, which is theirs.
func edited(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, chatwoottest.Options{})
	w.viewer.Actor = w.account.TokenOwner
	return w.run().imported()
}

// now is the board as it is by now.
func (w *world) now() kanban.Board {
	w.t.Helper()
	b, err := w.store.Board(w.t.Context(), w.board.ID)
	require.NoError(w.t, err)
	return b
}

func (w *world) titles() []string {
	var titles []string
	for _, l := range w.sim.AccountLabels() {
		titles = append(titles, l.Name)
	}
	return titles
}

func TestAddStageMakesItsLabel(t *testing.T) {
	t.Parallel()
	w := edited(t)
	b, err := w.engine.AddStage(t.Context(), w.viewer, w.board.ID, w.now().Version, kanban.NewStage{Name: "Proposta enviada", Kind: kanban.StageOpen, Color: "#12ab34"})
	require.NoError(t, err)
	require.Len(t, b.Stages, 6)
	s := b.Stages[3]
	require.Equal(t, []any{"Proposta enviada", "proposta-enviada", "#12ab34"}, []any{s.Name, s.Title, s.Color}, "after the last open stage")
	require.False(t, s.OwnColor, "the label has the colour")
	require.Contains(t, w.titles(), "proposta-enviada")

	id := w.conversation("novo")
	mv, _, err := w.engine.Accept(t.Context(), w.viewer, kanban.Move{Board: b.ID, Conversation: id, To: s.ID})
	require.NoError(t, err)
	require.Equal(t, kanban.MoveDone, w.settled(mv.ID).State)
	require.Equal(t, []string{"proposta-enviada"}, w.sim.Labels(int64(id)))
}

func TestAddStageTakesALabelThatIsThere(t *testing.T) {
	t.Parallel()
	w := edited(t)
	label := w.sim.CreateLabel("visita", "#445566")
	b, err := w.engine.AddStage(t.Context(), w.viewer, w.board.ID, w.now().Version, kanban.NewStage{Name: "Visita técnica", Title: "visita", Kind: kanban.StageOpen})
	require.NoError(t, err)
	require.Equal(t, kanban.LabelID(label), b.Stages[3].Label)
	require.Equal(t, "#445566", b.Stages[3].Color)
	require.Equal(t, 1, countOf(w.titles(), "visita"))
}

func countOf(list []string, s string) (n int) {
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

func TestWhatCannotBeAddedCreatesNoLabel(t *testing.T) {
	t.Parallel()
	w := edited(t)
	specs, err := kanban.ParseStages("espera,feito=won")
	require.NoError(t, err)
	_, err = w.engine.MakeBoard(t.Context(), w.account.ID, "Suporte", "BRL", specs)
	require.NoError(t, err)
	before, version := w.titles(), w.now().Version
	for name, c := range map[string]struct {
		stage kanban.NewStage
		key   string
	}{
		"a title that Chatwoot refuses":  {kanban.NewStage{Name: "Visita", Title: "visita técnica", Kind: kanban.StageOpen}, "label.title_suggestion"},
		"a name of nothing":              {kanban.NewStage{Name: " ", Title: "nada", Kind: kanban.StageOpen}, "stages.name"},
		"no name that makes a title":     {kanban.NewStage{Name: "🚀", Kind: kanban.StageOpen}, "label.title_not_allowed"},
		"a kind that is none":            {kanban.NewStage{Name: "Outra", Kind: "x"}, "stages.kind"},
		"a colour that is none":          {kanban.NewStage{Name: "Outra", Kind: kanban.StageOpen, Color: "red;}"}, "stages.color"},
		"a label of this board":          {kanban.NewStage{Name: "Outra", Title: "proposta", Kind: kanban.StageOpen}, "stages.label_taken"},
		"a label of another, unknowing":  {kanban.NewStage{Name: "Espera", Kind: kanban.StageOpen}, "stages.label_shared"},
		"a title that is a present one ": {kanban.NewStage{Name: "PROPOSTA", Kind: kanban.StageOpen}, "stages.label_taken"},
	} {
		_, err := w.engine.AddStage(t.Context(), w.viewer, w.board.ID, version, c.stage)
		require.EqualError(t, err, c.key, name)
	}
	require.Equal(t, before, w.titles())
	require.Equal(t, version, w.now().Version)
	_, err = w.engine.AddStage(t.Context(), w.viewer, w.board.ID, version, kanban.NewStage{Name: "Espera", Kind: kanban.StageOpen, Share: true})
	require.NoError(t, err, "knowingly")
}

func TestTwoAdministratorsDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	w := edited(t)
	seen := w.now()
	rename := func(name string) (kanban.Board, error) {
		return w.engine.ChangeBoard(t.Context(), w.viewer, w.board.ID, seen.Version, func(b *kanban.Board) error { b.Name = name; return nil })
	}
	_, err := rename("Funil A")
	require.NoError(t, err)
	now, err := rename("Funil B")
	require.ErrorIs(t, err, kanban.ErrStale)
	require.Equal(t, "Funil A", now.Name, "what it is by now is told")
	before := w.titles()
	_, err = w.engine.AddStage(t.Context(), w.viewer, w.board.ID, seen.Version, kanban.NewStage{Name: "Outra", Kind: kanban.StageOpen})
	require.ErrorIs(t, err, kanban.ErrStale)
	_, err = w.engine.EditStage(t.Context(), w.viewer, w.board.ID, seen.Version, w.stage("novo"), kanban.StageEdit{Name: "X", Kind: kanban.StageOpen, Title: "xis"})
	require.ErrorIs(t, err, kanban.ErrStale)
	_, err = w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, seen.Version, w.stage("novo"), kanban.StageRemoval{KeepLabels: true})
	require.ErrorIs(t, err, kanban.ErrStale)
	require.Equal(t, before, w.titles(), "nothing was done in Chatwoot either")
	require.Equal(t, "Funil A", w.now().Name)
}

func TestOnlyAdministratorsOfTheAccountChangeBoards(t *testing.T) {
	t.Parallel()
	w := edited(t)
	agent, stranger := w.viewer, w.viewer
	agent.Role, stranger.Account = kanban.RoleAgent, w.viewer.Account+1
	b := w.now()
	for _, v := range []kanban.Viewer{agent, stranger, {}} {
		for what, try := range map[string]func() error{
			"change": func() error {
				_, err := w.engine.ChangeBoard(t.Context(), v, b.ID, b.Version, func(*kanban.Board) error { return nil })
				return err
			},
			"copy": func() error { _, err := w.engine.CopyBoard(t.Context(), v, b.ID, "Cópia"); return err },
			"add": func() error {
				_, err := w.engine.AddStage(t.Context(), v, b.ID, b.Version, kanban.NewStage{Name: "Outra", Kind: kanban.StageOpen})
				return err
			},
			"edit": func() error {
				_, err := w.engine.EditStage(t.Context(), v, b.ID, b.Version, b.Stages[0].ID, kanban.StageEdit{Name: "X", Kind: kanban.StageOpen})
				return err
			},
			"remove": func() error {
				_, err := w.engine.RemoveStage(t.Context(), v, b.ID, b.Version, b.Stages[0].ID, kanban.StageRemoval{})
				return err
			},
		} {
			require.ErrorIs(t, try(), kanban.ErrNotFound, what)
		}
	}
	require.Equal(t, b, w.now())
}

func TestRenamingTheLabelKeepsCardsAndHistory(t *testing.T) {
	t.Parallel()
	w := edited(t)
	id := w.conversation("proposta", "vip")
	entered := w.card(id).EnteredAt
	s := w.now().Stages[2]
	b, err := w.engine.EditStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, kanban.StageEdit{
		Name: "Orçamento", Kind: kanban.StageOpen, WIP: 5, RottingDays: 10, Probability: 60, Title: "orcamento", Color: "#abcdef", ColorLabel: true,
	})
	require.NoError(t, err)
	got := b.Stages[2]
	require.Equal(t, []any{s.ID, s.Label, "Orçamento", "orcamento", "#abcdef", false, 5, 10, 60},
		[]any{got.ID, got.Label, got.Name, got.Title, got.Color, got.OwnColor, got.WIP, got.RottingDays, got.Probability})
	require.Contains(t, w.titles(), "orcamento")
	require.NotContains(t, w.titles(), "proposta")
	require.Equal(t, s.ID, w.card(id).Stage, "though the conversation may carry the former title still")
	w.shows(id, "orcamento", "vip") // Chatwoot's own job, which tells nobody
	w.eventually(func() bool { return w.card(id).Stage == s.ID }, "the card stays")
	require.Equal(t, entered, w.card(id).EnteredAt, "it did not enter the stage anew")
}

func TestALabelThatCannotBeRenamed(t *testing.T) {
	t.Parallel()
	w := edited(t)
	s := w.now().Stages[2]
	edit := kanban.StageEdit{Name: "Orçamento", Kind: kanban.StageOpen, Title: "novo"}
	_, err := w.engine.EditStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, edit)
	require.EqualError(t, err, "label.title_taken")
	require.Equal(t, s.Name, w.now().Stages[2].Name, "nothing is saved by halves where that can be known before")

	w.sim.CreateLabel("orcamento", "#111111") // nobody has told us of it
	edit.Title = "orcamento"
	b, err := w.engine.EditStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, edit)
	var refused *kanban.LabelRefusedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "Orçamento", b.Stages[2].Name)
	require.Equal(t, "proposta", w.now().Stages[2].Title)
}

func TestRemovingAStageMovesItsCards(t *testing.T) {
	t.Parallel()
	w := edited(t)
	var ids []kanban.ConversationID
	for i := range 12 {
		ids = append(ids, w.conversation("proposta", fmt.Sprintf("extra-%d", i)))
	}
	s := w.now().Stages[2]
	b, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, kanban.StageRemoval{To: w.stage("qualificado"), DeleteLabel: true})
	require.NoError(t, err)
	require.Equal(t, 12, b.Stages[2].Leaving.Cards)
	_, _, err = w.engine.Accept(t.Context(), w.viewer, kanban.Move{Board: b.ID, Conversation: w.conversation("novo"), To: s.ID})
	require.EqualError(t, err, "move.stage_leaving")
	_, err = w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, b.Version, w.stage("qualificado"), kanban.StageRemoval{KeepLabels: true})
	require.EqualError(t, err, "stages.awaits_cards")

	w.eventually(func() bool { return len(w.now().Stages) == 4 }, "the stage goes")
	for i, id := range ids {
		w.shows(id, "qualificado", fmt.Sprintf("extra-%d", i))
		require.Equal(t, w.stage("qualificado"), w.card(id).Stage)
		all, err := w.store.Transitions(t.Context(), w.now(), id)
		require.NoError(t, err)
		last := all[len(all)-1]
		require.Equal(t, []any{s.ID, w.stage("qualificado"), w.viewer.Name}, []any{last.From, last.To, last.By.Name})
	}
	require.Equal(t, "Proposta", w.now().Removed[0].Name, "history can name it")
	w.eventually(func() bool { return !slices.Contains(w.titles(), "proposta") }, "its label is deleted")
}

func TestRemovingAStageGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	w := edited(t)
	var ids []kanban.ConversationID
	for range 8 {
		ids = append(ids, w.conversation("novo", "vip"))
	}
	_, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, w.stage("novo"), kanban.StageRemoval{To: kanban.NoStage})
	require.NoError(t, err)
	w.eventually(func() bool { return len(w.sim.Labels(int64(ids[7]))) == 1 || len(w.sim.Labels(int64(ids[0]))) == 1 }, "the first card has left")
	w.stop()
	require.Len(t, w.now().Stages, 5, "not all have left")
	require.NoError(t, w.store.Close())
	w.open()
	w.run()
	w.eventually(func() bool { return len(w.now().Stages) == 4 }, "the stage goes")
	for _, id := range ids {
		w.shows(id, "vip")
		require.Equal(t, kanban.NoStage, w.card(id).Stage)
	}
	require.Contains(t, w.titles(), "novo", "the label stays unless it is to go")
}

func TestAConversationThatIsGoneDoesNotKeepItsStage(t *testing.T) {
	t.Parallel()
	w := edited(t)
	stays, goes := w.conversation("novo"), w.conversation("novo")
	w.sim.DeleteConversation(int64(stays)) // in silence: a move of it is refused
	s := w.stage("novo")
	b, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s, kanban.StageRemoval{To: w.stage("proposta")})
	require.NoError(t, err)
	w.shows(goes, "proposta")
	w.eventually(func() bool { return len(w.now().Stages) == 4 }, "the stage goes")
	require.Equal(t, 2, b.Stages[0].Leaving.Cards)
}

func TestCardsThatCannotLeaveKeepTheirStage(t *testing.T) {
	t.Parallel()
	w := edited(t)
	stays, goes := w.conversation("novo"), w.conversation("novo")
	w.sim.Fault(chatwoottest.Fault{Match: fmt.Sprintf("POST */conversations/%d/labels", stays), Kind: chatwoottest.FaultRefuse401})
	s := w.stage("novo")
	_, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s, kanban.StageRemoval{To: w.stage("proposta")})
	require.NoError(t, err)
	w.shows(goes, "proposta")
	w.eventually(func() bool {
		left, err := w.store.CardsLeft(t.Context(), w.now().Stages[0])
		return err == nil && left == kanban.Remaining{Here: 1, Refused: 1}
	}, "one is left")
	require.Equal(t, "move.refused.not_allowed", w.card(stays).Refused.Reason)
	next, err := w.store.CardsToLeave(t.Context(), w.now().Stages[0], 9)
	require.NoError(t, err)
	require.Empty(t, next, "it is not tried for ever")

	w.sim.ClearFaults()
	_, err = w.engine.EmptyAgain(t.Context(), w.viewer, w.board.ID, w.now().Version, s)
	require.NoError(t, err)
	w.shows(stays, "proposta")
	w.eventually(func() bool { return len(w.now().Stages) == 4 }, "the stage goes")
}

func TestCardsAreNotLostWithoutAReason(t *testing.T) {
	t.Parallel()
	w := edited(t)
	w.conversation("novo")
	b, err := w.engine.ChangeBoard(t.Context(), w.viewer, w.board.ID, w.now().Version, func(b *kanban.Board) error {
		b.LostReasons, b.ReasonRequired = []string{"Preço"}, true
		return nil
	})
	require.NoError(t, err)
	_, err = w.engine.RemoveStage(t.Context(), w.viewer, b.ID, b.Version, w.stage("novo"), kanban.StageRemoval{To: w.stage("perdido")})
	require.EqualError(t, err, "stages.lost_without_reason")

	// A stage that loses cards may go into another one that does: why they were lost was said when they were.
	id := w.conversation("perdido")
	b, err = w.engine.AddStage(t.Context(), w.viewer, b.ID, w.now().Version, kanban.NewStage{Name: "Sem resposta", Kind: kanban.StageLost})
	require.NoError(t, err)
	_, err = w.engine.RemoveStage(t.Context(), w.viewer, b.ID, b.Version, w.stage("perdido"), kanban.StageRemoval{To: b.Stages[5].ID})
	require.NoError(t, err)
	w.shows(id, "sem-resposta")
	w.eventually(func() bool { return len(w.now().Stages) == 5 }, "the stage goes")
}

func TestAStageCanBeKeptAfterAll(t *testing.T) {
	t.Parallel()
	w := edited(t)
	for range 6 {
		w.conversation("novo")
	}
	b, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, w.stage("novo"), kanban.StageRemoval{To: w.stage("proposta")})
	require.NoError(t, err)
	_, err = w.engine.KeepStage(t.Context(), w.viewer, w.board.ID, b.Version, w.stage("novo"))
	require.NoError(t, err)
	require.Nil(t, w.now().Stages[0].Leaving)
	require.Len(t, w.now().Stages, 5)
}

func TestRemovingTheColumnAlone(t *testing.T) {
	t.Parallel()
	w := edited(t)
	id := w.conversation("proposta")
	_, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, w.stage("proposta"), kanban.StageRemoval{KeepLabels: true})
	require.NoError(t, err)
	require.Len(t, w.now().Stages, 4)
	require.Equal(t, []string{"proposta"}, w.sim.Labels(int64(id)))
	w.board = w.now()
	require.Equal(t, kanban.NoStage, w.card(id).Stage)
}

func TestALabelOfAnotherBoardIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := edited(t)
	copied, err := w.engine.CopyBoard(t.Context(), w.viewer, w.board.ID, "Cópia")
	require.NoError(t, err)
	require.Equal(t, []string{"Vendas"}, kanban.SharedWith([]kanban.Board{w.now(), copied}, copied.ID, copied.Stages[0].Label))
	_, err = w.engine.RemoveStage(t.Context(), w.viewer, copied.ID, copied.Version, copied.Stages[0].ID, kanban.StageRemoval{DeleteLabel: true})
	require.EqualError(t, err, "stages.label_in_use")
}
