package templates_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

func TestWaysToReachAContactAreNoWayIn(t *testing.T) {
	t.Parallel()
	loc := templates.Match("en", "")
	for _, one := range []struct {
		phone, email string
		want         []string
	}{
		{"+55 (48) 98100-0001", "ana.lima+loja@example.com", []string{"tel:+5548981000001", "mailto:ana.lima+loja@example.com"}},
		{"", "", nil},
		{"javascript:alert(1)", "a@b@c", nil},
		{"+55;phone-context=evil", "a@b.example?bcc=c@d.example", nil},
		{"123", "a\n@b.example", nil},
		{"+", "a@b.example?subject=x", []string{"mailto:a@b.example%3Fsubject=x"}},
	} {
		card := sampleCard(1, 1, time.Now())
		card.Conversation.Contact.Phone, card.Conversation.Contact.Email = one.phone, one.email
		var got []string
		for _, way := range templates.NewContact(loc, templates.PanelOf{Board: sampleBoard(), Card: card}).Ways {
			got = append(got, way.Href)
		}
		require.Equal(t, one.want, got, "%q %q", one.phone, one.email)
	}
}

func TestManyConversationsOfOneContactAreCounted(t *testing.T) {
	t.Parallel()
	card := sampleCard(1, 1, time.Now())
	p := templates.PanelOf{Board: sampleBoard(), Card: card, ChatwootURL: "https://chat.example/app/accounts/1"}
	elsewhere := sampleBoard()
	elsewhere.ID, elsewhere.Name = 2, "Pós-venda"
	p.Boards = []kanban.Board{p.Board, elsewhere}
	for n := range 25 {
		p.Others = append(p.Others, kanban.Other{Conversation: kanban.Conversation{ID: kanban.ConversationID(100 - n), Status: kanban.StatusOpen}})
	}
	p.Others[0].At = []kanban.Standing{{Board: 2, Stage: 1}, {Board: 1, Stage: 3}}
	p.Others[1].At = []kanban.Standing{{Board: 2, Stage: 0}}
	p.Others[2].At = []kanban.Standing{{Board: 3, Stage: 1}} // a board that the viewer may not enter
	v := templates.NewContact(templates.Match("en", ""), p)
	require.Len(t, v.Others, 20)
	require.Equal(t, "5 older ones in Chatwoot", v.More)
	require.Equal(t, "2 of the contact’s 26 conversations are on this board.", v.Same)
	require.Equal(t, []string{"Proposta", "Pós-venda: Novo"}, v.Others[0].Stages)
	require.Equal(t, "/boards/1/cards/100/panel", v.Others[0].Path)
	require.Equal(t, "/boards/2/cards/99/panel", v.Others[1].Path)
	require.Empty(t, v.Others[2].Stages)
	require.Equal(t, "https://chat.example/app/accounts/1/conversations/98", v.Others[2].Path)
	require.True(t, v.Others[2].Outside)
}
