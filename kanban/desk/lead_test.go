package desk_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
)

// board is one of two stages.
func (w *world) board() kanban.Board {
	w.t.Helper()
	stages, err := kanban.ParseStages("novo,ganho=won")
	require.NoError(w.t, err)
	b, err := w.engine.MakeBoard(w.t.Context(), w.viewer.Account, "Vendas", "BRL", stages)
	require.NoError(w.t, err)
	return b
}

// lead is a form that is filled in.
func (w *world) lead(b kanban.Board, key string) desk.NewLead {
	return desk.NewLead{
		Key: key, Name: "Marina Alves", Phone: "(11) 98888-7777", Country: "BR", Inbox: kanban.InboxID(w.sim.Inboxes()[0].ID), Stage: b.Stages[0].ID,
		Text: "Pediu catálogo", Private: true,
	}
}

// marinas are the contacts with the number of the form, and the conversations that they have.
func (w *world) marinas() (contacts, conversations int) {
	w.t.Helper()
	page, err := w.direct.SearchContacts(w.t.Context(), "+5511988887777", 1)
	require.NoError(w.t, err)
	for _, c := range page.Contacts {
		all, err := w.direct.ContactConversations(w.t.Context(), c.ID)
		require.NoError(w.t, err)
		conversations += len(all)
	}
	return len(page.Contacts), conversations
}

func TestNewLead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	begun, err := w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "one"))
	require.NoError(t, err)
	contacts, conversations := w.marinas()
	require.Equal(t, 1, contacts)
	require.Equal(t, 1, conversations)
	require.Equal(t, []string{"Pediu catálogo"}, w.said(begun.Conversation))
	card, err := w.store.Card(t.Context(), b, w.viewer, begun.Conversation)
	require.NoError(t, err)
	require.Equal(t, b.Stages[0].ID, card.Stage, "it is on the board at once")

	// The same form again, and another one for the same person.
	again, err := w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "one"))
	require.NoError(t, err)
	require.Equal(t, begun.Conversation, again.Conversation)
	require.Equal(t, []string{"Pediu catálogo"}, w.said(begun.Conversation))
	_, err = w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "two"))
	require.NoError(t, err)
	contacts, conversations = w.marinas()
	require.Equal(t, 1, contacts, "the contact is used again")
	require.Equal(t, 2, conversations)
}

func TestTwoPeopleBeginTheSameLead(t *testing.T) {
	t.Parallel()
	for range 5 {
		w := newWorld(t)
		b := w.board()
		other := desk.New(w.engine, w.store) // no turn is shared with another server
		var all sync.WaitGroup
		for i, d := range []*desk.Desk{w.desk, other} {
			all.Go(func() {
				_, err := d.Begin(t.Context(), w.viewer, b, w.lead(b, []string{"mine", "theirs"}[i]))
				require.NoError(t, err)
			})
		}
		all.Wait()
		contacts, conversations := w.marinas()
		require.Equal(t, 1, contacts)
		require.Equal(t, 2, conversations)
	}
}

// An answer gets lost after Chatwoot did what was asked; the form is sent again.
func TestNewLeadWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for _, match := range []string{"POST */contacts", "POST */conversations"} {
		t.Run(match, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.board()
			w.sim.Fault(chatwoottest.Fault{Match: match, Kind: chatwoottest.FaultTruncate, Times: 1})
			_, err := w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "one"))
			if err != nil {
				_, err = w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "one"))
			}
			require.NoError(t, err)
			contacts, conversations := w.marinas()
			require.Equal(t, 1, contacts)
			require.Equal(t, 1, conversations)
		})
	}
}

func TestNewLeadWhileChatwootIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	w.sim.Fault(chatwoottest.Fault{Match: "POST */conversations", Kind: chatwoottest.FaultStatus502, Times: 1})
	_, err := w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "one"))
	require.ErrorIs(t, err, chatwoot.KindUnavailable)
	_, err = w.desk.Begin(t.Context(), w.viewer, b, w.lead(b, "one"))
	require.NoError(t, err)
	contacts, conversations := w.marinas()
	require.Equal(t, 1, contacts)
	require.Equal(t, 1, conversations)
}

func TestNewLeadsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.board()
	for name, change := range map[string]func(*desk.NewLead){
		"no key":        func(n *desk.NewLead) { n.Key = "" },
		"nobody":        func(n *desk.NewLead) { n.Name, n.Phone = "", "" },
		"a bad number":  func(n *desk.NewLead) { n.Phone = "12" },
		"a bad address": func(n *desk.NewLead) { n.Email = "marina" },
		"no inbox":      func(n *desk.NewLead) { n.Inbox = 0 },
	} {
		n := w.lead(b, "x")
		change(&n)
		_, err := w.desk.Begin(t.Context(), w.viewer, b, n)
		var invalid *kanban.InvalidError
		require.ErrorAs(t, err, &invalid, name)
	}
	contacts, _ := w.marinas()
	require.Zero(t, contacts)
}

func TestPhonesInAnyNotation(t *testing.T) {
	t.Parallel()
	for text, country := range map[string]string{"(11) 98888-7777": "BR", "+55 11 98888 7777": "ES", "0055 11 988887777": "ES", "011988887777": "BR"} {
		number, ok := desk.Phone(text, country)
		require.True(t, ok, text)
		require.Equal(t, "+5511988887777", number, text)
	}
	for _, text := range []string{"", "12", "marina", "+", "999999999999999999999"} {
		_, ok := desk.Phone(text, "BR")
		require.False(t, ok, text)
	}
}
