package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

// patience is how long something that was taken away in Chatwoot may still be seen (QUALITY S2).
const patience = time.Minute

// taking is an agent who looks at a card and hears of it, on a clock that the test sets.
type taking struct {
	*world
	clock  *watch
	agent  *browser
	stream *reader
	user   int64
	card   kanban.Card
}

func newTaking(t *testing.T) *taking {
	t.Helper()
	clock := newRunningWatch()
	w := connected(t, business(40), timed(clock), func(c *web.Config) { c.LookEvery = 5 * time.Millisecond })
	x := &taking{world: w, clock: clock, user: w.sim.Agents()[0].ID}
	inbox := w.sim.Inboxes()[0].ID
	id := kanban.ConversationID(w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Marina", InboxID: inbox, Labels: []string{"novo"}}))
	w.eventually(func() (there bool) {
		var err error
		x.card, err = w.store.Card(t.Context(), w.board, w.viewer(), id)
		return err == nil && x.card.Stage == w.stage("novo").ID
	}, "the card is there")
	w.sim.AddInboxMember(inbox, x.user)
	x.agent = w.signedInAs(w.sim.AgentToken(0))
	x.stream = x.agent.stream(w.boardPath("events")).begun()
	w.hub.Publish(x.news())
	x.stream.next("card")
	require.True(t, x.sees())
	return x
}

// news is that something happened to the card.
func (x *taking) news() *kanban.Event {
	return &kanban.Event{Account: x.board.Account, Board: x.board.ID, Kind: kanban.CardChanged, Change: kanban.CardChange{Card: x.card, On: true, WasOn: true, WasInbox: x.card.Conversation.InboxID}}
}

// sees reports whether the agent is shown the card, on its own or in its column.
func (x *taking) sees() bool {
	x.t.Helper()
	one := x.agent.get(x.boardPath("cards", x.card.Conversation.ID)).status == http.StatusOK
	page := x.agent.get(x.boardPath("stages", x.card.Stage)).body
	return one || strings.Contains(page, fmt.Sprintf(`id="card-%d"`, x.card.Conversation.ID))
}

func TestInboxTakenAwayEndsReadsAndFrames(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	x.sim.RemoveInboxMember(int64(x.card.Conversation.InboxID), x.user)
	for passed := time.Duration(0); x.sees(); passed += 5 * time.Second {
		require.Less(t, passed, patience, "it is still seen")
		x.clock.advance(5 * time.Second)
	}
	x.stream.next("reload")
	x.hub.Publish(x.news(), &kanban.Event{Account: x.board.Account, Board: x.board.ID, Kind: kanban.BoardChanged})
	require.NotContains(t, x.stream.until("board"), `id="card-`)
}

// Nobody asks for anything: the stream looks by itself.
func TestInboxTakenAwayIsNoticedByTheStream(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	x.sim.RemoveInboxMember(int64(x.card.Conversation.InboxID), x.user)
	x.clock.advance(patience - 10*time.Second) // the time between two looks is real in life
	x.stream.next("reload")
	require.False(t, x.sees())
}

// A page that was drawn before is not brought up to date by what happened since: it would keep what is hidden by now.
func TestResumedStreamStartsAnewWhenSightChanged(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	at := x.stream.last
	x.stream.cancel()
	x.sim.RemoveInboxMember(int64(x.card.Conversation.InboxID), x.user)
	x.clock.advance(patience)
	require.False(t, x.sees())
	again := x.agent.with("Last-Event-ID", at).stream(x.boardPath("events"))
	again.next("reload")
}

func TestMembershipTakenAwayEndsStreamAndBoard(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	x.sim.DeleteAgent(x.user)
	x.clock.advance(patience - 10*time.Second)
	x.stream.ended()
	require.Equal(t, http.StatusNotFound, x.agent.get(x.boardPath()).status)
	require.Equal(t, http.StatusOK, x.agent.get("/").status, "signed in, but without a board")
	require.Contains(t, x.agent.get("/").body, "No board yet")
}

// While Chatwoot is away people go on seeing what they saw: the board stays of use.
func TestSightHoldsWhileChatwootIsAway(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	x.sim.Close()
	x.clock.advance(time.Hour)
	require.True(t, x.sees())
}

// A token that Chatwoot no longer takes asks its owner to sign in again: pages lead there and back, whatever else is fetched is told so.
func TestRevokedTokenAsksToSignInAgain(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	x.secret(x.sim.AgentToken(0))
	token := x.sim.RevokeToken(x.user)
	x.clock.advance(patience - 10*time.Second)
	x.stream.ended()
	fetched := x.agent.with("HX-Request", "true").get(x.boardPath())
	require.Equal(t, http.StatusUnauthorized, fetched.status)
	require.Contains(t, fetched.page().Text(), "not signed in")
	require.Equal(t, http.StatusUnauthorized, x.agent.with("Sec-Fetch-Mode", "cors").get(x.boardPath("events")).status)
	require.Equal(t, http.StatusUnauthorized, x.agent.with("Accept", "text/event-stream").get(x.boardPath("events")).status)
	page := x.agent.with("Sec-Fetch-Mode", "navigate").get(x.boardPath())
	require.Equal(t, http.StatusSeeOther, page.status)
	form := map[string][]string{"token": {token}, "return": {x.agent.get(page.header.Get("Location")).page().Find(`main input[name="return"]`).AttrOr("value", "")}}
	require.Equal(t, x.boardPath(), x.agent.post("/sign-in", form).header.Get("Location"))
	require.True(t, x.sees())
}

// What somebody moves while Chatwoot does not take their token waits for them, says so on the card, and goes on when they are back.
func TestMoveWaitsForItsPersonToSignIn(t *testing.T) {
	t.Parallel()
	x := newTaking(t)
	x.secret(x.sim.AgentToken(0))
	token := x.sim.RevokeToken(x.user)
	to := x.stage("proposta")
	require.Equal(t, http.StatusOK, x.agent.put(x.boardPath("cards", x.card.Conversation.ID, "stage"), map[string][]string{"stage": {fmt.Sprint(to.ID)}}).status)
	admin := x.signedInAs(x.sim.AdminToken())
	path := x.boardPath("cards", x.card.Conversation.ID)
	x.eventually(func() bool { return strings.Contains(admin.get(path).body, "has to sign in again") }, "the card says what it waits for")
	require.NotContains(t, x.sim.Labels(int64(x.card.Conversation.ID)), "proposta")
	x.signedInAs(token)
	x.eventually(func() bool { return !strings.Contains(admin.get(path).body, "has to sign in again") }, "it goes on")
	require.Contains(t, x.sim.Labels(int64(x.card.Conversation.ID)), "proposta")
	history := x.sim.LabelHistory(int64(x.card.Conversation.ID))
	require.Equal(t, x.user, history[len(history)-1].ByID, "Chatwoot names who moved it")
}
