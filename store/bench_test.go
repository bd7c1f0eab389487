package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// benched is a store with an account and a board of six stages.
func benched(b *testing.B) (*store.Store, kanban.Board) {
	b.Helper()
	ctx := b.Context()
	s := storetest.Open(b)
	a, err := s.SaveAccount(ctx, kanban.Account{BaseURL: "https://chatwoot.example", ChatwootID: 1, Deal: dealKeys})
	require.NoError(b, err)
	var catalog kanban.Catalog
	board := kanban.Board{Account: a.ID, Winner: kanban.FurthestStage}
	for i := range kanban.LabelID(6) {
		catalog.Labels = append(catalog.Labels, kanban.Label{ID: i + 1, Title: fmt.Sprintf("etapa-%d", i)})
		board.Stages = append(board.Stages, kanban.Stage{Label: i + 1, Kind: kanban.StageOpen})
	}
	_, err = s.SaveCatalog(ctx, a.ID, catalog)
	require.NoError(b, err)
	board, err = s.CreateBoard(ctx, board)
	require.NoError(b, err)
	return s, board
}

// typical is a conversation as it is in life: a contact, a last line, a few labels and attributes.
func typical(id int, version int64) kanban.Snapshot {
	return kanban.Snapshot{Source: kanban.FromImport, Read: true, At: start, Conversation: kanban.Conversation{
		ID: kanban.ConversationID(id), UUID: fmt.Sprintf("5f0c9a3e-0000-4000-8000-%012d", id), Version: version, InboxID: kanban.InboxID(id/6%3 + 1), Channel: "Channel::Whatsapp",
		Status: kanban.StatusOpen, AssigneeID: kanban.AgentID(id % 7), AssigneeName: "Gil Souza", TeamID: kanban.TeamID(id % 3),
		Contact: kanban.Contact{ID: kanban.ContactID(id), Name: "Bruno Reis de Almeida", Email: "bruno@padaria.example", Phone: "+5511999990000", Company: "Padaria Aurora"},
		Labels:  []string{fmt.Sprintf("etapa-%d", id%6), "vip", "whatsapp"},
		LastMessage: kanban.Message{
			ID: int64(id), Text: "Bom dia! Gostaria de saber se o orçamento que pedimos na semana passada já está pronto, por favor.", Kind: kanban.MessageIncoming, Sender: "Bruno Reis", At: start,
		},
		CanReply: true, UnreadCount: id % 4, Attributes: fmt.Sprintf(`{"deal_value":%d,"expected_close":"2026-12-01","next_step":"ligar"}`, id*10),
		CreatedAt: start, LastActivityAt: start.Add(time.Duration(id%5000) * time.Second), WaitingSince: start,
	}}
}

func fill(b *testing.B, s *store.Store, account kanban.AccountID, n int) {
	b.Helper()
	var page []kanban.Snapshot
	for id := 1; id <= n; id++ {
		page = append(page, typical(id, 1))
		if len(page) == 1000 || id == n {
			_, err := s.Apply(b.Context(), account, page, nil)
			require.NoError(b, err)
			page = page[:0]
		}
	}
}

// BenchmarkDisk is the limit beside the writes: how often this disk makes 4 KiB durable.
func BenchmarkDisk(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "limit"))
	require.NoError(b, err)
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	for b.Loop() {
		_, err := f.Write(page)
		require.NoError(b, err)
		require.NoError(b, f.Sync())
	}
	rate(b, "flushes/s", 1)
}

// cpu measures the processor's time, which a busy machine stretches less than the clock's. Call the result when the work is done.
func cpu(b *testing.B) func() {
	b.Helper()
	before := used(b)
	return func() {
		b.Helper()
		b.ReportMetric(float64(used(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
	}
}

func used(b *testing.B) int64 {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return u.Utime.Nano() + u.Stime.Nano()
}

func rate(b *testing.B, unit string, each int) {
	b.Helper()
	b.ReportMetric(float64(b.N)*float64(each)/b.Elapsed().Seconds(), unit)
}

// BenchmarkSaveDelivery keeps webhooks of 2 KB durably, one caller and 64 callers at once.
func BenchmarkSaveDelivery(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("%d callers", callers), func(b *testing.B) {
			s, board := benched(b)
			body := make([]byte, 2048)
			var next atomic.Int64
			fresh := atomic.Int64{}
			b.ResetTimer()
			var g sync.WaitGroup
			for range callers {
				g.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						ok, err := s.SaveDelivery(context.Background(), board.Account, fmt.Appendf(nil, "%032d", n*7919), body, start)
						if ok && err == nil {
							fresh.Add(1)
						}
					}
				})
			}
			g.Wait()
			rate(b, "webhooks/s", 1)
			b.StopTimer()
			n, err := s.DeliveriesWaiting(b.Context(), board.Account)
			require.NoError(b, err)
			require.Equal(b, b.N, n, "fast and complete")
			require.Equal(b, int64(b.N), fresh.Load())
		})
	}
}

// BenchmarkApply applies batches of 100 changed conversations.
func BenchmarkApply(b *testing.B) {
	s, board := benched(b)
	fill(b, s, board.Account, 5000)
	version := int64(1)
	for b.Loop() {
		version++
		page := make([]kanban.Snapshot, 0, 100)
		for i := range 100 {
			snap := typical(int(version*100)%5000+i+1, version)
			snap.Source, snap.Read, snap.UnreadCount = kanban.FromWebhook, false, int(version)
			snap.LastActivityAt = start.Add(time.Duration(version) * time.Hour)
			page = append(page, snap)
		}
		applied, err := s.Apply(b.Context(), board.Account, page, nil)
		require.NoError(b, err)
		require.Zero(b, applied.Stale)
	}
	rate(b, "conversations/s", 100)
}

// BenchmarkFirstScreen reads what a board of 10 000 cards shows first: 50 cards of each of 6 stages, and the heads.
func BenchmarkFirstScreen(b *testing.B) {
	s, board := benched(b)
	fill(b, s, board.Account, 10_000)
	admin := kanban.Viewer{Account: board.Account, Role: kanban.RoleAdministrator}
	agent := kanban.Viewer{Account: board.Account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1, 2}}
	for name, v := range map[string]kanban.Viewer{"administrator": admin, "agent": agent} {
		b.Run("300 cards, "+name, func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				for _, stage := range board.Stages {
					cards, _, err := s.Cards(b.Context(), board, v, stage.ID, nil, 50)
					require.NoError(b, err)
					require.Len(b, cards, 50)
				}
			}
		})
		b.Run("totals, "+name, func(b *testing.B) {
			defer cpu(b)()
			for b.Loop() {
				totals, err := s.Totals(b.Context(), board, v)
				require.NoError(b, err)
				require.Len(b, totals, 6)
			}
		})
	}
}

// BenchmarkRearrange changes a board of an account with 20 000 conversations: everything waits for it.
func BenchmarkRearrange(b *testing.B) {
	s, board := benched(b)
	fill(b, s, board.Account, 20_000)
	b.Run("rename", func(b *testing.B) {
		defer cpu(b)()
		for b.Loop() {
			board.Name += "."
			var err error
			board, err = s.UpdateBoard(b.Context(), board)
			require.NoError(b, err)
		}
	})
	b.Run("second board", func(b *testing.B) {
		defer cpu(b)()
		for b.Loop() {
			_, err := s.CreateBoard(b.Context(), kanban.Board{Account: board.Account, Winner: kanban.FurthestStage, Stages: []kanban.Stage{{Label: 1}, {Label: 2}}})
			require.NoError(b, err)
		}
	})
}
