package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// messageMark stands before the last six digits of a message's number. A card shows the text, so a viewer can tell which it got.
var messageMark = []byte("número 1")

// benchAudience is many viewers in this process, who read frames and count messages.
type benchAudience struct {
	viewers int
	sent    []atomic.Int64 // by message: when its delivery left, ns
	reached []atomic.Int64 // by message: how many viewers have it
	last    []atomic.Int64 // by message: when the last of them got it, ns
	ended   sync.WaitGroup
	conns   []net.Conn
}

func newBenchAudience(viewers, messages int) *benchAudience {
	return &benchAudience{
		viewers: viewers, sent: make([]atomic.Int64, messages+1), reached: make([]atomic.Int64, messages+1), last: make([]atomic.Int64, messages+1),
	}
}

// join connects all viewers; greeting is what each sends first, and ready the line that says that its stream is open.
func (a *benchAudience) join(t *testing.T, address, greeting, ready string) {
	t.Helper()
	for range a.viewers {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		require.NoError(t, err)
		_, err = io.WriteString(conn, greeting)
		require.NoError(t, err)
		r := bufio.NewReaderSize(conn, 8<<10)
		for ready != "" {
			line, err := r.ReadString('\n')
			require.NoError(t, err)
			if strings.HasPrefix(line, ready) {
				break
			}
		}
		a.conns = append(a.conns, conn)
		a.ended.Go(func() { a.read(r) })
	}
}

func (a *benchAudience) leave() {
	for _, c := range a.conns {
		_ = c.Close()
	}
	a.ended.Wait()
}

