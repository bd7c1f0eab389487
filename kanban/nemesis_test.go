package kanban_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// nemesis does to a business whatever may happen to one, chosen by a seed, and knows what must have become of it.
type nemesis struct {
	*bubble
	rng    *rand.Rand
	events int
	// mine are the conversations that exist, in the order of their creation.
	mine []int64
	// wish is the latest thing that somebody wanted of a conversation's stage, if it was a move: whoever labels it otherwise ends that.
	wish map[int64]kanban.MoveID
	// moved are the accepted moves that nobody has looked after yet.
	moved map[kanban.MoveID]kanban.Move
	// labelled are the conversations whose stage labels somebody else than Chatlane touched: two stages may be what they want.
	labelled map[int64]bool
	// calm says that nobody touches the account's labels and the board in this round.
	calm bool
	// lost are titles of account labels that were deleted or renamed away.
	lost   []string
	lostAt time.Time
}

// crowd bounds the conversations alive at once.
const crowd = 60

func newNemesis(t *testing.T, seed uint64) *nemesis {
	n := &nemesis{
		rng: rand.New(rand.NewPCG(seed, 0xc4a7)), wish: map[int64]kanban.MoveID{}, moved: map[kanban.MoveID]kanban.Move{}, labelled: map[int64]bool{},
	}
	n.bubble = newBubble(t, chatwoottest.Options{
		Seed: int64(seed), Conversations: 30, WebhookDelay: time.Duration(n.rng.IntN(3)) * 150 * time.Millisecond, JobDelay: time.Duration(n.rng.IntN(2)) * 80 * time.Millisecond,
	}, nil)
	for _, c := range n.sim.Conversations() {
		n.mine = append(n.mine, c.ID)
	}
	return n
}

// live lets so many events happen, in rounds that each end in silence and a comparison.
func (n *nemesis) live(events int) {
	n.start()
	for n.events < events {
		n.round(min(events-n.events, 1000+n.rng.IntN(4000)))
		n.silence()
		n.compare()
	}
}

// round is a stretch of time in which the weather may be bad and our process may die.
func (n *nemesis) round(events int) {
	n.weather()
	until, down := n.events+events, 0
	n.calm = n.rng.IntN(2) == 0
	if n.rng.IntN(2) == 0 {
		down = n.events + n.rng.IntN(events)
	}
	for n.events < until {
		for range 1 + n.rng.IntN(100) {
			n.event()
		}
		time.Sleep([]time.Duration{0, time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond, 4 * time.Second, 45 * time.Second}[n.weighted(10, 40, 30, 15, 4, 1)])
		if down > 0 && n.events >= down {
			down = 0
			n.die()
		}
	}
}

// die ends our process, lets life go on for a while, and starts it anew on what the database has.
func (n *nemesis) die() {
	n.halt()
	for range n.rng.IntN(100) {
		n.happening()
	}
	time.Sleep(time.Duration(n.rng.IntN(60)) * time.Second)
	n.open()
	n.start()
}

// weather is what befalls webhooks and answers.
func (n *nemesis) weather() {
	n.sim.ClearFaults()
	n.sim.WebhookFault(chatwoottest.WebhookFault{})
	if n.rng.IntN(4) > 0 {
		n.sim.WebhookFault(chatwoottest.WebhookFault{
			Drop: n.rng.Float64() * 0.5, Duplicate: n.rng.Float64() * 0.2, Shuffle: n.rng.Float64(), Delay: time.Duration(n.rng.IntN(2000)+1) * time.Millisecond,
			Seed: n.rng.Int64(),
		})
	}
	for range n.rng.IntN(4) {
		n.sim.Fault(n.fault())
	}
}

func (n *nemesis) fault() chatwoottest.Fault {
	kinds := []chatwoottest.FaultKind{
		chatwoottest.FaultStatus500, chatwoottest.FaultStatus502, chatwoottest.FaultReset, chatwoottest.FaultHTML, chatwoottest.FaultTruncate,
		chatwoottest.FaultTimeoutAfterCommit, chatwoottest.FaultStatus429, chatwoottest.FaultLatency, chatwoottest.FaultRefuse401,
	}
	kind := kinds[n.weighted(4, 4, 4, 3, 4, 4, 1, 4, 1)]
	matches := []string{"POST */labels", "GET */labels", "GET */conversations", "GET */conversations/*", "*"}
	f := chatwoottest.Fault{Kind: kind, Match: matches[n.rng.IntN(len(matches))], Probability: 0.02 + 0.3*n.rng.Float64()*n.rng.Float64(), Duration: 50 * time.Millisecond}
	switch kind {
	case chatwoottest.FaultStatus429: // costs up to a minute each
		f.Times = 1 + n.rng.IntN(3)
	case chatwoottest.FaultRefuse401: // refuses for good
		f.Match, f.Times = "POST */labels", 1+n.rng.IntN(5)
	}
	return f
}

