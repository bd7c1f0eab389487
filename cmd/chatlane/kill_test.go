package main_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/store"
)

// TestNothingAcknowledgedIsLost kills the server again and again while webhooks and moves come in. Whatever was answered with 2xx has
// its effect in the end: each webhook tells of a conversation that nothing else tells of, each move ends in Chatwoot.
// CHATLANE_KILLS says how often (10), CHATLANE_SEED repeats a run's dice.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	seed := number("CHATLANE_SEED", rand.Int64())
	t.Logf("CHATLANE_SEED=%d", seed)
	k := newKilling(t, seed)
	for range number("CHATLANE_KILLS", 10) {
		k.load(time.Duration(40+k.rng.IntN(400)) * time.Millisecond)
	}
	k.webhooksApplied()
	k.movesCarriedOut()
	k.foreignLabelsKept()
	require.Zero(t, k.stop(), k.out)
	k.undamaged()
}

func number(name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(os.Getenv(name), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// killing is a server under load that is killed, and what it promised.
type killing struct {
	*child
	sim   *chatwoottest.Server
	rng   *rand.Rand
	hook  hook
	posts int64

	mu       sync.Mutex
	foreign  map[int64][]string // conversation → its labels that are no stages
	promised []int64            // conversations of acknowledged webhooks
	allowed  map[int64][]string // conversation → labels that its accepted and unanswered moves allow
}

func newKilling(t *testing.T, seed int64) *killing {
	t.Helper()
	sim := chatwoottest.Start(t, chatwoottest.Options{Seed: seed, Conversations: 30})
	k := &killing{sim: sim, rng: rand.New(rand.NewPCG(uint64(seed), 1)), allowed: map[int64][]string{}, foreign: map[int64][]string{}}
	k.child = newChild(t, "CHATWOOT_URL="+sim.URL(), "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_TOKEN="+sim.AdminToken(), "CHATLANE_PASSWORD=open sesame",
		"CHATLANE_STAGES=novo,qualificado,proposta,ganho=won,perdido=lost", "CHATLANE_LOG=warn")
	k.env = append(k.env, "CHATLANE_URL="+k.address(""))
	k.run()
	require.Eventually(t, func() bool { return k.registered() && k.has("/boards/1") }, 30*time.Second, 10*time.Millisecond, "connected")
	// Who counts conversations would read all of them again, and forget those that only webhooks tell of.
	sim.Fault(chatwoottest.Fault{Match: "GET */conversations/meta", Kind: chatwoottest.FaultRefuse401})
	for _, c := range sim.Conversations() {
		k.foreign[c.ID], _ = divided(c.Labels)
	}
	return k
}

// divided tells foreign labels from stages.
func divided(labels []string) (foreign, stages []string) {
	for _, l := range labels {
		if slices.Contains([]string{"novo", "qualificado", "proposta", "ganho", "perdido"}, l) {
			stages = append(stages, l)
		} else {
			foreign = append(foreign, l)
		}
	}
	return foreign, stages
}

func (k *killing) run() {
	k.t.Helper()
	k.start("serve")
	k.ready()
	k.signIn("open sesame")
}

// registered finds our webhook in Chatwoot: its address and secret are what an attacker does not have.
func (k *killing) registered() bool {
	hooks := webhooksOf(k.t, k.sim)
	if len(hooks) == 1 {
		k.hook = hooks[0]
	}
	return len(hooks) == 1
}

// load sends webhooks and moves for a while, kills the server in the middle of it, and starts it again.
func (k *killing) load(d time.Duration) {
	ctx, cancel := context.WithTimeout(k.t.Context(), d)
	defer cancel()
	var g sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		g.Go(func() { k.repeat(stop, k.webhook) })
	}
	for worker := range int64(2) {
		dice := rand.New(rand.NewPCG(k.rng.Uint64(), 2))
		g.Go(func() { k.repeat(stop, func() { k.move(1+worker+2*dice.Int64N(15), dice.IntN(6)) }) })
	}
	<-ctx.Done()
	k.kill()
	close(stop)
	g.Wait()
	if k.rng.IntN(4) == 0 { // and again while it starts
		k.start("serve")
		<-time.After(time.Duration(k.rng.IntN(200)) * time.Millisecond)
		k.kill()
	}
	k.run()
}

func (k *killing) repeat(stop <-chan struct{}, do func()) {
	for {
		select {
		case <-stop:
			return
		default:
			do()
		}
	}
}

// webhook tells of a conversation that Chatwoot's lists do not have, so that nothing but this webhook can bring it.
func (k *killing) webhook() {
	k.mu.Lock()
	k.posts++
	id := 100_000 + k.posts
	k.mu.Unlock()
	if k.hook.deliver(k.t.Context(), snapshotOf(id))/100 == 2 {
		k.mu.Lock()
		k.promised = append(k.promised, id)
		k.mu.Unlock()
	}
}

// move moves a card. Only one worker moves a conversation, so the last accepted move says where it must end, unless an unanswered one
// came after it.
func (k *killing) move(id int64, stage int) {
	label := []string{"", "novo", "qualificado", "proposta", "ganho", "perdido"}[stage]
	accepted, unknown := k.put(k.t.Context(), fmt.Sprintf("/boards/1/cards/%d/stage", id), url.Values{"stage": {strconv.Itoa(stage)}})
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case accepted:
		k.allowed[id] = []string{label}
	case unknown && len(k.allowed[id]) > 0:
		k.allowed[id] = append(k.allowed[id], label)
	case unknown:
		delete(k.allowed, id)
	}
}

func (k *killing) has(path string) bool {
	res, err := k.people.Get(k.address(path))
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return err == nil && res.StatusCode == http.StatusOK && len(body) > 0
}

func (k *killing) webhooksApplied() {
	k.t.Helper()
	k.t.Logf("%d webhooks were acknowledged", len(k.promised))
	require.NotEmpty(k.t, k.promised)
	for _, id := range k.promised {
		require.Eventually(k.t, func() bool { return k.has(fmt.Sprintf("/boards/1/cards/%d", id)) }, 12*time.Second, 5*time.Millisecond, "webhook of conversation %d is lost", id)
	}
}

func (k *killing) movesCarriedOut() {
	k.t.Helper()
	k.t.Logf("moves of %d conversations were accepted", len(k.allowed))
	require.NotEmpty(k.t, k.allowed)
	for id, labels := range k.allowed {
		require.Eventually(k.t, func() bool { return k.endsIn(id, labels) }, 60*time.Second, 10*time.Millisecond,
			"conversation %d has %v, its moves allow %v", id, k.sim.Labels(id), labels)
	}
}

func (k *killing) foreignLabelsKept() {
	k.t.Helper()
	for id, before := range k.foreign {
		now, _ := divided(k.sim.Labels(id))
		require.ElementsMatch(k.t, before, now, "foreign labels of conversation %d", id)
	}
}

// endsIn reports whether a conversation has exactly one of the allowed stages; "" is none.
func (k *killing) endsIn(id int64, allowed []string) bool {
	_, stages := divided(k.sim.Labels(id))
	for _, a := range allowed {
		if strings.Join(stages, " ") == a {
			return true
		}
	}
	return false
}

// undamaged reads the whole database.
func (k *killing) undamaged() {
	k.t.Helper()
	key, err := store.KeyFile(k.setting("CHATLANE_DATA"))
	require.NoError(k.t, err)
	s, err := store.Open(k.t.Context(), store.Options{Path: k.data("chatlane.db"), Key: key})
	require.NoError(k.t, err)
	defer func() { _ = s.Close() }()
	require.NoError(k.t, s.Check(k.t.Context()))
}
