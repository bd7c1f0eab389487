package kanban_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// silent is a world in which no webhook ever arrives, with a card of each open stage.
func silent(t *testing.T) (*world, map[string]kanban.ConversationID) {
	t.Helper()
	w := edited(t)
	w.sim.WebhookFault(chatwoottest.WebhookFault{Drop: 1})
	ids := map[string]kanban.ConversationID{}
	for _, title := range []string{"novo", "qualificado", "proposta"} {
		ids[title] = w.conversation(title, "vip")
	}
	return w, ids
}

// stageNow is a stage of the board as it is by now.
func (w *world) stageNow(id kanban.StageID) kanban.Stage {
	w.t.Helper()
	s, _ := w.now().Stage(id)
	return s
}

// went are the stages that a card came into, in their order.
func (w *world) went(id kanban.ConversationID) []kanban.StageID {
	w.t.Helper()
	all, err := w.store.Transitions(w.t.Context(), w.now(), id)
	require.NoError(w.t, err)
	var to []kanban.StageID
	for _, t := range all {
		to = append(to, t.To)
	}
	return to
}

// rests waits until a card is in a stage with these labels, here and in Chatwoot.
func (w *world) rests(id kanban.ConversationID, stage kanban.StageID, labels ...string) {
	w.t.Helper()
	w.eventually(func() bool { return slices.Equal(sorted(w.sim.Labels(int64(id))), sorted(labels)) }, "Chatwoot has %v", labels)
	w.shows(id, labels...)
	w.eventually(func() bool {
		c, err := w.store.Card(w.t.Context(), w.now(), w.viewer, id)
		return err == nil && c.Stage == stage
	}, "card %d is in stage %d", id, stage)
}

// Labels change in Chatwoot, and nobody tells: boards, cards and history follow.
func TestLabelsChangedInChatwootInSilence(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *world, kanban.ConversationID, kanban.Stage){
		"renamed": func(t *testing.T, w *world, id kanban.ConversationID, s kanban.Stage) {
			w.sim.RenameLabel("proposta", "orcamento")
			w.rests(id, s.ID, "orcamento", "vip")
			w.eventually(func() bool { return w.stageNow(s.ID).Title == "orcamento" }, "the stage follows")
			require.Equal(t, []kanban.StageID{s.ID}, w.went(id), "a rename is no move")
		},
		"recoloured": func(t *testing.T, w *world, id kanban.ConversationID, s kanban.Stage) {
			w.recolour("proposta", "#0f0f0f")
			w.eventually(func() bool { return w.stageNow(s.ID).Color == "#0f0f0f" }, "the stage follows")
			require.Equal(t, []kanban.StageID{s.ID}, w.went(id))
		},
		"deleted": func(t *testing.T, w *world, id kanban.ConversationID, s kanban.Stage) {
			w.sim.DeleteLabel("proposta")
			w.eventually(func() bool { return w.stageNow(s.ID).LabelGone }, "the stage says so")
			require.NoError(t, w.engine.Reconcile(t.Context(), w.account.ID))
			w.rests(id, kanban.NoStage, "vip")
			require.Equal(t, []kanban.StageID{s.ID, kanban.NoStage}, w.went(id))
		},
		"made for a new stage": func(t *testing.T, w *world, id kanban.ConversationID, s kanban.Stage) {
			w.sim.CreateLabel("visita", "#123456") // the catalogue has yet to hear of it
			b, err := w.engine.AddStage(t.Context(), w.viewer, w.board.ID, w.now().Version, kanban.NewStage{Name: "Visita", Kind: kanban.StageOpen})
			require.NoError(t, err)
			require.Equal(t, "#123456", b.Stages[3].Color, "the label that is there is taken")
			w.sim.SetLabels(0, int64(id), []string{"visita", "vip"})
			w.rests(id, b.Stages[3].ID, "visita", "vip")
			require.Equal(t, []kanban.StageID{s.ID, b.Stages[3].ID}, w.went(id))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, ids := silent(t)
			s, _ := w.now().Stage(w.stage("proposta"))
			change(t, w, ids["proposta"], s)
			w.rests(ids["novo"], w.stage("novo"), "novo", "vip")
			w.eventually(w.isEqual, "equal to Chatwoot")
		})
	}
}

