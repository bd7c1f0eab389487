package main_test

import (
	"database/sql"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The measurements of QUALITY 2 run the program as a process of its own, as people do, and only when CHATLANE_BENCH is set
// (make bench). Each takes turns with its limit on the same machine, so that what the neighbours do hits both. What is printed is the
// median of all rounds with the least and the most; a goal missed is said and fails nothing, an event lost fails.

// benchRounds is how often each measurement is repeated; CHATLANE_BENCH_ROUNDS changes it.
func benchRounds() int { return int(number("CHATLANE_BENCH_ROUNDS", 5)) }

// measuring skips unless measurements are wanted, and says once what is measured.
func measuring(t *testing.T) {
	t.Helper()
	if os.Getenv("CHATLANE_BENCH") == "" {
		t.Skip("a measurement: set CHATLANE_BENCH, or run make bench")
	}
	introduce.Do(func() { introduceRun(t) })
}

var introduce sync.Once

func introduceRun(t *testing.T) {
	t.Helper()
	commit, err := exec.CommandContext(t.Context(), "git", "describe", "--tags", "--always", "--dirty").Output()
	if err != nil {
		commit = []byte("unknown")
	}
	d, err := sql.Open("sqlite3", ":memory:")
	require.NoError(t, err)
	defer func() { _ = d.Close() }()
	var sqlite string
	require.NoError(t, d.QueryRowContext(t.Context(), "SELECT sqlite_version()").Scan(&sqlite))
	flush := median(flushes(t, 400))
	say("commit %s · %s · SQLite %s · %d processors · fdatasync of 4 KiB %s (%.0f/s)\n",
		strings.TrimSpace(string(commit)), runtime.Version(), sqlite, runtime.NumCPU(), ms(flush), 1/flush)
	say("%-4s %-44s %-24s %-30s %-26s %s\n", "", "what", "here (least–most)", "beside", "goal", "verdict")
}

func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stdout, format, args...) }

// figure is one line of the table.
type figure struct {
	id, what string
	values   []float64 // one a round
	show     func(float64) string
	beside   string
	goal     string
	reached  func(float64) bool // of the median; nil for a figure without a goal
}

func (f figure) print() {
	verdict := "–"
	if f.reached != nil {
		verdict = "MISSED"
		if f.reached(median(f.values)) {
			verdict = "reached"
		}
	}
	shown := f.show(median(f.values))
	if len(f.values) > 1 {
		shown += " (" + f.show(slices.Min(f.values)) + "–" + f.show(slices.Max(f.values)) + ")"
	}
	say("%-4s %-44s %-24s %-30s %-26s %s\n", f.id, f.what, shown, f.beside, f.goal, verdict)
}

func atMost(limit float64) func(float64) bool  { return func(v float64) bool { return v <= limit } }
func atLeast(limit float64) func(float64) bool { return func(v float64) bool { return v >= limit } }

// ms shows seconds as milliseconds; the others show what they are named for.
func ms(seconds float64) string    { return fmt.Sprintf("%.3g ms", seconds*1000) }
func times(v float64) string       { return fmt.Sprintf("%.2f×", v) }
func perSecond(v float64) string   { return fmt.Sprintf("%.0f/s", v) }
func kilobytes(v float64) string   { return fmt.Sprintf("%.1f KB", v/1000) }
func megabytes(v float64) string   { return fmt.Sprintf("%.1f MB", v/1e6) }
func inSeconds(v float64) string   { return fmt.Sprintf("%.2f s", v) }
func wholeNumber(v float64) string { return fmt.Sprintf("%.0f", v) }

func median(values []float64) float64 { return percentile(values, 50) }

// percentile is of values in any order; the highest for a share that so few values do not reach.
func percentile(values []float64, percent float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(float64(len(sorted))*percent/100), len(sorted)-1)]
}

// ratios divides round by round, because neighbours change from one to the next.
func ratios(ours, others []float64) []float64 {
	out := make([]float64, 0, len(ours))
	for i := range ours {
		out = append(out, ours[i]/others[i])
	}
	return out
}

// flushes are the seconds that one write of 4 KiB takes to reach the disk, again and again.
func flushes(t *testing.T, n int) []float64 {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "flush"))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	took := make([]float64, 0, n)
	for i := range n {
		begun := time.Now()
		_, err := f.WriteAt(page, int64(i%256)*4096)
		require.NoError(t, err)
		require.NoError(t, syscall.Fdatasync(int(f.Fd())))
		took = append(took, time.Since(begun).Seconds())
	}
	return took
}
