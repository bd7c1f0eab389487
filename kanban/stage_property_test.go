package kanban_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// TestStagesChangeWhileLabelsDo has administrators edit the stages of a board, here and in Chatwoot, while cards are moved, webhooks are
// lost, label writes fail and our process dies. In the end the cache equals Chatwoot, what is no stage was left alone, no stage is half
// gone, and each card's history is a chain that ends where the card is. CHATLANE_SEED replays one life.
func TestStagesChangeWhileLabelsDo(t *testing.T) {
	t.Parallel()
	seeds := []int64{time.Now().UnixNano(), time.Now().UnixNano() + 1, time.Now().UnixNano() + 2}
	if seed := number(t, "CHATLANE_SEED", 0); seed != 0 {
		seeds = []int64{seed}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			e := newEditor(t, uint64(seed))
			for range 40 {
				e.step()
			}
			e.rest()
		})
	}
}

// editor edits a board without a plan.
type editor struct {
	*world
	rng *rand.Rand
	ids []kanban.ConversationID
}

func newEditor(t *testing.T, seed uint64) *editor {
	t.Helper()
	e := &editor{world: edited(t), rng: rand.New(rand.NewPCG(seed, 1))}
	for i := range 10 {
		e.ids = append(e.ids, e.conversation(e.board.Stages[i%5].Title, own(i)))
	}
	e.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 0.4, Duplicate: 0.2, Shuffle: 0.3, Seed: int64(seed)})
	e.sim.Fault(chatwoottest.Fault{Match: "POST */conversations/*/labels", Kind: chatwoottest.FaultStatus502, Probability: 0.2})
	return e
}

// own is a label of one conversation alone, which is no stage and no label of the account's.
func own(i int) string { return fmt.Sprintf("so-%d", i) }

func (e *editor) any() (int, kanban.ConversationID) {
	i := e.rng.IntN(len(e.ids))
	return i, e.ids[i]
}

func (e *editor) stageOf(b kanban.Board) kanban.Stage { return b.Stages[e.rng.IntN(len(b.Stages))] }

func (e *editor) title() string { return fmt.Sprintf("titulo-%d", e.rng.IntN(7)) }

// step does one thing. Whatever is refused by a rule, or because somebody was quicker, is no failure.
func (e *editor) step() {
	e.t.Helper()
	ctx, b := e.t.Context(), e.now()
	s := e.stageOf(b)
	var err error
	switch e.rng.IntN(11) {
	case 0, 1:
		i, id := e.any()
		e.sim.SetLabels(0, int64(id), []string{own(i), s.Title})
	case 2, 3:
		_, id := e.any()
		_, _, err = e.engine.Accept(ctx, e.viewer, kanban.Move{Board: b.ID, Conversation: id, To: s.ID})
	case 4:
		_, err = e.engine.AddStage(ctx, e.viewer, b.ID, b.Version, kanban.NewStage{Name: "Etapa", Title: e.title(), Kind: kanban.StageOpen})
	case 5:
		_, err = e.engine.EditStage(ctx, e.viewer, b.ID, b.Version, s.ID, kanban.StageEdit{Name: s.Name, Kind: s.Kind, Title: e.title()})
	case 6:
		err = e.remove(b, s)
	case 7:
		if to := e.title() + "-la"; !slices.Contains(e.titles(), to) { // titles are unique in an account
			e.sim.RenameLabel(s.Title, to)
		}
	case 8:
		_, err = e.engine.ChangeBoard(ctx, e.viewer, b.ID, b.Version, func(b *kanban.Board) error { b.Order([]kanban.StageID{s.ID}); return nil })
	case 9:
		_, err = e.engine.KeepStage(ctx, e.viewer, b.ID, b.Version, s.ID)
	case 10:
		if e.rng.IntN(3) == 0 {
			e.restart()
		}
	}
	e.allowed(err)
}

func (e *editor) remove(b kanban.Board, s kanban.Stage) error {
	if len(b.Stages) < 3 {
		return nil
	}
	r := kanban.StageRemoval{DeleteLabel: e.rng.IntN(2) == 0}
	switch e.rng.IntN(3) {
	case 0:
		r.KeepLabels, r.DeleteLabel = true, false
	case 1:
		r.To = e.stageOf(b).ID
	}
	_, err := e.engine.RemoveStage(e.t.Context(), e.viewer, b.ID, b.Version, s.ID, r)
	return err
}

func (e *editor) allowed(err error) {
	e.t.Helper()
	var invalid *kanban.InvalidError
	var label *kanban.LabelRefusedError
	if errors.As(err, &invalid) || errors.As(err, &label) || errors.Is(err, kanban.ErrStale) || errors.Is(err, kanban.ErrNotFound) {
		return
	}
	require.NoError(e.t, err)
}

// restart is a process that dies and comes back.
func (e *editor) restart() {
	e.stop()
	require.NoError(e.t, e.store.Close())
	e.open()
	e.run()
}

// rest lets everything come to its end and looks at what became of it.
func (e *editor) rest() {
	e.t.Helper()
	e.sim.ClearFaults()
	e.sim.WebhookFault(chatwoottest.WebhookFault{})
	defer func() {
		if e.t.Failed() {
			e.tell()
		}
	}()
	e.eventually(func() bool {
		n, err := e.store.MovesWaiting(e.t.Context(), e.account.ID)
		leaving := slices.ContainsFunc(e.now().Stages, func(s kanban.Stage) bool { return s.Leaving != nil })
		return err == nil && n == 0 && !leaving
	}, "nothing is under way")
	require.NoError(e.t, e.sim.WaitIdle(e.t.Context()))
	require.NoError(e.t, e.engine.Reconcile(e.t.Context(), e.account.ID))
	e.eventually(e.isEqual, "equal")
	e.equalsChatwoot()
	b := e.now()
	for i, id := range e.ids {
		require.Contains(e.t, e.sim.Labels(int64(id)), own(i), "what is no stage is left alone")
		all, err := e.store.Transitions(e.t.Context(), b, id)
		require.NoError(e.t, err)
		for j := 1; j < len(all); j++ {
			require.Equal(e.t, all[j-1].To, all[j].From, "the history of %d is a chain", id)
		}
		card, err := e.store.Card(e.t.Context(), b, e.viewer, id)
		require.NoError(e.t, err)
		require.Equal(e.t, all[len(all)-1].To, card.Stage, "and ends where the card is")
	}
}

// tell says what a failure left behind.
func (e *editor) tell() {
	n, _ := e.store.MovesWaiting(e.t.Context(), e.account.ID)
	e.t.Logf("moves waiting: %d, labels %v", n, e.titles())
	for _, s := range e.now().Stages {
		left, _ := e.store.CardsLeft(e.t.Context(), s)
		e.t.Logf("stage %+v leaving %+v left %+v", s, s.Leaving, left)
	}
	for _, id := range e.ids {
		card, err := e.store.Card(e.t.Context(), e.now(), e.viewer, id)
		e.t.Logf("card %d: %d conflict %v pending %+v refused %+v err %v, labels %v", id, card.Stage, card.Conflict, card.Pending, card.Refused, err, e.sim.Labels(int64(id)))
	}
}
