package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// limitVariable makes this test binary the server that TestBenchLimit describes.
const limitVariable = "CHATLANE_BENCH_LIMIT"

// limits is what this machine can do at most, as a process of its own: net/http that answers without doing anything, and raw writes
// to sockets.
type limits struct {
	pages, sockets string
	pid            int
}

// cpu is how many seconds of processor time it has used.
func (l limits) cpu() float64 { return processorSeconds(l.pid) }

// serveLimits starts it.
func serveLimits(t *testing.T) limits {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^TestBenchLimit$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), limitVariable+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	addresses := strings.Fields(line)
	require.Len(t, addresses, 2)
	return limits{addresses[0], addresses[1], cmd.Process.Pid}
}

// accepted waits until so many sockets are connected.
func (l limits) accepted(t *testing.T, sockets int) {
	t.Helper()
	require.Eventually(t, func() bool {
		res, err := http.Get("http://" + l.pages + "/sockets")
		if err != nil {
			return false
		}
		defer func() { _ = res.Body.Close() }()
		n, err := io.ReadAll(res.Body)
		return err == nil && string(n) == strconv.Itoa(sockets)
	}, 20*time.Second, 5*time.Millisecond)
}

// TestBenchLimit is no test: it is the process that the others are measured beside.
func TestBenchLimit(t *testing.T) {
	if os.Getenv(limitVariable) == "" {
		t.Skip("only the measurements start it")
	}
	pages, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	sockets, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, _ = fmt.Println(pages.Addr(), sockets.Addr())
	l := new(limitServer)
	go l.accept(sockets)
	_ = http.Serve(pages, l.routes())
}

type limitServer struct {
	mu      sync.Mutex
	page    []byte
	sockets []net.Conn
}

func (l *limitServer) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /discard", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("PUT /page", func(_ http.ResponseWriter, r *http.Request) { l.page, _ = io.ReadAll(r.Body) })
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(l.page) })
	mux.HandleFunc("POST /burst", l.burst)
	mux.HandleFunc("GET /sockets", func(w http.ResponseWriter, _ *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		_, _ = fmt.Fprint(w, len(l.sockets))
	})
	return mux
}

func (l *limitServer) accept(sockets net.Listener) {
	for {
		conn, err := sockets.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		l.sockets = append(l.sockets, conn)
		l.mu.Unlock()
	}
}

// burst writes what it is given to every socket.
func (l *limitServer) burst(w http.ResponseWriter, r *http.Request) {
	var frame bytes.Buffer
	_, _ = frame.ReadFrom(r.Body)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.sockets {
		_, _ = s.Write(frame.Bytes())
	}
	w.WriteHeader(http.StatusNoContent)
}
