package kanban_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// TestNothingIsLostAmongWriters has four people move cards while an automation rule and somebody with an old view edit the labels of the
// same conversations, twenty times a second each, and one answer in twenty gets lost after the change was made. A client that reads and
// writes without looking back loses labels and moves in the same hour.
func TestNothingIsLostAmongWriters(t *testing.T) {
	t.Parallel()
	seed := uint64(number(t, "CHATLANE_SEED", time.Now().UnixNano()))
	t.Logf("seed %d", seed)
	var ours, naive losses
	synctest.Test(t, func(t *testing.T) { ours = newOffice(t, seed).work((*office).engineMoves) })
	synctest.Test(t, func(t *testing.T) { naive = newOffice(t, seed).naively() })
	t.Logf("ours  %v", ours)
	t.Logf("naive %v", naive)
	require.Zero(t, ours.labels, "labels lost")
	require.Zero(t, ours.resurrected, "labels that somebody had taken off and that are back")
	require.Zero(t, ours.moves, "moves lost")
	require.Zero(t, ours.twoStages, "cards in two stages")
	if number(t, "CHATLANE_EVENTS", 0) >= 100_000 { // long enough for people to be in each other's way
		require.Positive(t, naive.labels+naive.moves, "the naive client loses nothing: this test tests nothing")
		require.Positive(t, ours.undone, "nobody was in anybody's way: this test tests nothing")
	}
}

// losses are what is wrong at rest; undone is what our writes undid on the way.
type losses struct{ labels, resurrected, moves, twoStages, undone int }

// office is where people edit the same conversations at once.
type office struct {
	*bubble
	mu  sync.Mutex
	rng *rand.Rand
	ids []int64
	// last is where each conversation was moved to last.
	last map[int64]string
	// added and removed are the labels that somebody meant to add or to remove.
	added, removed map[int64]map[string]bool
	marks          atomic.Int64
	moves, edits   int // of each person
	naive          bool
}

// cardsInOffice is how many conversations they share: the fewer, the more they are in each other's way (CHATLANE_CARDS).
const cardsInOffice = 50

func newOffice(t *testing.T, seed uint64) *office {
	edits := min(max(200, int(number(t, "CHATLANE_EVENTS", 0)/100)), 3000)
	o := &office{edits: edits, moves: edits / 2, rng: rand.New(rand.NewPCG(seed, 4)), last: map[int64]string{}, added: map[int64]map[string]bool{}, removed: map[int64]map[string]bool{}}
	o.bubble = newBubble(t, chatwoottest.Options{WebhookDelay: 5 * time.Millisecond, SaveTime: 5 * time.Millisecond}, o.travel)
	for range number(t, "CHATLANE_CARDS", cardsInOffice) {
		id := o.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: o.sim.Inboxes()[0].ID, Labels: []string{"novo", "vip"}})
		o.ids = append(o.ids, id)
		o.added[id], o.removed[id] = map[string]bool{}, map[string]bool{}
	}
	o.start()
	time.Sleep(time.Minute)
	return o
}

func (o *office) naively() losses {
	o.naive = true
	return o.work((*office).naiveMoves)
}

// work lets everybody work at once and says what is wrong when all have gone home.
func (o *office) work(mover func(*office)) losses {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { mover(o) })
	}
	all.Go(o.automation)
	all.Go(o.editor)
	all.Wait()
	time.Sleep(2 * time.Minute)
	synctest.Wait()
	return o.count()
}

// travel is the network: 2 to 20 ms a request, and one written label list in twenty whose answer gets lost.
func (o *office) travel(r *http.Request, answered bool) error {
	time.Sleep(time.Duration(1+o.pick(10)) * time.Millisecond)
	labels := r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/conversations/")
	if answered && labels && r.Header.Get("X-Editor") == "" && o.pick(20) == 0 {
		return syscall.ECONNRESET
	}
	return nil
}

func (o *office) pick(n int) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.rng.IntN(n)
}

// note keeps a decision of somebody's.
func (o *office) note(in map[int64]map[string]bool, id int64, title string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	in[id][title] = true
}

// engineMoves is a person at our board.
func (o *office) engineMoves() {
	for range o.moves {
		time.Sleep(time.Duration(20+o.pick(80)) * time.Millisecond)
		id, stage := o.ids[o.pick(len(o.ids))], o.board.Stages[o.pick(len(o.board.Stages))]
		o.mu.Lock() // two people at one card: the later one counts
		_, _, err := o.engine.Accept(o.t.Context(), o.viewer, kanban.Move{Board: o.board.ID, Conversation: kanban.ConversationID(id), To: stage.ID})
		o.last[id] = stage.Title
		o.mu.Unlock()
		require.NoError(o.t, err)
	}
}

// naiveMoves is a person at a board that reads, writes and hopes; after an error it does so again.
func (o *office) naiveMoves() {
	c := o.client(o.sim.AdminToken(), "")
	for range o.moves {
		time.Sleep(time.Duration(20+o.pick(80)) * time.Millisecond)
		id, stage := o.ids[o.pick(len(o.ids))], o.board.Stages[o.pick(len(o.board.Stages))]
		for {
			labels, err := c.ConversationLabels(o.t.Context(), id)
			if err == nil {
				_, err = c.SetConversationLabels(o.t.Context(), id, o.board.LabelsAfter(labels, stage.ID))
			}
			if err == nil {
				break
			}
		}
		o.mu.Lock()
		o.last[id] = stage.Title
		o.mu.Unlock()
	}
}

