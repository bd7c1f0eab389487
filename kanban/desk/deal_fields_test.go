package desk_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

func TestDealFieldsAreMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := kanban.DealNames{Value: "Valor", ExpectedClose: "Fechamento", NextStep: "Próximo passo", NextStepOn: "Em", LostReason: "Motivo"}
	defs, err := w.direct.CustomAttributeDefinitions(t.Context(), chatwoot.ConversationAttribute)
	require.NoError(t, err)
	kept := len(defs)
	for _, d := range defs {
		if d.Key != "next_step" && kanban.DealKeysIn([]kanban.AttributeDefinition{{Key: d.Key, Type: string(d.Type)}}) != (kanban.DealKeys{}) {
			w.forgets(d.ID)
			kept--
		}
	}

	agent := w.viewer
	agent.Role = kanban.RoleAgent
	require.ErrorIs(t, w.engine.MakeDealFields(t.Context(), agent, names), kanban.ErrNotFound)
	for range 2 {
		require.NoError(t, w.engine.MakeDealFields(t.Context(), w.viewer, names))
	}
	defs, err = w.direct.CustomAttributeDefinitions(t.Context(), chatwoot.ConversationAttribute)
	require.NoError(t, err)
	require.Len(t, defs, kept+4, "what was there is used")
	a, err := w.store.Account(t.Context(), w.viewer.Account)
	require.NoError(t, err)
	require.Equal(t, kanban.DealKeys{Value: "deal_value", ExpectedClose: "expected_close", NextStep: "next_step", NextStepOn: "next_step_on", LostReason: "lost_reason"}, a.Deal)
}

// forgets deletes a definition in Chatwoot.
func (w *world) forgets(definition int64) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodDelete, fmt.Sprintf("%s/api/v1/accounts/%d/custom_attribute_definitions/%d", w.sim.URL(), w.sim.AccountID(), definition), nil)
	require.NoError(w.t, err)
	r.Header.Set("Api-Access-Token", w.sim.AdminToken())
	res, err := http.DefaultClient.Do(r)
	require.NoError(w.t, err)
	require.NoError(w.t, res.Body.Close())
	require.Less(w.t, res.StatusCode, 300)
}