// event is one thing that happens: to the business, or somebody moves a card.
func (n *nemesis) event() {
	n.events++
	if n.rng.IntN(12) == 0 {
		n.move()
		return
	}
	n.happening()
}

// happening is something that happens in Chatwoot.
func (n *nemesis) happening() {
	if len(n.mine) < 5 || n.rng.IntN(40) == 0 && len(n.mine) < crowd {
		n.arrival()
		return
	}
	id := n.mine[n.rng.IntN(len(n.mine))]
	by := n.person()
	upheaval := 1
	if n.calm {
		upheaval = 0
	}
	switch n.weighted(200, 100, 60, 120, 80, 60, 40, 60, 40, 60, 40, 2, 16, 4*upheaval, 2*upheaval, 2*upheaval, 2, 3, 3, 2*upheaval) {
	case 0:
		n.sim.Incoming(id, n.text())
	case 1:
		n.sim.Reply(by, id, n.text())
	case 2:
		n.sim.Note(by, id, n.text())
	case 3:
		n.toggle(id)
	case 4:
		n.stageByHand(by, id)
	case 5:
		n.sim.Assign(by, id, n.person())
	case 6:
		n.sim.AssignTeam(by, id, n.team())
	case 7:
		n.sim.SetStatus(by, id, n.one("open", "open", "pending", "snoozed", "resolved"))
	case 8:
		n.sim.SetPriority(by, id, n.one("", "low", "medium", "high", "urgent"))
	case 9:
		n.sim.SetCustomAttributes(by, id, n.attributes())
	case 10:
		n.sim.MarkRead(by, id)
	case 11:
		n.sim.Happen(n.rng)
		n.refresh()
	case 12:
		n.departure(id)
	case 13:
		n.renameLabel()
	case 14:
		n.deleteLabel()
	case 15:
		n.createLabel()
	case 16:
		n.people()
	case 17:
		n.contacts(id)
	case 18:
		n.rename(id)
	case 19:
		if n.up.Load() {
			n.changeBoard()
		}
	}
}

func (n *nemesis) arrival() {
	c := chatwoottest.NewConversation{Text: n.one("", n.text()), Assignee: n.person(), Team: n.team(), Custom: n.attributes()}
	boxes := n.sim.Inboxes()
	c.InboxID = boxes[n.rng.IntN(len(boxes))].ID
	if len(n.mine) > 0 && n.rng.IntN(2) == 0 { // somebody known
		known, _ := n.sim.Conversation(n.mine[n.rng.IntN(len(n.mine))])
		c.ContactID = known.ContactID
	}
	if n.rng.IntN(2) == 0 {
		c.Labels = []string{n.stageTitle(), n.one(foreign...)}
	}
	id := n.sim.CreateConversation(0, c)
	n.mine = append(n.mine, id)
	n.labelled[id] = len(c.Labels) > 0 && n.isStage(c.Labels[1])
}

func (n *nemesis) departure(id int64) {
	n.sim.DeleteConversation(id)
	n.forget(id)
}

func (n *nemesis) forget(id int64) {
	n.mine = slices.DeleteFunc(n.mine, func(x int64) bool { return x == id })
	delete(n.wish, id)
}

// foreign are labels that are no stages; one is no label of the account, and one is written as no label can be.
var foreign = []string{"vip", "urgente", "orçamento", "pós-venda", "parceiro", "solto", "Muito Caro"}

func (n *nemesis) toggle(id int64) {
	title := n.one(foreign...)
	if n.isStage(title) {
		n.decided(id)
	}
	if slices.Contains(n.sim.Labels(id), title) {
		n.sim.RemoveLabel(0, id, title)
		return
	}
	n.sim.AddLabel(0, id, title)
}

