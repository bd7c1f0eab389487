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

func newImporting(b *testing.B, o chatwoottest.Options, perMinute int) *importing {
	b.Helper()
	sim := chatwoottest.New(o)
	require.NoError(b, sim.Listen("127.0.0.1:0"))
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sim.Run(ctx) }()
	s := storetest.Open(b)
	x := &importing{sim: sim, store: s, end: func() { cancel(); require.NoError(b, <-served) }}
	x.engine = kanban.NewEngine(kanban.EngineConfig{Store: s, Hub: kanban.NewHub(1 << 12), Server: func(address string, private bool) (*chatwoot.Server, error) {
		return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: private, RequestsPerMinute: perMinute})
	}})
	a, err := x.engine.Connect(ctx, kanban.Address{URL: sim.URL(), Token: sim.AdminToken(), AllowPrivateNetwork: true}, sim.AccountID())
	require.NoError(b, err)
	stages, err := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	require.NoError(b, err)
	x.board, err = x.engine.MakeBoard(ctx, a.ID, "Vendas", "BRL", stages)
	require.NoError(b, err)
	return x
}

// run imports; while tells what to do meanwhile. It returns how long the import took.
func (x *importing) run(b *testing.B, while func()) time.Duration {
	b.Helper()
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
		require.NoError(b, err)
		st = a.Import
	}
	cancel()
	require.NoError(b, <-done)
	return st.FinishedAt.Sub(st.StartedAt)
}

// BenchmarkImport is QUALITY P10 against Chatwoot's rate limit of 3 000 requests a minute: ≤ 1.05 × what the budget of a background
// reader allows, no 429. CHATLANE_BENCH_CONVERSATIONS says how many conversations; 100 000 take two minutes.
func BenchmarkImport(b *testing.B) {
	conversations, limit, page := int(number("CHATLANE_BENCH_CONVERSATIONS", 20_000)), 3000, 25
	for range b.N {
		x := newImporting(b, chatwoottest.Options{Conversations: conversations, Seed: 1, RateLimit: limit}, limit)
		took := x.run(b, nil)
		// Nine tenths of the limit are used, of that a tenth is kept for moves and a tenth for people (chatwoot.Server).
		floor := time.Duration(conversations/page) * time.Minute / time.Duration(limit*9/10*8/10)
		n, err := x.store.CountConversations(context.Background(), x.board.Account)
		require.NoError(b, err)
		require.Equal(b, conversations, n)
		c, err := x.engine.Connection(context.Background(), x.board.Account)
		require.NoError(b, err)
		require.Zero(b, c.Throttled, "a 429 came")
		b.ReportMetric(took.Seconds(), "import-s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "x-floor(≤1.05)")
		b.ReportMetric(float64(x.sim.Requests()["lists"].MaxInFlight), "in-flight(≤2)")
		x.end()
	}
}

// BenchmarkImportFromASmallServer is QUALITY P10 against the measured cost of a small server, ten times as fast: ≤ 1.05 × one bare
// reader of the same pages, and a move during the import ≤ 1.5 × one without.
func BenchmarkImportFromASmallServer(b *testing.B) {
	const conversations = 1500
	for range b.N {
		x := newImporting(b, chatwoottest.Options{Conversations: conversations, Seed: 1, Latency: chatwoottest.SmallServer(0.1)}, 600_000)
		alone := x.bare(b)
		var during []time.Duration
		took := x.run(b, func() { during = x.moves(b, 8) })
		calm := x.calm(b)
		b.ReportMetric(took.Seconds(), "import-s")
		b.ReportMetric(took.Seconds()/alone.Seconds(), "x-bare(≤1.05)")
		b.ReportMetric(middle(during).Seconds()*1000, "move-during-ms")
		b.ReportMetric(middle(during).Seconds()/calm.Seconds(), "x-calm(≤1.5)")
		b.ReportMetric(float64(x.sim.Requests()["lists"].MaxInFlight), "in-flight(≤2)")
		x.end()
	}
}

// bare reads all pages as the simplest client would.
func (x *importing) bare(b *testing.B) time.Duration {
	b.Helper()
	begun := time.Now()
	for page := 1; ; page++ {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet,
			fmt.Sprintf("%s/api/v1/accounts/1/conversations?status=all&sort_by=created_at_asc&page=%d", x.sim.URL(), page), nil)
		require.NoError(b, err)
		r.Header.Set("Api-Access-Token", x.sim.AdminToken())
		res, err := http.DefaultClient.Do(r)
		require.NoError(b, err)
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
		require.NoError(b, res.Body.Close())
		if size < 400 {
			return time.Since(begun)
		}
	}
}

// moves cards one after the other and says how long each took until Chatwoot had it.
func (x *importing) moves(b *testing.B, n int) (took []time.Duration) {
	b.Helper()
	viewer := kanban.Viewer{Account: x.board.Account, Role: kanban.RoleAdministrator}
	for i := range n {
		for {
			if c, err := x.store.Conversation(b.Context(), x.board.Account, kanban.ConversationID(i+1)); err == nil && c.Status != kanban.StatusResolved {
				break
			} else if err == nil {
				i += 100
			}
			time.Sleep(time.Millisecond)
		}
		id := kanban.ConversationID(i + 1)
		begun := time.Now()
		mv, _, err := x.engine.Accept(b.Context(), viewer, kanban.Move{Board: x.board.ID, Conversation: id, To: x.board.Stages[i%4].ID})
		if err != nil || mv.State == kanban.MoveDone {
			continue
		}
		for {
			waiting, err := x.store.MovesWaiting(b.Context(), x.board.Account)
			require.NoError(b, err)
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
func (x *importing) calm(b *testing.B) time.Duration {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.engine.Run(ctx) }()
	x.moves(b, 2) // past the first round
	took := middle(x.moves(b, 12))
	cancel()
	require.NoError(b, <-done)
	return took
}

func middle(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)/2]
}
