package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

// slow is a database that answers when its caller has gone away.
type slow struct {
	web.Store
	asked chan struct{}
	err   error // nil means that of whoever gave up
}

func (s slow) Board(ctx context.Context, _ kanban.BoardID) (kanban.Board, error) {
	close(s.asked)
	<-ctx.Done()
	if s.err != nil {
		return kanban.Board{}, s.err
	}
	return kanban.Board{}, ctx.Err()
}

func (s slow) Ping(ctx context.Context) error {
	_, err := s.Board(ctx, 0)
	return err
}

// Somebody who closes a tab is no trouble of ours; what breaks meanwhile still is.
func TestWhoLeavesIsNoError(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		path string
		err  error
		line []string
	}{
		"they left":              {"/boards/1", nil, []string{"level=INFO", "status=499"}},
		"and something broke":    {"/boards/1", errors.New("disk I/O error"), []string{"level=ERROR", "status=500", "disk I/O error"}},
		"a prober left":          {"/readyz", nil, nil},
		"and the database broke": {"/readyz", errors.New("disk I/O error"), []string{"level=ERROR", "database not ready", "disk I/O error"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan struct{})
			w := newWorld(t, business(0), func(c *web.Config) { c.Store = slow{c.Store, asked, row.err} })
			ctx, leave := context.WithCancel(t.Context())
			p := w.person()
			before := len(w.log.String())
			go func() { <-asked; leave() }()
			_, err := p.client.Do(p.request(ctx, http.MethodGet, row.path, nil))
			require.ErrorIs(t, err, context.Canceled)
			w.http.Close() // waits for the handler
			said := w.log.String()[before:]
			if row.line == nil {
				require.Empty(t, said)
				return
			}
			require.Len(t, strings.Split(strings.TrimSpace(said), "\n"), 1, said)
			for _, part := range row.line {
				require.Contains(t, said, part)
			}
			if row.err == nil {
				require.NotContains(t, said, "error=")
			}
		})
	}
}
