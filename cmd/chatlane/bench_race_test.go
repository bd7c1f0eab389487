package main_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// R5 is measured on ten cards that somebody else gives a label each 50 ms while they are moved from stage to stage.
const (
	raceCards = 10
	raceEdits = 300
	raceEvery = 50 * time.Millisecond
	raceMoves = 100
)

// harm is what moves did to labels that are no stages, by Chatwoot's own history.
type harm struct {
	undone, lost, late int           // of undone: not there in the end, and not back within five seconds
	slowest            time.Duration // until a label was back
}

// TestBenchR5 is QUALITY R5: our moves beside those of a client that reads, writes and hopes, at three distances from Chatwoot.
func TestBenchR5(t *testing.T) {
	measuring(t)
	for _, distance := range []time.Duration{20 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond} {
		var ours, naive []harm
		for range benchRounds() {
			var both sync.WaitGroup
			both.Go(func() { ours = append(ours, newRacing(t, distance).run(t, (*racing).move)) })
			both.Go(func() { naive = append(naive, newRacing(t, distance).run(t, (*racing).moveNaively)) })
			both.Wait()
		}
		values := func(of []harm, v func(harm) float64) (all []float64) {
			for _, h := range of {
				all = append(all, v(h))
			}
			return all
		}
		lost := func(h harm) float64 { return float64(h.lost) }
		limit := 0.1 * median(values(naive, lost))
		where := fmt.Sprintf("at %v", distance)
		figure{
			"R5", "labels lost for good, " + where, values(ours, lost), wholeNumber,
			fmt.Sprintf("naive client %.0f", median(values(naive, lost))), fmt.Sprintf("≤ %.1f", limit), atMost(limit),
		}.print()
		figure{
			"R5", "undone, not back in 5 s, " + where, values(ours, func(h harm) float64 { return float64(h.late) }), wholeNumber,
			fmt.Sprintf("of %.0f undone", median(values(ours, func(h harm) float64 { return float64(h.undone) }))), "0", atMost(0),
		}.print()
		figure{
			"R5", "slowest repair, " + where, values(ours, func(h harm) float64 { return h.slowest.Seconds() }), inSeconds, "", "≤ 5 s", atMost(5),
		}.print()
	}
}

// racing is an engine and a Chatwoot whose cards others edit.
type racing struct {
	sim    *chatwoottest.Server
	store  *store.Store
	engine *kanban.Engine
	board  kanban.Board
	cards  []int64
}

func newRacing(t *testing.T, distance time.Duration) *racing {
	t.Helper()
	x := &racing{store: storetest.Open(t), sim: chatwoottest.Start(t, chatwoottest.Options{
		Latency: chatwoottest.Fixed(distance), WebhookDelay: 200 * time.Millisecond, SaveTime: 20 * time.Millisecond,
	})}
	for range raceCards {
		x.cards = append(x.cards, x.sim.CreateConversation(0, chatwoottest.NewConversation{Labels: []string{"novo"}}))
	}
	x.engine = kanban.NewEngine(kanban.EngineConfig{Store: x.store, Hub: kanban.NewHub(1 << 12), Server: func(address string, private bool) (*chatwoot.Server, error) {
		return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: private, RequestsPerMinute: 600_000})
	}})
	hooks := httptest.NewServer(http.HandlerFunc(x.hear))
	t.Cleanup(hooks.Close)
	a, err := x.engine.Connect(t.Context(), kanban.Address{URL: x.sim.URL(), Token: x.sim.AdminToken(), AllowPrivateNetwork: true}, x.sim.AccountID())
	require.NoError(t, err)
	stages, err := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	require.NoError(t, err)
	x.board, err = x.engine.MakeBoard(t.Context(), a.ID, "Vendas", "BRL", stages)
	require.NoError(t, err)
	_, err = x.engine.RegisterWebhook(t.Context(), a.ID, hooks.URL)
	require.NoError(t, err)
	return x
}

// hear takes a webhook as the server does.
func (x *racing) hear(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		key := sha256.Sum256([]byte(r.Header.Get(chatwoot.HeaderSignature)))
		_, err = x.store.SaveDelivery(context.WithoutCancel(r.Context()), x.board.Account, key[:], body, time.Now())
	}
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	x.engine.Deliver(x.board.Account)
}

// run lets one side move and the other edit, waits until nothing is repaired any more, and reads the history.
func (x *racing) run(t *testing.T, move func(*racing, *testing.T, int64, kanban.Stage)) harm {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- x.engine.Run(ctx) }()
	require.Eventually(t, func() bool {
		n, err := x.store.CountConversations(ctx, x.board.Account)
		return err == nil && n == raceCards
	}, time.Minute, 10*time.Millisecond)
	var all sync.WaitGroup
	all.Go(func() {
		for i := range raceEdits {
			x.sim.AddLabel(0, x.cards[i*7%raceCards], fmt.Sprintf("regra%d", i))
			time.Sleep(raceEvery)
		}
	})
	for mover := range 4 {
		all.Go(func() {
			for i := range raceMoves / 4 {
				move(x, t, x.cards[(mover+4*i)%raceCards], x.board.Stages[(mover+i)%len(x.board.Stages)])
				time.Sleep(raceEdits * raceEvery / (raceMoves / 4))
			}
		})
	}
	all.Wait()
	time.Sleep(6 * time.Second)
	cancel()
	require.NoError(t, <-done)
	return x.harm()
}

func (x *racing) move(t *testing.T, id int64, to kanban.Stage) {
	by := kanban.Viewer{Account: x.board.Account, Role: kanban.RoleAdministrator}
	_, _, err := x.engine.Accept(t.Context(), by, kanban.Move{Board: x.board.ID, Conversation: kanban.ConversationID(id), To: to.ID})
	require.NoError(t, err)
}

// moveNaively reads the labels and writes them with the stage exchanged.
func (x *racing) moveNaively(t *testing.T, id int64, to kanban.Stage) {
	s, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: x.sim.URL(), AllowPrivateNetwork: true, RequestsPerMinute: 600_000})
	require.NoError(t, err)
	c := s.Client(x.sim.AdminToken(), x.sim.AccountID())
	labels, err := c.ConversationLabels(t.Context(), id)
	require.NoError(t, err)
	_, err = c.SetConversationLabels(t.Context(), id, x.board.LabelsAfter(labels, to.ID))
	require.NoError(t, err)
}

// harm reads in the history of all cards which labels a move took off, and when they were back.
func (x *racing) harm() (h harm) {
	for _, id := range x.cards {
		gone := map[string]time.Time{}
		for _, w := range x.sim.LabelHistory(id) {
			for title, at := range gone {
				if slices.Contains(w.After, title) {
					took := w.At.Sub(at)
					h.slowest = max(h.slowest, took)
					if took > 5*time.Second {
						h.late++
					}
					delete(gone, title)
				}
			}
			for _, title := range w.Before {
				if w.ByID != 0 && !slices.Contains(w.After, title) && len(x.board.StagesIn([]string{title})) == 0 {
					gone[title] = w.At
					h.undone++
				}
			}
		}
		h.lost += len(gone)
		h.late += len(gone)
	}
	return h
}
