package main_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// programDir is where program is; TestMain removes it.
var programDir string

// program builds chatlane once for all tests that run it as a process.
var program = sync.OnceValues(func() (path string, err error) {
	if programDir, err = os.MkdirTemp("", "chatlane-test-"); err != nil {
		return "", err
	}
	path = filepath.Join(programDir, "chatlane")
	out, err := exec.Command("go", "build", "-tags", "sqlite_fts5", "-o", path, ".").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return path, nil
})

// child is chatlane as a process of its own.
type child struct {
	t      *testing.T
	listen string
	env    []string
	cmd    *exec.Cmd
	out    *safeBuffer
	people *http.Client
}

// safeBuffer takes what a process says while a test reads it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// newChild prepares a process with an environment of its own on a free port. env are NAME=value.
func newChild(t *testing.T, env ...string) *child {
	t.Helper()
	listen := freeAddress(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &child{
		t: t, listen: listen, out: new(safeBuffer), people: &http.Client{Jar: jar, Timeout: 20 * time.Second},
		env: append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "CHATLANE_LISTEN=" + listen, "CHATLANE_DATA=" + t.TempDir()}, env...),
	}
}

// freeAddress finds a port below those that the system gives to clients: a client that calls a dead server there may reach itself, and
// keep the port from the server's next life.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000)))
		if err == nil {
			require.NoError(tb, l.Close())
			return l.Addr().String()
		}
	}
	require.Fail(tb, "no port is free")
	return ""
}

func (c *child) address(path string) string { return "http://" + c.listen + path }

// start runs a command of the program. It is killed with the test.
func (c *child) start(args ...string) {
	c.t.Helper()
	path, err := program()
	require.NoError(c.t, err, path)
	c.cmd = exec.Command(path, args...)
	c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr = c.env, c.out, c.out
	require.NoError(c.t, c.cmd.Start())
	cmd := c.cmd
	c.t.Cleanup(func() { _ = cmd.Process.Kill() })
}

// ready waits until the server answers.
func (c *child) ready() {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		res, err := c.people.Get(c.address("/readyz"))
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	}, 60*time.Second, 5*time.Millisecond, "it never got ready: %s", c.out)
}

// signIn signs in with the password.
func (c *child) signIn(password string) {
	c.t.Helper()
	res, err := c.people.PostForm(c.address("/sign-in"), url.Values{"password": {password}})
	require.NoError(c.t, err)
	_ = res.Body.Close()
	require.Less(c.t, res.StatusCode, 400)
}

// kill ends the process as a power cut would.
func (c *child) kill() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Kill())
	_ = c.cmd.Wait()
}

// stop ends the process as an operator would, and returns its exit code.
func (c *child) stop() int {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Signal(os.Interrupt))
	return c.wait()
}

// wait returns the exit code of a process that ends by itself.
func (c *child) wait() int {
	c.t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); _ = c.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(60 * time.Second):
		require.Fail(c.t, "the process does not end", c.out.String())
	}
	return c.cmd.ProcessState.ExitCode()
}

// put sends a form the way the board does; accepted says 2xx, unknown that no answer came.
func (c *child) put(ctx context.Context, path string, form url.Values) (accepted, unknown bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, c.address(path), strings.NewReader(form.Encode()))
	if err != nil {
		return false, false
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.people.Do(req)
	if err != nil {
		return false, true
	}
	_ = res.Body.Close()
	return res.StatusCode/100 == 2, false
}
