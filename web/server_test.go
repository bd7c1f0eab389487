package web_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

func TestPagesAreCompressed(t *testing.T) {
	t.Parallel()
	w := connected(t, business(60))
	p := w.person()
	plain := p.with("Accept-Encoding", "identity").get(w.boardPath())
	for encoding, reader := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		res, err := p.client.Do(p.with("Accept-Encoding", encoding).request(t.Context(), http.MethodGet, w.boardPath(), nil))
		require.NoError(t, err)
		require.Equal(t, encoding, res.Header.Get("Content-Encoding"))
		require.Contains(t, res.Header.Values("Vary"), "Accept-Encoding")
		r, err := reader(res.Body)
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Len(t, string(body), len(plain.body))
	}
	s := p.with("Accept-Encoding", "gzip, zstd").stream(w.boardPath("events")).begun()
	require.Empty(t, s.header.Get("Content-Encoding"))
}

// broken is a database that does not work.
type broken struct {
	web.Store
	err error
}

func (b broken) Board(context.Context, kanban.BoardID) (kanban.Board, error) {
	if b.err == nil {
		panic("a mistake of ours")
	}
	return kanban.Board{}, b.err
}

func TestMistakesAreSaidAndLogged(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"panic": nil, "error": errors.New("disk I/O error at /var/lib/secret-path")} {
		w := newWorld(t, business(0), func(c *web.Config) { c.Store = broken{c.Store, err} })
		p := w.person()
		a := p.get("/boards/1")
		require.Equal(t, http.StatusInternalServerError, a.status, name)
		require.NotContains(t, a.body, "secret-path", "%s: what is inside stays inside", name)
		id := a.header.Get("X-Request-Id")
		require.NotEmpty(t, id)
		require.Contains(t, w.log.String(), "request_id="+id)
		require.Contains(t, w.log.String(), "status=500")
		require.Equal(t, http.StatusOK, p.get("/health").status, "%s: and it goes on", name)
	}
}

func TestErrorsAreNoticesForScriptsAndPagesForPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, business(0))
	p := w.person()
	page := p.get("/boards/9").page()
	require.Equal(t, 1, page.Find("main h1").Length())
	notice := p.with("HX-Request", "true").get("/boards/9").page()
	require.Equal(t, 0, notice.Find("main").Length())
	require.Equal(t, 1, notice.Find(`.notice[data-kind="error"]`).Length())
	require.Equal(t, http.StatusUnauthorized, w.browser().with("HX-Request", "true").get("/health").status, "a script is not sent to a page")
	require.Equal(t, http.StatusForbidden, p.with("Sec-Fetch-Site", "cross-site").post("/preferences", url.Values{}).status)
}
