package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban/desk"
)

// A number or an address that was wrong can be taken away; what is not named stays.
func TestContactIsEmptied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.cards(w.board(), 1)[0]
	conv := func() (phone, email, name string) {
		c, err := w.store.Conversation(t.Context(), w.viewer.Account, id)
		require.NoError(t, err)
		return c.Contact.Phone, c.Contact.Email, c.Contact.Name
	}
	change := func(c desk.ContactChange) error {
		known, err := w.store.Conversation(t.Context(), w.viewer.Account, id)
		require.NoError(t, err)
		return w.desk.ChangeContact(t.Context(), w.viewer, known, c)
	}
	require.NoError(t, change(desk.ContactChange{Phone: new("+55 11 97777-1234"), Email: new("Rita@Example.com")}))
	phone, email, name := conv()
	require.Equal(t, []string{"+5511977771234", "rita@example.com", "Ana Lima"}, []string{phone, email, name})
	require.NoError(t, change(desk.ContactChange{Phone: new(" ")}))
	phone, email, name = conv()
	require.Equal(t, []string{"", "rita@example.com", "Ana Lima"}, []string{phone, email, name})
	require.NoError(t, change(desk.ContactChange{Email: new("")}))
	_, email, _ = conv()
	require.Empty(t, email)
	require.Error(t, change(desk.ContactChange{Name: new("")}), "a name it needs")
	require.Error(t, change(desk.ContactChange{Phone: new("12")}))
}
