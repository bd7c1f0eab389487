package web_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// TestAPanelLeadsToTheContactsOtherConversations shows to each person those that they may see, and to nobody more.
func TestAPanelLeadsToTheContactsOtherConversations(t *testing.T) {
	t.Parallel()
	w := connected(t, business(0))
	inboxes, agent := w.sim.Inboxes(), w.sim.Agents()[0]
	w.sim.AddInboxMember(inboxes[0].ID, agent.ID)
	w.sim.RemoveInboxMember(inboxes[1].ID, agent.ID)
	first := w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: `<b>"Lia"`, Email: "lia@example.com", InboxID: inboxes[0].ID, Labels: []string{"novo"}})
	contact := w.contactOf(first)
	second := w.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: contact, InboxID: inboxes[0].ID, Labels: []string{"proposta"}})
	hidden := w.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: contact, InboxID: inboxes[1].ID, Labels: []string{"ganho"}})
	w.eventually(func() bool {
		card, err := w.store.Card(t.Context(), w.board, w.viewer(), kanban.ConversationID(hidden))
		return err == nil && card.Stage == w.stage("ganho").ID
	}, "the last one is there")

	all := w.contactPart(w.person(), first)
	require.Equal(t, "2 other conversations of this contact", all.Find("#contact-title").Text())
	require.Equal(t, "3 of the contact’s 3 conversations are on this board.", all.Find(".contact__same").Text())
	require.Equal(t, []string{w.panelPath(hidden), w.panelPath(second)}, attributes(all.Find(".contact__head a"), "href"))
	require.Equal(t, []string{"Ganho", "Proposta"}, texts(all.Find(".contact__stage")))
	require.Equal(t, []string{"mailto:lia@example.com"}, attributes(all.Find(".contact__ways a"), "href"))

	less := w.contactPart(w.signedInAs(agent.Token), first)
	require.Equal(t, "1 other conversation of this contact", less.Find("#contact-title").Text())
	require.Equal(t, []string{w.panelPath(second)}, attributes(less.Find(".contact__head a"), "href"))
	require.NotContains(t, less.Text(), "#"+strconv.FormatInt(hidden, 10))
}

func (w *world) panelPath(id int64) string { return w.boardPath("cards", id, "panel") }

// contactPart is what a conversation's panel says of the contact.
func (w *world) contactPart(b *browser, id int64) *goquery.Selection {
	w.t.Helper()
	a := b.get(w.panelPath(id))
	require.Equal(w.t, http.StatusOK, a.status)
	part := a.page().Find("#contact")
	require.Equal(w.t, 1, part.Length())
	require.Zero(w.t, part.Find("b").Length(), "names are text")
	return part
}

// contactOf is the contact of a conversation, once the board has it.
func (w *world) contactOf(id int64) (contact int64) {
	w.t.Helper()
	w.eventually(func() bool {
		c, err := w.store.Conversation(w.t.Context(), w.account().ID, kanban.ConversationID(id))
		contact = int64(c.Contact.ID)
		return err == nil && contact != 0
	}, "the conversation is there")
	return contact
}
