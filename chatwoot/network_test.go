package chatwoot_test

import (
	"compress/gzip"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// overNetwork speaks over loopback with the transport that production uses.
func overNetwork(t *testing.T, h http.HandlerFunc, change ...func(*chatwoot.ServerConfig)) *chatwoot.Client {
	t.Helper()
	far := httptest.NewServer(h)
	t.Cleanup(far.Close)
	cfg := chatwoot.ServerConfig{URL: far.URL, AllowPrivateNetwork: true}
	for _, f := range change {
		f(&cfg)
	}
	s, err := chatwoot.NewServer(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s.Client(canary, 1).Once()
}

// failure is the error of reading the profile.
func failure(t *testing.T, c *chatwoot.Client) *chatwoot.Error {
	t.Helper()
	_, err := c.Profile(t.Context())
	var e *chatwoot.Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestPrivateAddressesAreNotDialled(t *testing.T) {
	t.Parallel()
	guard := func(c *chatwoot.ServerConfig) { c.AllowPrivateNetwork = false }
	called := false
	c := overNetwork(t, func(http.ResponseWriter, *http.Request) { called = true }, guard)
	require.Equal(t, chatwoot.KindPrivateAddress, failure(t, c).Kind)
	for _, host := range []string{
		"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]", "10.1.2.3", "172.16.0.1",
		"192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "[fc00::1]", "[fd12::1]", "[fe80::1]", "[fec0::1]", "224.0.0.1",
		"255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.8", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]",
		"[2001:0:7f00:1::]", "[ff02::1]", "[::127.0.0.1]", "[2001:db8::1]",
	} {
		s, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: "http://" + host + ":9"})
		require.NoError(t, err)
		e := failure(t, s.Client(canary, 0).Once())
		require.Equal(t, chatwoot.KindPrivateAddress, e.Kind, "%s: %v", host, e.Unwrap())
		require.Equal(t, "closed", s.Health().Breaker)
	}
	require.False(t, called)
}

func TestNoConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := "http://" + l.Addr().String()
	require.NoError(t, l.Close())
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	selfSigned := httptest.NewUnstartedServer(http.NotFoundHandler())
	selfSigned.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the handshake that we refuse
	selfSigned.StartTLS()
	t.Cleanup(selfSigned.Close)
	for address, reason := range map[string]string{
		closed: "refused",
		strings.Replace(plain.URL, "http:", "https:", 1): "tls",
		selfSigned.URL:                "tls",
		"http://no-such-host.invalid": "dns",
	} {
		s, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: true})
		require.NoError(t, err)
		e := failure(t, s.Client(canary, 0).Once())
		require.Equal(t, chatwoot.KindUnreachable, e.Kind, "%s: %v", address, e.Unwrap())
		require.Equal(t, reason, e.Reason, "%s: %v", address, e.Unwrap())
		require.False(t, e.MayHaveHappened())
	}
}

func TestConnectionThatEnds(t *testing.T) {
	t.Parallel()
	hijack := func(first string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, first)
			_ = conn.Close()
		}
	}
	for _, first := range []string{
		"", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":1",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"id\":1",
	} {
		e := failure(t, overNetwork(t, hijack(first)))
		require.Equal(t, chatwoot.KindBroken, e.Kind, "%q: %v", first, e.Unwrap())
		require.True(t, e.MayHaveHappened())
	}
}

func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	endless := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		chunk := []byte(strings.Repeat(" ", 1<<16))
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	require.Equal(t, chatwoot.KindTooLarge, failure(t, overNetwork(t, endless)).Kind)

	// So are those that are small only on the way.
	bomb := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		chunk := make([]byte, 1<<16)
		for range 64 {
			_, _ = z.Write(chunk)
		}
		_ = z.Close()
	}
	require.Equal(t, chatwoot.KindTooLarge, failure(t, overNetwork(t, bomb)).Kind)

	headers := func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }
	require.NotEmpty(t, failure(t, overNetwork(t, headers)).Kind)
}

func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	c := overNetwork(t, func(w http.ResponseWriter, r *http.Request) {
		require.Contains(t, r.Header.Get("Accept-Encoding"), "gzip")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"id":7}`)
		_ = z.Close()
	})
	p, err := c.Profile(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(7), p.ID)
}

func TestHangingServer(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	c := overNetwork(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush() // the header comes, the body does not
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}, func(cfg *chatwoot.ServerConfig) { cfg.Timeout = 1 << 26 }) // 67 ms
	require.Equal(t, chatwoot.KindTimeout, failure(t, c).Kind)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Profile(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