// recolour changes a label's colour as another administrator would, by Chatwoot's API.
func (w *world) recolour(title, color string) {
	w.t.Helper()
	c, err := w.engine.As(w.t.Context(), w.viewer)
	require.NoError(w.t, err)
	labels, err := c.Labels(w.t.Context())
	require.NoError(w.t, err)
	for _, l := range labels {
		if l.Title == title {
			_, err := c.UpdateLabel(w.t.Context(), l.ID, chatwoot.LabelChange{Color: &color})
			require.NoError(w.t, err)
		}
	}
}

// Labels change here, and Chatwoot tells nobody either.
func TestLabelsChangedHereInSilence(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *world, map[string]kanban.ConversationID, kanban.Stage){
		"renamed, then renamed again": func(t *testing.T, w *world, ids map[string]kanban.ConversationID, s kanban.Stage) {
			for _, title := range []string{"orcamento", "cotacao"} {
				_, err := w.engine.EditStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, kanban.StageEdit{Name: s.Name, Kind: s.Kind, Title: title})
				require.NoError(t, err)
				require.Equal(t, s.ID, w.card(ids["proposta"]).Stage, "at once and all the while")
			}
			w.rests(ids["proposta"], s.ID, "cotacao", "vip")
			require.Equal(t, []kanban.StageID{s.ID}, w.went(ids["proposta"]))
		},
		"two stages exchange their labels' titles": func(t *testing.T, w *world, ids map[string]kanban.ConversationID, s kanban.Stage) {
			other := w.stageNow(w.stage("novo"))
			for _, step := range []struct {
				stage kanban.Stage
				title string
			}{{s, "meio"}, {other, "proposta"}, {s, "novo"}} {
				_, err := w.engine.EditStage(t.Context(), w.viewer, w.board.ID, w.now().Version, step.stage.ID, kanban.StageEdit{Name: step.stage.Name, Kind: step.stage.Kind, Title: step.title})
				require.NoError(t, err)
				require.NoError(t, w.sim.WaitIdle(t.Context())) // or Chatwoot's own jobs rename what the next one means
			}
			w.rests(ids["proposta"], s.ID, "novo", "vip")
			w.rests(ids["novo"], other.ID, "proposta", "vip")
		},
		"merged": func(t *testing.T, w *world, ids map[string]kanban.ConversationID, s kanban.Stage) {
			to := w.stage("novo")
			_, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, kanban.StageRemoval{To: to, DeleteLabel: true})
			require.NoError(t, err)
			w.rests(ids["proposta"], to, "novo", "vip")
			w.eventually(func() bool { return len(w.now().Stages) == 4 && !slices.Contains(w.titles(), "proposta") }, "stage and label are gone")
			require.Equal(t, []kanban.StageID{s.ID, to}, w.went(ids["proposta"]))
		},
		"deleted with an empty stage": func(t *testing.T, w *world, ids map[string]kanban.ConversationID, s kanban.Stage) {
			w.move(ids["proposta"], "novo")
			w.rests(ids["proposta"], w.stage("novo"), "novo", "vip")
			b, err := w.engine.RemoveStage(t.Context(), w.viewer, w.board.ID, w.now().Version, s.ID, kanban.StageRemoval{DeleteLabel: true})
			require.NoError(t, err)
			require.Len(t, b.Stages, 4, "at once: there is nobody to wait for")
			require.NotContains(t, w.titles(), "proposta")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, ids := silent(t)
			s, _ := w.now().Stage(w.stage("proposta"))
			change(t, w, ids, s)
			w.rests(ids["qualificado"], w.stage("qualificado"), "qualificado", "vip")
			w.eventually(w.isEqual, "equal to Chatwoot")
		})
	}
}
