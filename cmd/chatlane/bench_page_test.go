package main_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/static"
)

// asker asks for pages as a browser does that keeps its connection.
type asker struct {
	t      *testing.T
	client *http.Client
	cookie string
}

func newAsker(t *testing.T, cookie string) *asker {
	t.Helper()
	return &asker{t, &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 20 * time.Second}, cookie}
}

// fetched is what came: the seconds to the first byte and to the last, and the bytes on the wire.
type fetched struct {
	first, all float64
	body       []byte
}

func (a *asker) get(address, encoding string) fetched {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, address, nil)
	require.NoError(a.t, err)
	r.Header.Set("Cookie", a.cookie)
	r.Header.Set("Accept-Encoding", encoding)
	begun := time.Now()
	res, err := a.client.Do(r)
	require.NoError(a.t, err)
	p := fetched{first: time.Since(begun).Seconds()}
	p.body, err = io.ReadAll(res.Body)
	require.NoError(a.t, err)
	require.NoError(a.t, res.Body.Close())
	require.Equal(a.t, http.StatusOK, res.StatusCode)
	p.all = time.Since(begun).Seconds()
	return p
}

const asBrowsersDo = "gzip, deflate, br, zstd"

// processorTime is what a process uses for each of n requests, in seconds. It is what is compared here: unlike the time that passes, it
// is the same on a machine that does other things, too.
func processorTime(n int, used func() float64, do func(n int)) float64 {
	before := used()
	for i := range n {
		do(i)
	}
	return (used() - before) / float64(n)
}

// TestBenchP6 is QUALITY P6: the first screen of a board of 5 000 cards, warm as nearly always, after a card changed, and cold after a
// start, beside a server that does nothing but write the same bytes.
func TestBenchP6(t *testing.T) {
	measuring(t)
	const n = 200
	m, limit := serveMeasured(t, 5000, 0), serveLimits(t)
	a, board := newAsker(t, m.cookie()), m.address("/boards/1")
	plain := a.get(board, "identity").body
	require.Equal(t, 250, bytes.Count(plain, []byte(`<li class="card"`)), "50 cards a column")
	limit.keep(t, plain)
	var warm, warmPlain, bare []float64
	for range benchRounds() {
		warm = append(warm, processorTime(n, m.cpu, func(int) { a.get(board, asBrowsersDo) }))
		warmPlain = append(warmPlain, processorTime(n, m.cpu, func(int) { a.get(board, "identity") }))
		bare = append(bare, processorTime(n, limit.cpu, func(int) { a.get("http://"+limit.pages+"/page", "identity") }))
	}
	beside := "net/http writes them in " + ms(median(bare))
	figure{"P6", "5000 cards, warm: processor time, compressed", warm, ms, kilobytes(float64(len(plain))) + " before compression", "≤ 2 ms", atMost(0.002)}.print()
	figure{"P6", "the same plain, of writing the same bytes", ratios(warmPlain, bare), times, beside, "≤ 2×", atMost(2)}.print()
	s, h := newSender(t, m.listen), newHooks(5000)
	changed := processorTime(n, m.cpu, func(int) {
		_, err := s.send(request(m.listen, hookPath, h.body()))
		require.NoError(t, err)
		m.drained()
		a.get(board, asBrowsersDo)
	})
	figure{"P6", "after a webhook each, webhook included", []float64{changed}, ms, "", "", nil}.print()
	var cold, coldCPU []float64
	for range benchRounds() {
		require.Zero(t, m.stop(), m.out)
		m.launch()
		before := m.cpu()
		cold = append(cold, a.get(board, asBrowsersDo).all)
		coldCPU = append(coldCPU, m.cpu()-before)
	}
	figure{"P6", "5000 cards, cold: first request after a start", cold, ms, "processor time " + ms(median(coldCPU)), "≤ 40 ms", atMost(0.040)}.print()
}

// keep gives the limit the page that it is to write.
func (l limits) keep(t *testing.T, page []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://"+l.pages+"/page", bytes.NewReader(page))
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
}

// TestBenchP7 is QUALITY P7 without the browser's part: 10 000 cards on the board and 50 000 conversations in the account, a card
// changing before every tenth request.
func TestBenchP7(t *testing.T) {
	measuring(t)
	const n = 200
	m := serveMeasured(t, 10_000, 40_000)
	a, board := newAsker(t, m.cookie()), m.address("/boards/1")
	s, h := newSender(t, m.listen), newHooks(10_000)
	var half, slow []float64
	var body []byte
	for range benchRounds() {
		var firsts []float64
		for i := range n {
			if i%10 == 0 {
				_, err := s.send(request(m.listen, hookPath, h.body()))
				require.NoError(t, err)
				m.drained()
			}
			p := a.get(board, asBrowsersDo)
			firsts, body = append(firsts, p.first), p.body
		}
		half, slow = append(half, median(firsts)), append(slow, percentile(firsts, 99))
	}
	gzipped := a.get(board, "gzip")
	plain := a.get(board, "identity").body
	require.Equal(t, 250, bytes.Count(plain, []byte(`<li class="card"`)))
	require.Equal(t, 250, bytes.Count(unzipped(t, gzipped.body), []byte(`<li class="card"`)), "complete")
	figure{"P7", "10000 of 50000 on the board: first byte, p99", slow, ms, "p50 " + ms(median(half)), "≤ 30 ms", atMost(0.030)}.print()
	figure{"P7", "page on the wire", []float64{float64(len(body))}, kilobytes, fmt.Sprintf("gzip %s, plain %s", kilobytes(float64(len(gzipped.body))), kilobytes(float64(len(plain)))), "≤ 60 KB", atMost(60_000)}.print()
	figure{"P7", "scripts on the wire, gzip", []float64{scriptBytes(t, a, m, string(plain))}, kilobytes, "", "≤ 40 KB", atMost(40_000)}.print()
}

func unzipped(t *testing.T, body []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(body))
	require.NoError(t, err)
	out, err := io.ReadAll(r)
	require.NoError(t, err)
	return out
}

// scriptBytes is the size of all scripts that a page names.
func scriptBytes(t *testing.T, a *asker, m *measured, html string) (size float64) {
	t.Helper()
	for _, tag := range strings.Split(html, "<script")[1:] {
		_, rest, ok := strings.Cut(tag, `src="`)
		if !ok {
			continue
		}
		src, _, _ := strings.Cut(rest, `"`)
		require.True(t, strings.HasPrefix(src, static.Prefix), src)
		size += float64(len(a.get(m.address(src), "gzip").body))
	}
	require.NotZero(t, size)
	return size
}