// automation adds labels and takes off what it added before, each at once.
func (o *office) automation() {
	var own []string
	var at []int64
	for i := range o.edits {
		time.Sleep(50 * time.Millisecond)
		if i%3 == 2 {
			k := o.pick(len(own))
			if slices.Contains(o.sim.Labels(at[k]), own[k]) {
				o.note(o.removed, at[k], own[k])
				o.sim.RemoveLabel(0, at[k], own[k])
			}
			continue
		}
		id, title := o.ids[o.pick(len(o.ids))], o.mark("regra")
		own, at = append(own, title), append(at, id)
		o.note(o.added, id, title)
		o.sim.AddLabel(0, id, title)
	}
}

// editor is a program that reads the labels, adds one, and writes them all.
func (o *office) editor() {
	c := o.client(o.sim.Admins()[1].Token, "yes")
	for range o.edits {
		time.Sleep(time.Duration(o.pick(60)) * time.Millisecond)
		id, title := o.ids[o.pick(len(o.ids))], o.mark("edita")
		labels, err := c.ConversationLabels(o.t.Context(), id)
		require.NoError(o.t, err)
		o.note(o.added, id, title)
		_, err = c.SetConversationLabels(o.t.Context(), id, append(labels, title))
		require.NoError(o.t, err)
	}
}

func (o *office) mark(word string) string {
	const digits = "0123456789"
	n := o.marks.Add(1)
	text := ""
	for ; n > 0; n /= 10 {
		text = string(digits[n%10]) + text
	}
	return word + text
}

// client speaks to Chatwoot beside the engine.
func (o *office) client(token, editor string) *chatwoot.Client {
	s, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: o.address, RequestsPerMinute: 6_000_000, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("X-Editor", editor)
		return o.wire.RoundTrip(r)
	})})
	require.NoError(o.t, err)
	return s.Client(token, o.sim.AccountID()).Once()
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// count holds each conversation against its history: what somebody meant last must be so, unless a program with an old view undid it.
func (o *office) count() losses {
	var l losses
	ours := o.sim.Admins()[0].Name
	for _, id := range o.ids {
		now := o.sim.Labels(id)
		meant := map[string]string{} // label → what became of it last by anybody but us
		for _, w := range o.sim.LabelHistory(id) {
			if w.By == ours {
				l.undone += len(o.foreign(minus(w.Before, w.After)))
				continue
			}
			for _, title := range minus(w.After, w.Before) {
				if meant[title] != "added" { // or an old view brings back what we had wiped: it is still theirs who added it
					meant[title] = verdict(o.added[id][title] && !was(meant, title), "added", "brought back by an old view")
				}
			}
			// An old view wipes a label even if somebody else had wiped it while it was on its way.
			for _, title := range append(minus(w.Before, w.After), minus(w.Loaded, w.After)...) {
				meant[title] = verdict(o.removed[id][title] && w.Cause == "automation", "removed", "wiped by an old view")
			}
		}
		for title, how := range meant {
			if len(o.foreign([]string{title})) == 0 {
				continue
			}
			switch on := slices.Contains(now, title); {
			case how == "added" && !on:
				l.labels++
				o.tell(id, "lost "+title, title)
			case how == "removed" && on:
				l.resurrected++
				o.tell(id, "has again "+title, title)
			}
		}
		in := o.board.StagesIn(now)
		if len(in) > 1 {
			l.twoStages++
		}
		if want := o.last[id]; want != "" && (len(in) != 1 || in[0].Title != want) {
			l.moves++
			o.tell(id, fmt.Sprintf("is in %v instead of %s", now, want), want)
		}
	}
	return l
}

// tell explains a loss of ours by what was written in Chatwoot and by what the engine said; those of the naive client are what it is for.
func (o *office) tell(id int64, what, title string) {
	if !o.naive {
		o.t.Logf("conversation %d %s: %v\nthe engine: %v", id, what, o.traces(id, title), o.diary.about(id))
	}
}

func verdict(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}

// was reports whether a label had been there before: whoever brings it back then has an old view.
func was(meant map[string]string, title string) bool { return meant[title] != "" }

func (o *office) foreign(titles []string) []string {
	return slices.DeleteFunc(titles, func(title string) bool { return len(o.board.StagesIn([]string{title})) > 0 })
}

func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(title string) bool { return slices.Contains(b, title) })
}

// traces are the writes of a conversation that added or removed a label, and their neighbours.
func (o *office) traces(id int64, title string) (lines []string) {
	all := o.sim.LabelHistory(id)
	for i, w := range all {
		near := all[max(0, i-1):min(len(all), i+2)]
		if slices.ContainsFunc(near, func(w chatwoottest.LabelWrite) bool {
			return slices.Contains(w.Before, title) != slices.Contains(w.After, title)
		}) {
			lines = append(lines, fmt.Sprintf("\n  %s %s %s +%v −%v (took itself for +%v −%v)", w.At.Format("04:05.000000"), w.By, w.Cause,
				minus(w.After, w.Before), minus(w.Before, w.After), minus(w.After, w.Loaded), minus(w.Loaded, w.After)))
		}
	}
	return lines
}
