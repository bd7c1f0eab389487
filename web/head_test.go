package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Probes and proxies ask for the head of whatever can be read. A stream has no end, so its head is not to be had.
func TestHeadIsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	heads := 0
	for r := range table(w) {
		path := filled(w, r.Pattern)
		switch {
		case r.Method != http.MethodGet:
			continue
		case r.Pattern == "/boards/:board/events":
			require.Equal(t, http.StatusMethodNotAllowed, w.person().do(http.MethodHead, path, nil).status)
			continue
		}
		for name, b := range map[string]*browser{"signed in": w.person(), "signed out": w.browser()} {
			heads++
			got := b.get(path)
			head := b.do(http.MethodHead, path, nil)
			require.Equal(t, got.status, head.status, "%s %s", path, name)
			require.Empty(t, head.body, "%s %s", path, name)
			for _, h := range []string{"Content-Type", "Location", "Cache-Control", "Content-Security-Policy", "Vary"} {
				require.Equal(t, got.header.Values(h), head.header.Values(h), "%s of %s %s", h, path, name)
			}
		}
	}
	require.GreaterOrEqual(t, heads, 24)
	require.Equal(t, http.StatusNotFound, w.person().do(http.MethodHead, "/nowhere", nil).status)
	require.Contains(t, w.log.String(), "method=HEAD route=/boards/:board status=200", "the log says what was asked")
}