// read counts the messages that a viewer gets. The same card may come with an older message's number again; it counts once, because a
// card shows its latest message and numbers only grow.
func (a *benchAudience) read(r *bufio.Reader) {
	seen := make([]bool, len(a.sent))
	for {
		line, err := r.ReadSlice('\n')
		if n, ok := messageNumber(line); ok && n < len(seen) && !seen[n] {
			seen[n] = true
			if a.reached[n].Add(1) == int64(a.viewers) {
				a.last[n].Store(time.Now().UnixNano())
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// messageNumber reads which message a line of a frame shows.
func messageNumber(line []byte) (n int, ok bool) {
	_, rest, ok := bytes.Cut(line, messageMark)
	if !ok || len(rest) < 6 {
		return 0, false
	}
	for _, c := range rest[:6] {
		n = n*10 + int(c-'0')
	}
	return n, true
}

// complete waits until every viewer has every message.
func (a *benchAudience) complete(t *testing.T, from, to int) {
	t.Helper()
	require.Eventually(t, func() bool {
		for n := from; n <= to; n++ {
			if a.reached[n].Load() != int64(a.viewers) {
				return false
			}
		}
		return true
	}, 30*time.Second, 10*time.Millisecond, "every viewer gets every message")
}

// lateness is, for each message, the seconds from its departure to the last viewer.
func (a *benchAudience) lateness(from, to int) []float64 {
	var late []float64
	for n := from; n <= to; n++ {
		late = append(late, time.Duration(a.last[n].Load()-a.sent[n].Load()).Seconds())
	}
	return late
}

// TestBenchP4 is QUALITY P4: from a webhook's departure to the last of 1 000 viewers who reads it, beside as many raw writes of the same
// bytes read by the same viewers. Each delivery is of another conversation than those before it, so each has to reach everybody.
func TestBenchP4(t *testing.T) {
	measuring(t)
	const viewers, slowly, quickly = 1000, 20, 3000
	m, limit, h := serveMeasured(t, 6000, 0), serveLimits(t), newHooks(6000)
	a, bare := newBenchAudience(viewers, 20_000), newBenchAudience(viewers, 20_000)
	a.join(t, m.listen, fmt.Sprintf("GET /boards/1/events HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", m.listen, m.cookie()), "id: ")
	defer a.leave()
	bare.join(t, limit.sockets, "", "")
	defer bare.leave()
	limit.accepted(t, viewers)
	frame := cardFrame(t, m)
	s := newSender(t, m.listen)
	raw := newSender(t, limit.pages)
	var calm, calmBare, calmHalf, calmHalfBare []float64
	for range benchRounds() {
		from := h.made + 1
		for range slowly {
			begun := time.Now()
			a.deliver(t, s, h, m.listen)
			bare.burst(t, raw, limit.pages, frame, h.made)
			time.Sleep(time.Until(begun.Add(100 * time.Millisecond)))
		}
		a.complete(t, from, h.made)
		bare.complete(t, from, h.made)
		late, lateBare := a.lateness(from, h.made), bare.lateness(from, h.made)
		calm, calmBare = append(calm, percentile(late, 99)), append(calmBare, percentile(lateBare, 99))
		calmHalf, calmHalfBare = append(calmHalf, median(late)), append(calmHalfBare, median(lateBare))
	}
	memory, _ := m.memory()
	beside := "1000 raw writes p50 " + ms(median(calmHalfBare))
	figure{"P4", "webhook → 1000 viewers, 10/s, p99", calm, ms, "1000 raw writes p99 " + ms(median(calmBare)), "≤ 25 ms", atMost(0.025)}.print()
	figure{"P4", "the same, p50, of raw writes", ratios(calmHalf, calmHalfBare), times, beside, "≤ 2.5×", atMost(2.5)}.print()
	busy, cores := a.hurry(t, m, h, quickly)
	figure{"P4", "webhook → 1000 viewers, 1000/s, p99", busy, ms, fmt.Sprintf("server used %.2f processors", cores), "≤ 120 ms", atMost(0.120)}.print()
	say("     Complete: each of %d viewers got each of %d changes.\n", viewers, h.made)
	after, _ := m.memory()
	figure{"P12", "memory with 1000 viewers, 6000 cards", []float64{memory}, megabytes, "after the rush " + megabytes(after), "≤ 60 MB", atMost(60e6)}.print()
}

// deliver sends a webhook and notes when.
func (a *benchAudience) deliver(t *testing.T, s *sender, h *hooks, address string) {
	t.Helper()
	r := request(address, hookPath, h.body())
	a.sent[h.made].Store(time.Now().UnixNano())
	_, err := s.send(r)
	require.NoError(t, err)
}

// burst has the frame of a message written to all sockets.
func (a *benchAudience) burst(t *testing.T, s *sender, address string, frame []byte, n int) {
	t.Helper()
	_, after, ok := bytes.Cut(frame, messageMark)
	require.True(t, ok)
	at := len(frame) - len(after)
	body := append(fmt.Appendf(bytes.Clone(frame[:at]), "%06d", n), after[6:]...)
	r := request(address, "/burst", body)
	a.sent[n].Store(time.Now().UnixNano())
	_, err := s.send(r)
	require.NoError(t, err)
}

// cardFrame is a card's fragment as a stream tells it, roughly: what the raw writes carry.
func cardFrame(t *testing.T, m *measured) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.address("/boards/1/cards/1"), nil)
	require.NoError(t, err)
	res, err := m.people.Do(r)
	require.NoError(t, err)
	card, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	return fmt.Appendf(nil, "id: abcdefgh.12345\nevent: card\ndata: %s número 1000000 \n\n", bytes.ReplaceAll(bytes.TrimSpace(card), []byte("\n"), []byte(" ")))
}

// hurry sends a thousand webhooks a second, in rounds.
func (a *benchAudience) hurry(t *testing.T, m *measured, h *hooks, n int) (late []float64, cores float64) {
	t.Helper()
	senders := make([]*sender, 16)
	for i := range senders {
		senders[i] = newSender(t, m.listen)
	}
	used, begun := m.cpu(), time.Now()
	for range benchRounds() {
		from := h.made + 1
		bodies := h.requests(m.listen, hookPath, n)
		a.paced(t, senders, bodies, from)
		a.complete(t, from, h.made)
		late = append(late, percentile(a.lateness(from, h.made), 99))
	}
	return late, (m.cpu() - used) / time.Since(begun).Seconds()
}

// paced sends each request at its moment, a millisecond after the one before.
func (a *benchAudience) paced(t *testing.T, senders []*sender, requests [][]byte, first int) {
	t.Helper()
	begun := time.Now()
	var done sync.WaitGroup
	for i, s := range senders {
		done.Go(func() {
			for n := i; n < len(requests); n += len(senders) {
				time.Sleep(time.Until(begun.Add(time.Duration(n) * time.Millisecond)))
				a.sent[first+n].Store(time.Now().UnixNano())
				if _, err := s.send(requests[n]); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done.Wait()
}
