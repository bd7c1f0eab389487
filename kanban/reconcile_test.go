package kanban_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func TestImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Conversations: 260, Seed: 1}).run().imported()
	w.equalsChatwoot()
	a, err := w.store.Account(t.Context(), w.account.ID)
	require.NoError(t, err)
	require.Equal(t, 260, a.Import.Done)
	require.Equal(t, 260, a.Import.Total)
}

func TestImportGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Conversations: 200, Seed: 2})
	w.sim.Fault(chatwoottest.Fault{Match: "GET */conversations", Kind: chatwoottest.FaultHTML, Probability: 0.5})
	w.run()
	w.eventually(func() bool { a, _ := w.store.Account(t.Context(), w.account.ID); return a.Import.Page >= 3 }, "some pages")
	w.stop()
	require.NoError(t, w.store.Close())
	w.open()
	before := w.sim.Requests()["GET /conversations"].Count
	w.sim.ClearFaults()
	w.run().imported()
	require.LessOrEqual(t, w.sim.Requests()["GET /conversations"].Count-before, 7, "of eight pages, and one more that tells the end, those that were missing")
	w.equalsChatwoot()
}

// What Chatwoot changes without telling anybody.
func TestReconcileFindsWhatIsSilent(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world, int64){
		"label deleted": func(w *world, _ int64) { w.sim.DeleteLabel("qualificado") },
		"label renamed": func(w *world, _ int64) { w.sim.RenameLabel("qualificado", "morno") },
		"conversation":  func(w *world, id int64) { w.sim.DeleteConversation(id) },
		"agent deleted": func(w *world, _ int64) { w.sim.DeleteAgent(w.sim.Agents()[0].ID) },
		"team deleted":  func(w *world, _ int64) { w.sim.DeleteTeam(w.sim.Teams()[0].ID) },
		"contact merged": func(w *world, _ int64) {
			c := w.sim.Conversations()
			w.sim.MergeContacts(c[0].ContactID, c[1].ContactID)
		},
		"webhooks lost": func(w *world, id int64) {
			w.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1})
			w.sim.SetLabels(0, id, []string{"ganho"})
			w.sim.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, chatwoottest.Options{Conversations: 60, Seed: 3}).run().imported()
			change(w, w.sim.Conversations()[7].ID)
			require.NoError(t, w.sim.WaitIdle(t.Context()))
			require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
			w.eventually(w.isEqual, "equal")
			w.equalsChatwoot()
		})
	}
}

func TestARenamedLabelKeepsItsStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo")
	stage := w.stage("novo")
	w.sim.RenameLabel("novo", "entrada")
	require.NoError(t, w.sim.WaitIdle(t.Context()))
	require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	w.shows(id, "entrada")
	require.Equal(t, stage, w.card(id).Stage)
	history, err := w.store.Transitions(t.Context(), w.board, id)
	require.NoError(t, err)
	require.Len(t, history, 1, "a rename is no transition")
	b, err := w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	require.Equal(t, "entrada", b.Stages[0].Title)
}

func TestADeletedLabelSendsItsCardsToNoStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}).run().imported()
	id := w.conversation("novo", "vip")
	w.sim.DeleteLabel("novo")
	require.NoError(t, w.sim.WaitIdle(t.Context()))
	require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
	w.shows(id, "vip")
	require.Equal(t, kanban.NoStage, w.card(id).Stage)
	history, err := w.store.Transitions(t.Context(), w.board, id)
	require.NoError(t, err)
	require.Equal(t, kanban.NoStage, history[len(history)-1].To)
	require.Len(t, history, 2)
}

// isEqual reports whether the cache has what Chatwoot has, conversation by conversation.
func (w *world) isEqual() bool { return w.difference() == "" }

func (w *world) equalsChatwoot() {
	w.t.Helper()
	require.Empty(w.t, w.difference())
}
