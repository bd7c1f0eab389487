package main_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sought are addresses of a filtered board, from those that find nearly everything to those that find nothing. n makes each another one.
var sought = []func(n int) string{
	func(int) string { return "needs=mine" },
	func(int) string { return "needs=unassigned" },
	func(int) string { return "needs=waiting&needs=nostep" },
	func(int) string { return "needs=attention&sort=waiting" },
	func(n int) string {
		return "q=" + url.QueryEscape(pick(n, 3, "joao alves", "lucia", "helena prado", "QUIROGA", "inés vid"))
	},
	func(n int) string {
		return "q=" + pick(n, 5, "sofa+veio", "pedido", "orcamento", "factura+empresa", "a")
	},
	func(n int) string { return fmt.Sprintf("q=%%2B55+11+9%08d", 104_729*n%100_000_000) },
	func(n int) string { return fmt.Sprintf("q=%%23%d", n%50_000+1) },
	func(int) string { return "q=nobody+has+this+name" },
	func(n int) string { return fmt.Sprintf("value_min=%d&sort=value", 300+7*n) },
	func(n int) string { return "label=vip&status=open&priority=none&sort=created&inbox=1" },
	func(int) string { return "sort=hand" },
}

// TestBenchP11 is QUALITY P11: boards of 50 000 conversations under every kind of filter and search. Every tenth request comes after a
// change, so that nothing is answered from what is kept.
func TestBenchP11(t *testing.T) {
	measuring(t)
	const n = 25
	m := serveMeasured(t, 50_000, 0)
	a, board := newAsker(t, m.cookie()), m.address("/boards/1")
	s, h := newSender(t, m.listen), newHooks(50_000)
	cold := a.get(board+"?q=pedido", asBrowsersDo)
	require.NotZero(t, bytes.Count(unzipped(t, a.get(board+"?q=pedido", "gzip").body), []byte(`<li class="card"`)), "something is found")
	var half, slow, counts, palettes []float64
	for round := range benchRounds() {
		var firsts, pills, found []float64
		for i := range n * len(sought) {
			if i%10 == 0 {
				_, err := s.send(request(m.listen, hookPath, h.body()))
				require.NoError(t, err)
				m.drained()
			}
			query := sought[i%len(sought)](round*n + i)
			firsts = append(firsts, a.get(board+"?"+query, asBrowsersDo).first)
			if typed, ok := strings.CutPrefix(query, "q="); ok {
				found = append(found, a.get(board+"/palette?q="+typed, asBrowsersDo).first)
			}
			pills = append(pills, a.get(board+"/pills?"+query, asBrowsersDo).first)
		}
		half, slow, counts = append(half, median(firsts)), append(slow, percentile(firsts, 99)), append(counts, percentile(pills, 99))
		palettes = append(palettes, percentile(found, 99))
	}
	figure{"P11", "board of 50000 filtered or searched: first byte, p99", slow, ms, "p50 " + ms(median(half)), "≤ 8 ms", atMost(0.008)}.print()
	figure{"P11", "the same: pills with their counts, p99", counts, ms, "", "≤ 8 ms", atMost(0.008)}.print()
	figure{"P11", "the same, searched in the palette: p99", palettes, ms, "", "", nil}.print()
	now, most := m.memory()
	figure{"P11", "the first search after a start", []float64{cold.first}, ms, fmt.Sprintf("memory afterwards %.0f MB, at most %.0f MB", now/1e6, most/1e6), "", nil}.print()
}
