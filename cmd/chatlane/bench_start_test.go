package main_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
)

// BenchmarkStart is QUALITY P12: from the start of the process to the first board ≤ 150 ms with 100 000 conversations, memory with
// 1 000 viewers ≤ 60 MB, and the program ≤ 30 MB.
func BenchmarkStart(b *testing.B) {
	data := b.TempDir()
	fillDatabase(b, data, int(number("CHATLANE_BENCH_CONVERSATIONS", 100_000)))
	program := filepath.Join(b.TempDir(), "chatlane")
	out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-tags", "sqlite_fts5", "-ldflags", "-s -w", "-o", program, ".").CombinedOutput()
	require.NoError(b, err, string(out))
	var starts []time.Duration
	for range 5 {
		took, _ := startAndOpen(b, program, data, 0)
		starts = append(starts, took)
	}
	slices.Sort(starts)
	_, memory := startAndOpen(b, program, data, 1000)
	size, err := os.Stat(program)
	require.NoError(b, err)
	b.ReportMetric(starts[0].Seconds()*1000, "start-min-ms")
	b.ReportMetric(starts[len(starts)/2].Seconds()*1000, "start-p50-ms(≤150)")
	b.ReportMetric(float64(memory)/1000, "rss-1000-viewers-MB(≤60)")
	b.ReportMetric(float64(size.Size())/1e6, "program-MB(≤30)")
}

// fillDatabase makes a database with a board of many cards.
func fillDatabase(b *testing.B, data string, n int) {
	b.Helper()
	key, err := store.KeyFile(data)
	require.NoError(b, err)
	s, err := store.Open(b.Context(), store.Options{Path: filepath.Join(data, "chatlane.db"), Key: key})
	require.NoError(b, err)
	defer func() { require.NoError(b, s.Close()) }()
	a, err := s.SaveAccount(b.Context(), kanban.Account{BaseURL: "http://127.0.0.1:9", ChatwootID: 1, Name: "Acme", Token: "t", AllowPrivateNetwork: true})
	require.NoError(b, err)
	require.NoError(b, s.SaveImportState(b.Context(), a.ID, kanban.ImportState{StartedAt: time.Now(), FinishedAt: time.Now()}))
	titles := []string{"novo", "qualificado", "proposta", "ganho", "perdido"}
	var catalog kanban.Catalog
	board := kanban.Board{Account: a.ID, Name: "Vendas", Currency: "BRL", Winner: kanban.FurthestStage}
	for i, title := range titles {
		catalog.Labels = append(catalog.Labels, kanban.Label{ID: kanban.LabelID(i + 1), Title: title, Color: "#1f93ff"})
		board.Stages = append(board.Stages, kanban.Stage{Label: kanban.LabelID(i + 1), Title: title, Name: title, Kind: kanban.StageOpen})
	}
	_, err = s.SaveCatalog(b.Context(), a.ID, catalog)
	require.NoError(b, err)
	_, err = s.CreateBoard(b.Context(), board)
	require.NoError(b, err)
	for first := 0; first < n; first += 1000 {
		var snaps []kanban.Snapshot
		for i := first; i < first+1000; i++ {
			at := time.Now().Add(-time.Duration(i) * time.Second).UTC()
			snaps = append(snaps, kanban.Snapshot{Read: true, At: at, Source: kanban.FromImport, Conversation: kanban.Conversation{
				ID: kanban.ConversationID(i + 1), Version: at.UnixMicro(), InboxID: 1, Status: kanban.StatusOpen, Labels: []string{titles[i%5]},
				Contact: kanban.Contact{ID: 1, Name: fmt.Sprintf("Cliente %d", i)}, CreatedAt: at, LastActivityAt: at, Attributes: `{"deal_value":100}`,
			}})
		}
		_, err := s.Apply(b.Context(), a.ID, snaps, nil)
		require.NoError(b, err)
	}
}

// startAndOpen starts the program, opens the board, keeps viewers on its stream, and returns how long the board took and the memory of
// the process in kB.
func startAndOpen(b *testing.B, program, data string, viewers int) (time.Duration, int64) {
	b.Helper()
	listen := freeAddress(b)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "serve")
	cmd.Env = []string{"CHATLANE_LISTEN=" + listen, "CHATLANE_DATA=" + data, "CHATLANE_PASSWORD=open sesame", "CHATLANE_LOG=error",
		"CHATWOOT_URL=http://127.0.0.1:9", "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_TOKEN=t"}
	begun := time.Now()
	require.NoError(b, cmd.Start())
	defer func() { cancel(); _ = cmd.Wait() }()
	jar, err := cookiejar.New(nil)
	require.NoError(b, err)
	c := caller{"http://" + listen, &http.Client{Jar: jar, Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}
	var took time.Duration
	for took == 0 {
		if c.signIn() && c.opens("/boards/1") {
			took = time.Since(begun)
		} else {
			time.Sleep(time.Millisecond)
		}
	}
	if viewers == 0 {
		return took, 0
	}
	var streams sync.WaitGroup
	var open atomic.Int64
	for range viewers {
		streams.Go(func() { c.watch(ctx, &open) })
	}
	for open.Load() < int64(viewers) {
		time.Sleep(10 * time.Millisecond)
	}
	memory := resident(b, cmd.Process.Pid)
	cancel()
	streams.Wait()
	return took, memory
}

// resident is the memory of a process in kB.
func resident(b *testing.B, pid int) int64 {
	b.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(b, err)
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 10, 64)
			require.NoError(b, err)
			return kb
		}
	}
	return 0
}

// caller is a browser without a screen.
type caller struct {
	base string
	http *http.Client
}

func (c caller) signIn() bool {
	res, err := c.http.PostForm(c.base+"/sign-in", map[string][]string{"password": {"open sesame"}})
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return true
}

func (c caller) opens(path string) bool {
	res, err := c.http.Get(c.base + path)
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }()
	n := 0
	for lines := bufio.NewReader(res.Body); ; n++ {
		if _, err := lines.ReadByte(); err != nil {
			return res.StatusCode == http.StatusOK && n > 10_000
		}
	}
}

// watch holds a stream until ctx ends.
func (c caller) watch(ctx context.Context, open *atomic.Int64) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/boards/1/events", nil)
	if err != nil {
		return
	}
	res, err := (&http.Client{Jar: c.http.Jar, Transport: c.http.Transport}).Do(r)
	if err != nil {
		return
	}
	defer func() { _ = res.Body.Close() }()
	buf := make([]byte, 512)
	for counted := false; ; {
		if _, err := res.Body.Read(buf); err != nil {
			return
		}
		if !counted {
			counted = true
			open.Add(1)
		}
	}
}
