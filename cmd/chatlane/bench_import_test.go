package main_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/storetest"
)

// importing is an engine at a simulated Chatwoot, ready to import.
type importing struct {
	sim    *chatwoottest.Server
	engine *kanban.Engine
	store  kanban.Store
	board  kanban.Board
	end    func()
}

func newImporting(t *testing.T, o chatwoottest.Options, perMinute int) *importing {
	t.Helper()
	sim := chatwoottest.New(o)
	require.NoError(t, sim.Listen("127.0.0.1:0"))
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sim.Run(ctx) }()
	s := storetest.Open(t)
	x := &importing{sim: sim, store: s, end: func() { cancel(); require.NoError(t, <-served) }}
	x.engine = kanban.NewEngine(kanban.EngineConfig{Store: s, Hub: kanban.NewHub(1 << 12), Server: func(address string, private bool) (*chatwoot.Server, error) {
		return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: private, RequestsPerMinute: perMinute})
	}})
	a, err := x.engine.Connect(ctx, kanban.Address{URL: sim.URL(), Token: sim.AdminToken(), AllowPrivateNetwork: true}, sim.AccountID())
	require.NoError(t, err)
	stages, err := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	require.NoError(t, err)
	x.board, err = x.engine.MakeBoard(ctx, a.ID, "Vendas", "BRL", stages)
	require.NoError(t, err)
	return x
}

// run imports; while tells what to do meanwhile. It returns how long the import took.
func (x *importing) run(t *testing.T, while func()) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.engine.Run(ctx) }()
	if while != nil {
		while()
	}
	var st kanban.ImportState
	for !st.Finished() {
		time.Sleep(5 * time.Millisecond)
		a, err := x.store.Account(ctx, x.board.Account)
		require.NoError(t, err)
		st = a.Import
	}
	cancel()
	require.NoError(t, <-done)
	return st.FinishedAt.Sub(st.StartedAt)
}

// TestBenchP10 is QUALITY P10: an import at Chatwoot's rate limit of 3 000 requests a minute, beside what the budget of a background
// reader allows. CHATLANE_BENCH_CONVERSATIONS says how many conversations; 100 000 take two minutes a round.
func TestBenchP10(t *testing.T) {
	measuring(t)
	conversations, perMinute, page := int(number("CHATLANE_BENCH_CONVERSATIONS", 20_000)), 3000, 25
	// Nine tenths of the limit are used, of that a tenth is kept for moves and a tenth for people (chatwoot.Server).
	floor := (time.Duration(conversations/page) * time.Minute / time.Duration(perMinute*9/10*8/10)).Seconds()
	var took, ratio, parallel []float64
	for range benchRounds() {
		x := newImporting(t, chatwoottest.Options{Conversations: conversations, Seed: 1, RateLimit: perMinute}, perMinute)
		took = append(took, x.run(t, nil).Seconds())
		ratio = append(ratio, took[len(took)-1]/floor)
		parallel = append(parallel, float64(x.sim.Requests()["lists"].MaxInFlight))
		n, err := x.store.CountConversations(t.Context(), x.board.Account)
		require.NoError(t, err)
		require.Equal(t, conversations, n, "fast and complete")
		c, err := x.engine.Connection(t.Context(), x.board.Account)
		require.NoError(t, err)
		require.Zero(t, c.Throttled, "a 429 came")
		x.end()
	}
	what := fmt.Sprintf("import of %d, of the rate limit's floor", conversations)
	figure{"P10", what, ratio, times, "the floor is " + inSeconds(floor), "≤ 1.05×, no 429", atMost(1.05)}.print()
	figure{"P10", "the same, time", took, inSeconds, "", "", nil}.print()
	figure{"P10", "requests in flight at most", parallel, wholeNumber, "", "≤ 2", atMost(2)}.print()
}

// TestBenchP10SmallServer is QUALITY P10 against the measured cost of a small server, ten times as fast: beside one bare reader of the
// same pages, and a move during the import beside one without.
func TestBenchP10SmallServer(t *testing.T) {
	measuring(t)
	const conversations = 1500
	var took, alone, during, calm, parallel []float64
	for range benchRounds() {
		x := newImporting(t, chatwoottest.Options{Conversations: conversations, Seed: 1, Latency: chatwoottest.SmallServer(0.1)}, 600_000)
		alone = append(alone, x.bare(t).Seconds())
		var moves []time.Duration
		took = append(took, x.run(t, func() { moves = x.moves(t, 8) }).Seconds())
		during, calm = append(during, middle(moves).Seconds()), append(calm, x.calm(t).Seconds())
		parallel = append(parallel, float64(x.sim.Requests()["lists"].MaxInFlight))
		x.end()
	}
	figure{"P10", "import from a small server, of a bare reader", ratios(took, alone), times, "bare reader " + inSeconds(median(alone)), "≤ 1.05×", atMost(1.05)}.print()
	figure{"P10", "a move meanwhile, of one without", ratios(during, calm), times, "without " + ms(median(calm)), "≤ 1.5×", atMost(1.5)}.print()
	figure{"P10", "requests in flight at most", parallel, wholeNumber, "", "≤ 2", atMost(2)}.print()
}

// bare reads all pages as the simplest client would.
func (x *importing) bare(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	for page := 1; ; page++ {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			fmt.Sprintf("%s/api/v1/accounts/1/conversations?status=all&sort_by=created_at_asc&page=%d", x.sim.URL(), page), nil)
		require.NoError(t, err)
		r.Header.Set("Api-Access-Token", x.sim.AdminToken())
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		size := res.ContentLength
		if size < 0 {
			buf := make([]byte, 512)
			for {
				n, err := res.Body.Read(buf)
				size += int64(n)
				if err != nil {
					break
				}
			}
		}
		require.NoError(t, res.Body.Close())
		if size < 400 {
			return time.Since(begun)
		}
	}
}

// moves cards one after the other and says how long each took until Chatwoot had it.
func (x *importing) moves(t *testing.T, n int) (took []time.Duration) {
	t.Helper()
	viewer := kanban.Viewer{Account: x.board.Account, Role: kanban.RoleAdministrator}
	for i := range n {
		for {
			if c, err := x.store.Conversation(t.Context(), x.board.Account, kanban.ConversationID(i+1)); err == nil && c.Status != kanban.StatusResolved {
				break
			} else if err == nil {
				i += 100
			}
			time.Sleep(time.Millisecond)
		}
		id := kanban.ConversationID(i + 1)
		begun := time.Now()
		mv, _, err := x.engine.Accept(t.Context(), viewer, kanban.Move{Board: x.board.ID, Conversation: id, To: x.board.Stages[i%4].ID})
		if err != nil || mv.State == kanban.MoveDone {
			continue
		}
		for {
			waiting, err := x.store.MovesWaiting(t.Context(), x.board.Account)
			require.NoError(t, err)
			if waiting == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		took = append(took, time.Since(begun))
	}
	return took
}

// calm is how long a move takes when nothing is imported.
func (x *importing) calm(t *testing.T) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.engine.Run(ctx) }()
	x.moves(t, 2) // past the first round
	took := middle(x.moves(t, 12))
	cancel()
	require.NoError(t, <-done)
	return took
}

func middle(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)/2]
}
