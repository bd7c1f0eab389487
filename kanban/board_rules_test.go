package kanban_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// sound is a board whose settings can be.
func sound() kanban.Board {
	return kanban.Board{Name: "Vendas", Currency: "BRL", Winner: kanban.FurthestStage, Stages: []kanban.Stage{
		{ID: 1, Label: 1, Name: "Novo", Kind: kanban.StageOpen},
		{ID: 2, Label: 2, Name: "Proposta", Kind: kanban.StageOpen},
		{ID: 3, Label: 3, Name: "Ganho", Kind: kanban.StageWon, Probability: 100},
	}}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	require.NoError(t, sound().Check())
	for name, c := range map[string]struct {
		change func(*kanban.Board)
		key    string
	}{
		"no name":             {func(b *kanban.Board) { b.Name = " " }, "connect.board_name_missing"},
		"a currency":          {func(b *kanban.Board) { b.Currency = "reais" }, "connect.currency_unknown"},
		"a winner":            {func(b *kanban.Board) { b.Winner = "" }, "error.invalid_text"},
		"a status":            {func(b *kanban.Board) { b.Scope.Statuses = []kanban.Status{"x"} }, "error.invalid_text"},
		"a part of cards":     {func(b *kanban.Board) { b.HiddenFields = []kanban.CardField{"x"} }, "error.invalid_text"},
		"nobody":              {func(b *kanban.Board) { b.Audience.Chosen = true }, "board.audience_nobody"},
		"reasons for nothing": {func(b *kanban.Board) { b.ReasonRequired = true }, "board.reasons_missing"},
		"many reasons":        {func(b *kanban.Board) { b.LostReasons = strings.Split(strings.Repeat("a ", 41), " ") }, "board.reasons_too_many"},
		"a reason twice":      {func(b *kanban.Board) { b.LostReasons = []string{"Preço", "PREÇO"} }, "board.reason_twice"},
		"a reason of nothing": {func(b *kanban.Board) { b.LostReasons = []string{"\n"} }, "board.reason_unreadable"},
		"many stages":         {func(b *kanban.Board) { b.Stages = make([]kanban.Stage, 41) }, "stages.too_many"},
		"a label twice":       {func(b *kanban.Board) { b.Stages[1].Label = 1 }, "stages.twice"},
		"a stage's name":      {func(b *kanban.Board) { b.Stages[1].Name = "a\nb" }, "stages.name"},
		"a stage's kind":      {func(b *kanban.Board) { b.Stages[1].Kind = "done" }, "stages.kind"},
		"a colour":            {func(b *kanban.Board) { b.Stages[1].Color, b.Stages[1].OwnColor = "#12", true }, "stages.color"},
		"a limit":             {func(b *kanban.Board) { b.Stages[1].WIP = -1 }, "stages.number"},
		"days":                {func(b *kanban.Board) { b.Stages[1].RottingDays = 3651 }, "stages.number"},
		"a probability":       {func(b *kanban.Board) { b.Stages[1].Probability = 101 }, "stages.number"},
	} {
		b := sound()
		c.change(&b)
		require.EqualError(t, b.Check(), c.key, name)
	}
}

func TestOrderOfStages(t *testing.T) {
	t.Parallel()
	for want, order := range map[string][]kanban.StageID{
		"123": nil, "321": {3, 2, 1}, "231": {2, 3}, "312": {3, 9, 3, 1}, "213": {2},
	} {
		b := sound()
		b.Order(order)
		var got strings.Builder
		for _, s := range b.Stages {
			got.WriteByte(byte('0' + s.ID))
		}
		require.Equal(t, want, got.String(), order)
	}
}

func TestArchivingAndBack(t *testing.T) {
	t.Parallel()
	b := sound()
	b.Archive(true, time.UnixMilli(5))
	require.True(t, b.Archived())
	b.Archive(false, time.UnixMilli(6))
	require.False(t, b.Archived())
}
