package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// object is something that a route may name: a card on a board. One that is not there has an account of 0.
type object struct {
	name         string
	account      kanban.AccountID
	board        kanban.Board
	conversation kanban.ConversationID
	// canary is the contact's name: whoever may not see the card must never read it.
	canary string
}

// role is somebody who asks.
type role struct {
	name    string
	browser *browser
	// in says that the session holds, administers that connections are this person's business.
	in, administers bool
	// accounts that the person has a seat in, sees are the objects that Chatwoot would show them.
	accounts []kanban.AccountID
	sees     []string
}

// crowd is a world of two Chatwoots, two accounts on one of them, and people of all kinds. Its engine does not run: nothing happens but
// what the test does.
type crowd struct {
	*world
	clock   *watch
	other   *chatwoottest.Server
	objects []object
	roles   []role
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	clock := newWatch()
	c := &crowd{world: newWorld(t, business(0), timed(clock)), clock: clock, other: chatwoottest.Start(t, business(0))}
	c.secret(c.sim.OutsiderToken())
	c.secret(c.other.AdminToken())
	inboxes := c.sim.Inboxes()
	mine, theirs := inboxes[0].ID, inboxes[1].ID
	agents := c.sim.Agents()
	for i, agent := range agents {
		own, not := mine, theirs
		if i == 1 { // the agent without the inbox
			own, not = theirs, mine
		}
		c.sim.AddInboxMember(own, agent.ID)
		c.sim.RemoveInboxMember(not, agent.ID)
	}
	first := c.connect(c.sim, c.sim.AdminToken(), c.sim.AccountID())
	second := c.connect(c.sim, c.sim.OutsiderToken(), c.sim.OtherAccountID())
	third := c.connect(c.other, c.other.AdminToken(), c.other.AccountID())
	c.objects = []object{
		c.object("own", first, mine, 11), c.object("other inbox", first, theirs, 12), c.object("other account", second, 1, 11),
		c.object("other server", third, 1, 11),
		{name: "random", board: kanban.Board{ID: 4711, Stages: []kanban.Stage{{ID: 4711}}}, conversation: 4711},
	}
	c.people(agents, first.Account, second.Account, third.Account)
	return c
}

// connect connects an account and makes its board.
func (c *crowd) connect(sim *chatwoottest.Server, token string, number int64) kanban.Board {
	c.t.Helper()
	a, err := c.engine.Connect(c.t.Context(), kanban.Address{URL: sim.URL(), Token: token, AllowPrivateNetwork: true}, number)
	require.NoError(c.t, err)
	stages, err := kanban.ParseStages("novo,proposta,ganho=won")
	require.NoError(c.t, err)
	b, err := c.engine.MakeBoard(c.t.Context(), a.ID, "Board of "+a.Name, "BRL", stages)
	require.NoError(c.t, err)
	return b
}

// object puts a card on a board.
func (c *crowd) object(name string, b kanban.Board, inbox int64, id kanban.ConversationID) object {
	c.t.Helper()
	o := object{name: name, account: b.Account, board: b, conversation: id, canary: fmt.Sprintf("Canary%d%d", b.Account, id)}
	now := time.Now()
	conv := conversation(b.Account, int(id)-1, "novo")
	conv.InboxID, conv.Contact.Name, conv.LastMessage.Sender = kanban.InboxID(inbox), o.canary, o.canary
	_, err := c.store.Apply(c.t.Context(), b.Account, []kanban.Snapshot{{Conversation: conv, Source: kanban.FromImport, At: now, Read: true}}, nil)
	require.NoError(c.t, err)
	return o
}

func (c *crowd) people(agents []chatwoottest.User, first, second, third kanban.AccountID) {
	c.t.Helper()
	expired := c.signedInAs(agents[2].Token)
	c.clock.advance(8 * 24 * time.Hour)
	gone := c.signedInAs(agents[3].Token)
	require.Equal(c.t, http.StatusSeeOther, c.signedInAs(agents[3].Token).post("/sign-out", url.Values{"everywhere": {"yes"}}).status)
	elsewhere := c.browser()
	require.Equal(c.t, http.StatusSeeOther, elsewhere.post("/sign-in", url.Values{"token": {c.other.AdminToken()}, "server": {c.other.URL()}}).status)
	c.roles = []role{
		{name: "anonymous", browser: c.browser()},
		{name: "expired session", browser: expired},
		{name: "signed out everywhere", browser: gone},
		{name: "agent", browser: c.signedInAs(agents[0].Token), in: true, accounts: []kanban.AccountID{first}, sees: []string{"own"}},
		{name: "agent without the inbox", browser: c.signedInAs(agents[1].Token), in: true, accounts: []kanban.AccountID{first}, sees: []string{"other inbox"}},
		{name: "administrator", browser: c.signedInAs(c.sim.AdminToken()), in: true, administers: true, accounts: []kanban.AccountID{first}, sees: []string{"own", "other inbox"}},
		{name: "person of another account", browser: c.signedInAs(c.sim.OutsiderToken()), in: true, administers: true, accounts: []kanban.AccountID{second}, sees: []string{"other account"}},
		{name: "person of another server", browser: elsewhere, in: true, administers: true, accounts: []kanban.AccountID{third}, sees: []string{"other server"}},
	}
}

// signedInAs is world's, with the Chatwoot named: there are two.
func (c *crowd) signedInAs(token string) *browser {
	c.t.Helper()
	b := c.browser()
	a := b.post("/sign-in", url.Values{"token": {token}, "server": {c.sim.URL()}})
	require.Equal(c.t, http.StatusSeeOther, a.status, a.problem())
	return b
}

// owner is the administrator of an object's account.
func (o object) owner() kanban.Viewer {
	return kanban.Viewer{Account: o.account, Role: kanban.RoleAdministrator}
}

// move moves an object's card to the next stage; none moves a card that is not there.
func (c *crowd) move(o object) kanban.Move {
	c.t.Helper()
	if o.account == 0 {
		return kanban.Move{ID: 4711}
	}
	card, err := c.store.Card(c.t.Context(), o.board, o.owner(), o.conversation)
	require.NoError(c.t, err)
	to := o.board.Stages[0].ID
	if card.Stage == to {
		to = o.board.Stages[1].ID
	}
	mv, _, err := c.engine.Accept(c.t.Context(), o.owner(), kanban.Move{Account: o.account, Board: o.board.ID, Conversation: o.conversation, To: to})
	require.NoError(c.t, err)
	return mv
}
