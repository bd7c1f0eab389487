package templates_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// TestPageIsSmall keeps the first page within what a phone on a poor line has patience for.
func TestPageIsSmall(t *testing.T) {
	t.Parallel()
	page := boardPage(t, portuguese, 50)
	require.Equal(t, 250, parse(t, page).Find(".card").Length())
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, page)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	t.Logf("250 cards: %d bytes, %d packed", len(page), packed.Len())
	require.Less(t, packed.Len(), 60_000)

	cards := 0
	for n := range 100 {
		cards += len(draw(t, templates.Card(templates.NewCard(portuguese, sampleBoard(), sampleCatalog(), sampleCard(n+1, 1, time.Now())))))
	}
	t.Logf("a card: %d bytes", cards/100)
	require.Less(t, cards/100, 1_700)
}

func BenchmarkCards(b *testing.B) {
	now := time.Now()
	cards := make([]kanban.Card, 300)
	for i := range cards {
		cards[i] = sampleCard(i+1, 1, now)
	}
	board, cat := sampleBoard(), sampleCatalog()
	b.Run("build 300", func(b *testing.B) {
		for b.Loop() {
			templates.NewStage(portuguese, board, cat, board.Stages[0], cards, kanban.Total{}, "")
		}
	})
	v := templates.NewStage(portuguese, board, cat, board.Stages[0], cards, kanban.Total{}, "")
	b.Run("draw 300", func(b *testing.B) {
		for b.Loop() {
			_ = templates.StageCards(v).Render(context.Background(), io.Discard)
		}
	})
}
