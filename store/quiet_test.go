package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// Chatwoot lists no choices as an empty list; the database does not tell that from none.
func TestACatalogueThatSaysTheSameIsNoChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	same := kanban.Catalog{
		Labels: []kanban.Label{{ID: 1, Title: "novo", Former: []string{}}},
		Attributes: []kanban.AttributeDefinition{
			{Key: "deal_value", Name: "Valor", Type: "currency", Values: []string{}}, {Key: "lost_reason", Name: "Motivo", Type: "list", Values: []string{"Preço"}},
		},
	}
	for i := range 3 {
		change, err := w.store.SaveCatalog(t.Context(), w.account, same)
		require.NoError(t, err)
		require.Equal(t, i == 0, change.Changed)
		if i == 1 {
			w.reopen()
		}
	}
}
