package web

import (
	"net/http"
	"sync"

	"github.com/alexedwards/scs/v2"
	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// Server is the whole handler: webhooks, pages and streams.
type Server struct {
	Config
	sessions   *scs.SessionManager
	frames     *scs.SessionManager
	sources    []source
	attempts   *attempts
	tickets    tickets
	hands      passes // what a window hands to the frame that opened it
	bearers    passes // what a frame without cookies sends
	codes      codes
	sights     sights
	connecting connecting
	streams    *streams
	presence   *presence
	columns    *memo[columnKey, column]
	totals     *memo[totalsKey, map[kanban.StageID]kanban.Total]
	counts     *memo[whoseCounts, kanban.Counts]
	drawn      *memo[boardKey, templates.BoardPageView]
	pages      *echo.Echo
	handler    http.Handler

	closing   chan struct{}
	closeOnce sync.Once
}

// How much is kept in memory of what boards look like: a page is some hundreds of kilobytes, a column some tens.
const (
	keptPages   = 24
	keptColumns = 128
	keptCounts  = 512
)

// New makes the handler. It starts nothing.
func New(c Config) *Server {
	c.defaults()
	s := &Server{Config: c, closing: make(chan struct{})}
	s.sessions = s.newSessions()
	s.frames = s.newFrameSessions()
	s.sources = []source{s.cookieSource(s.sessions), s.cookieSource(s.frames), s.bearerSource}
	s.attempts = newAttempts(c.Clock)
	s.streams = newStreams(c.Hub, c.Beat)
	s.presence = newPresence(c.Clock)
	s.columns = newMemo[columnKey, column](c.Hub, keptColumns)
	s.totals = newMemo[totalsKey, map[kanban.StageID]kanban.Total](c.Hub, keptColumns)
	s.counts = newMemo[whoseCounts, kanban.Counts](c.Hub, keptCounts)
	s.drawn = newMemo[boardKey, templates.BoardPageView](c.Hub, keptPages)
	s.pages = s.newPages()
	s.handler = s.layers()
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends all streams, telling their browsers to come back. A graceful shutdown calls it first, or it would wait for them.
func (s *Server) Close() { s.closeOnce.Do(func() { close(s.closing) }) }

// layers puts the handlers together, outside in: what machines ask for goes straight to its handler; people's requests pass
// logging, compression, cross-origin protection and sessions before the router sees them. Sessions are around the router, or an
// error page would send the cookie twice.
func (s *Server) layers() http.Handler {
	direct := s.direct()
	pages := s.sessions.LoadAndSave(s.frames.LoadAndSave(s.pages))
	pages = s.crossOrigin(pages)
	pages = headed(compressed(pages))
	pages = s.logged(pages)
	return s.secured(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isDirect(r.URL.Path) {
			direct.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}))
}

// compressed compresses everything but streams, which compress what they share once for all.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.RandomJitter(32, 0, false), // lengths must not tell what is on a page that mixes our text with foreign text
		gzhttp.PreferZstd(true),
		gzhttp.MinSize(512),
	)
	if err != nil {
		panic(err) // the options above are constants
	}
	zipped := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isStream(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		zipped.ServeHTTP(w, r)
	})
}