// stageByHand is a person who chooses labels in Chatwoot: one stage, none, or two.
func (n *nemesis) stageByHand(by, id int64) {
	n.decided(id)
	labels := slices.DeleteFunc(n.sim.Labels(id), func(string) bool { return n.rng.IntN(2) == 0 })
	for range n.weighted(20, 70, 10) {
		labels = append(labels, n.stageTitle())
	}
	if n.rng.IntN(20) == 0 && len(labels) > 0 {
		labels[0] = strings.ToUpper(labels[0])
	}
	n.sim.SetLabels(by, id, labels)
}

// decided says that a conversation's stage is no longer what a move of ours made it.
func (n *nemesis) decided(id int64) {
	delete(n.wish, id)
	n.labelled[id] = true
}

func (n *nemesis) allDecided() {
	for _, id := range n.mine {
		n.decided(id)
	}
}

// refresh finds out what the simulator's own traffic did.
func (n *nemesis) refresh() {
	for _, c := range n.sim.Conversations() {
		if !slices.Contains(n.mine, c.ID) {
			n.mine = append(n.mine, c.ID)
		}
	}
	n.allDecided()
}

func (n *nemesis) people() {
	if agents := n.sim.Agents(); len(agents) > 2 && n.rng.IntN(2) == 0 {
		n.sim.DeleteAgent(agents[n.rng.IntN(len(agents))].ID)
	} else if len(agents) < 8 {
		n.sim.AddUser("Gil Souza", fmt.Sprintf("gil%d@example.com", n.events), "agent")
	}
	if teams := n.sim.Teams(); len(teams) > 1 && n.rng.IntN(2) == 0 {
		n.sim.DeleteTeam(teams[n.rng.IntN(len(teams))].ID)
	} else {
		n.post(http.MethodPost, "teams", map[string]any{"name": fmt.Sprintf("equipe %d", n.events)})
	}
}

func (n *nemesis) contacts(id int64) {
	one, _ := n.sim.Conversation(id)
	other, _ := n.sim.Conversation(n.mine[n.rng.IntN(len(n.mine))])
	if one.ContactID != other.ContactID {
		n.sim.MergeContacts(one.ContactID, other.ContactID)
	}
}

func (n *nemesis) rename(id int64) {
	c, _ := n.sim.Conversation(id)
	n.post(http.MethodPatch, fmt.Sprintf("contacts/%d", c.ContactID), map[string]any{"name": fmt.Sprintf("Rita %d", n.events)})
}

func (n *nemesis) person() int64 {
	users := n.sim.Users()
	if i := n.rng.IntN(len(users) + 1); i < len(users) {
		return users[i].ID
	}
	return 0
}

func (n *nemesis) team() int64 {
	teams := n.sim.Teams()
	if i := n.rng.IntN(len(teams) + 1); i < len(teams) {
		return teams[i].ID
	}
	return 0
}

func (n *nemesis) attributes() map[string]any {
	custom := map[string]any{"origem": n.one("site", "indicação")}
	switch n.rng.IntN(5) {
	case 0:
		custom["deal_value"] = n.rng.IntN(1_000_000)
	case 1:
		custom["deal_value"] = float64(n.rng.IntN(100_000)) / 100
	case 2:
		custom["deal_value"] = "1.234,56"
	case 3:
		custom["next_step"] = n.text()
	}
	return custom
}

func (n *nemesis) text() string { return fmt.Sprintf("Mensagem %d", n.events) }

func (n *nemesis) one(of ...string) string { return of[n.rng.IntN(len(of))] }

// weighted chooses a position by weight.
func (n *nemesis) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := n.rng.IntN(sum)
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return 0
}

// silence ends all that is under way: good weather, no news, and time for everything that waits. What a reconciliation finds may lead to a
// repair, which is news again.
func (n *nemesis) silence() {
	n.sim.ClearFaults()
	n.sim.WebhookFault(chatwoottest.WebhookFault{})
	for range 5 {
		n.rest()
		before := n.sim.Requests()["moves"].Count
		require.NoError(n.t, n.engine.Reconcile(n.t.Context(), n.account.ID))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n.sim.Requests()["moves"].Count == before {
			return
		}
	}
	require.Fail(n.t, "no rest: repairs go on for ever")
}

// rest waits until no move waits and Chatwoot's jobs are done.
func (n *nemesis) rest() {
	for range 60 {
		time.Sleep(5 * time.Second)
		synctest.Wait()
		moves, err := n.store.MovesWaiting(n.t.Context(), n.account.ID)
		require.NoError(n.t, err)
		if moves == 0 {
			break
		}
	}
	require.NoError(n.t, n.sim.WaitIdle(n.t.Context()))
}
