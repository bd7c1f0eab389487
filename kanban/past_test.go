package kanban_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func TestActivityMessagesTellOfLabels(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]kanban.LabelLine{
		"Ana Lima added vip":                    {At: at, By: "Ana Lima", Added: true, Titles: []string{"vip"}},
		"Ana Lima removed novo, vip":            {At: at, By: "Ana Lima", Titles: []string{"novo", "vip"}},
		"Ana Prado adicionou proposta":          {At: at, By: "Ana Prado", Added: true, Titles: []string{"proposta"}},
		"Sistema de Automação removeu novo":     {At: at, By: "Sistema de Automação", Titles: []string{"novo"}},
		"Inés Vidal agregó visita_2, en-camino": {At: at, By: "Inés Vidal", Added: true, Titles: []string{"visita_2", "en-camino"}},
		"Inés Vidal eliminó a visita":           {At: at, By: "Inés Vidal", Titles: []string{"visita"}},
		"Bob added removed added novo":          {At: at, By: "Bob added removed", Added: true, Titles: []string{"novo"}},
	} {
		told, ok := kanban.LabelLineOf(text, at)
		require.True(t, ok, text)
		require.Equal(t, want, told, text)
	}
	for _, text := range []string{
		"", "added vip", "Ana Lima removed the priority", "Ana Lima removeu a prioridade alta", "Assigned to Ana by Bob", "Ana Lima added SLA policy Gold",
		"Conversation was marked resolved by Ana", "Ana Lima hat vip hinzugefügt", "Ana Lima added <b>vip</b>", "Ana Lima added novo,vip",
	} {
		_, ok := kanban.LabelLineOf(text, at)
		require.False(t, ok, text)
	}
}

// past writes a way as "novo@0 qualificado@3", minutes after the beginning.
func past(b kanban.Board, told []kanban.LabelLine, found kanban.Transition, began time.Time) string {
	text := ""
	for _, t := range b.Past(told, found) {
		s, _ := b.Stage(t.To)
		text += fmt.Sprintf("%s@%d by %s ", s.Title, int(t.At.Sub(began).Minutes()), t.By.Name)
		if t.Source != kanban.FromActivity || !t.AtKnown {
			text += "unmarked "
		}
	}
	return text
}

func TestAPastThatLeadsToWhereTheCardWasFound(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	b := kanban.Board{ID: 1, Winner: kanban.FurthestStage}
	for i, title := range []string{"novo", "qualificado", "ganho"} {
		b.Stages = append(b.Stages, kanban.Stage{ID: kanban.StageID(i + 1), Title: title, Former: []string{"old-" + title}})
	}
	tell := func(minute int, added bool, titles ...string) kanban.LabelLine {
		return kanban.LabelLine{At: began.Add(time.Duration(minute) * time.Minute), By: "Ana", Added: added, Titles: titles}
	}
	second := func(x kanban.LabelLine) kanban.LabelLine { x.At = x.At.Add(time.Second); return x }
	for name, one := range map[string]struct {
		told  []kanban.LabelLine
		found kanban.StageID
		want  string
	}{
		"nothing is told":                   {nil, 2, ""},
		"one step":                          {[]kanban.LabelLine{tell(1, true, "vip", "novo")}, 1, "novo@1 by Ana "},
		"two messages of one move":          {[]kanban.LabelLine{tell(0, true, "novo"), tell(5, true, "qualificado"), second(tell(5, false, "novo"))}, 2, "novo@0 by Ana qualificado@5 by Ana "},
		"what went is told first":           {[]kanban.LabelLine{tell(0, true, "novo"), tell(5, false, "novo"), second(tell(5, true, "qualificado"))}, 2, "novo@0 by Ana qualificado@5 by Ana "},
		"a skip and a return":               {[]kanban.LabelLine{tell(0, true, "novo"), tell(5, true, "ganho"), tell(5, false, "novo"), tell(9, true, "novo"), tell(9, false, "ganho")}, 1, "novo@0 by Ana ganho@5 by Ana novo@9 by Ana "},
		"a label that was called otherwise": {[]kanban.LabelLine{tell(0, true, "OLD-novo")}, 1, "novo@0 by Ana "},
		"what came after it was found":      {[]kanban.LabelLine{tell(0, true, "novo"), tell(70, true, "ganho")}, 1, "novo@0 by Ana "},
		"it is found somewhere else":        {[]kanban.LabelLine{tell(0, true, "novo")}, 2, ""},
		"a message is missing":              {[]kanban.LabelLine{tell(0, true, "novo"), tell(5, true, "ganho")}, 1, ""},
		"out and in again":                  {[]kanban.LabelLine{tell(0, true, "novo"), tell(5, false, "novo"), tell(8, true, "novo")}, 1, "novo@0 by Ana @5 by Ana novo@8 by Ana "},
	} {
		found := kanban.Transition{Board: 1, Conversation: 7, To: one.found, At: began.Add(time.Hour), Source: kanban.FromImport}
		require.Equal(t, one.want, past(b, one.told, found, began), name)
	}
}

// What people did before Chatlane was connected is known afterwards as if it had been there, and marked.
func TestTheImportRecallsHowCardsGotThere(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	now.Store(time.Now().Add(-48 * time.Hour).UnixMilli())
	w := newWorld(t, chatwoottest.Options{Clock: func() time.Time { return time.UnixMilli(now.Load()) }})
	w.recall = 10 * time.Millisecond
	require.NoError(t, w.store.Close())
	w.open()
	w.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1})
	ana := w.sim.Users()[0]
	id := w.sim.CreateConversation(ana.ID, chatwoottest.NewConversation{Text: "Hello"})
	steps := []string{"novo", "proposta", "qualificado", "ganho"}
	for i, title := range steps {
		now.Add(time.Hour.Milliseconds())
		w.sim.SetLabels(ana.ID, id, []string{"vip", title})
		w.eventually(func() bool { return w.lines(id) >= 2*i+2 }, "Chatwoot has written it down")
	}
	w.sim.RenameLabel("proposta", "oferta") // the messages keep the former title
	now.Store(time.Now().UnixMilli())
	w.run().imported()
	w.sim.WebhookFault(chatwoottest.WebhookFault{})
	history := func(id int64) (all []kanban.Transition) {
		all, err := w.store.Transitions(t.Context(), w.board, kanban.ConversationID(id))
		require.NoError(t, err)
		return all
	}

	w.eventually(func() bool { h := history(id); return len(h) > 0 && h[0].Source == kanban.FromActivity }, "the past is known")
	h := history(id)
	require.Len(t, h, len(steps))
	for i, tr := range h {
		s, _ := w.board.Stage(tr.To)
		require.Equal(t, steps[i], s.Title, "as it was called when the board was made")
		require.Equal(t, ana.Name, tr.By.Name)
		require.True(t, tr.AtKnown)
		require.Equal(t, kanban.FromActivity, tr.Source)
	}
	require.Equal(t, time.Hour, h[2].At.Sub(h[1].At))
	w.sim.SetLabels(ana.ID, id, []string{"vip", "perdido"})
	w.eventually(func() bool { return len(history(id)) == len(steps)+1 }, "what comes later follows")
	require.Equal(t, h[3].To, history(id)[4].From)
}

// lines is how many messages a conversation has.
func (w *world) lines(id int64) int {
	var answer struct {
		Payload []struct{ ID int64 } `json:"payload"`
	}
	w.ask(fmt.Sprintf("conversations/%d/messages", id), &answer)
	return len(answer.Payload)
}
