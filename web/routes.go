package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/static"
	"github.com/chatlane/chatlane/templates"
)

// direct is what machines and browsers ask for without a session: no cookie is read, nothing is logged but trouble.
func (s *Server) direct() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/{account}/{key}", s.webhook)
	mux.HandleFunc("GET /healthz", s.live)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.Handle("GET /favicon.ico", http.RedirectHandler(static.Path("img/favicon.svg"), http.StatusFound))
	return mux
}

// isDirect reports whether a path is one of direct's.
func isDirect(path string) bool {
	return strings.HasPrefix(path, "/webhooks/") || strings.HasPrefix(path, static.Prefix) || path == "/healthz" || path == "/readyz" || path == "/favicon.ico"
}

// newPages is every address of a page, a fragment or an action.
func (s *Server) newPages() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.answerError
	e.IPExtractor = echo.ExtractIPFromXFFHeader() // believed from a proxy in our own network, not from the world
	e.Use(remembersRoute, bounded)

	// For everybody.
	e.GET(templates.SignInPath, s.signInPage(s.front()))
	e.POST(templates.SignInPath, s.signIn(s.front()))
	e.GET(templates.SignInPath+"/:ticket", s.ticketPage)
	e.POST(templates.SignInPath+"/:ticket", s.signInByTicket)
	e.POST(templates.PreferencesPath, s.preferences)
	e.GET(templates.ManifestPath, s.manifestFile)
	s.embedRoutes(e)

	// For whoever is signed in. The guard is named for each, since a group's would also answer for addresses that do not exist.
	e.GET("/", s.home, s.guard)
	e.POST(templates.SignOutPath, s.signOut, s.guard)

	s.lookRoutes(e)
	s.reportRoutes(e)
	s.boardRoutes(e)
	s.threadRoutes(e)
	s.fieldRoutes(e)
	s.leadRoutes(e)
	s.batchRoutes(e)
	e.POST("/moves/:move/attempts", s.retry, s.guard)
	e.DELETE("/moves/:move/refusal", s.acknowledge, s.guard)

	s.connectRoutes(e)
	if s.SimulatorURL != "" {
		e.GET(templates.DemoPath, s.demoPage, s.guard)
	}
	return e
}

// lookRoutes are a board as people look at it, and its cards.
func (s *Server) lookRoutes(e *echo.Echo) {
	e.GET("/boards/:board", s.boardPage, s.guard)
	e.GET("/boards/:board/stages/:stage", s.stageCards, s.guard)
	e.GET("/boards/:board/totals", s.stageHeads, s.guard)
	e.POST("/boards/:board/columns", s.collapse, s.guard)
	e.POST("/boards/:board/views", s.keepView, s.guard)
	e.POST("/boards/:board/views/:view", s.changeView, s.guard)
	e.POST("/boards/:board/views/:view/removal", s.deleteView, s.guard)
	e.POST("/boards/:board/views/:view/default", s.beginWith, s.guard)
	e.GET("/boards/:board/list", s.list, s.guard)
	e.GET("/boards/:board/list.csv", s.file, s.guard)
	e.GET("/boards/:board/pills", s.pills, s.guard)
	e.GET("/boards/:board/filter", s.filterForm, s.guard)
	e.GET("/boards/:board/palette", s.palette, s.guard)
	e.GET("/boards/:board/colors.css", s.boardColors, s.guard)
	e.GET("/boards/:board/events", s.events, s.guard)
	e.GET("/boards/:board/cards/:conversation", s.card, s.guard)
	e.GET("/boards/:board/cards/:conversation/panel", s.panel, s.guard)
	e.PUT("/boards/:board/cards/:conversation/stage", s.move, s.guard)
	e.PUT("/boards/:board/cards/:conversation/position", s.arrange, s.guard)
	e.POST("/boards/:board/cards/:conversation/settle", s.settle, s.guard)
	e.POST("/boards/:board/cards/:conversation/presence", s.present, s.guard)
}

// boardRoutes are about the boards of an account and what is settled about each.
func (s *Server) boardRoutes(e *echo.Echo) {
	e.GET("/accounts/:account/boards", s.boardsPage, s.guard)
	e.POST("/accounts/:account/boards", s.makeBoard, s.guard)
	e.POST("/accounts/:account/boards/order", s.orderBoards, s.guard)
	e.GET("/boards/:board/settings", s.boardSettings, s.guard)
	e.POST("/boards/:board/settings", s.saveBoard, s.guard)
	e.POST("/boards/:board/copies", s.copyBoard, s.guard)
	e.POST("/boards/:board/archive", s.archive, s.guard)
	e.POST("/boards/:board/favourite", s.favourite, s.guard)
	e.GET("/boards/:board/template", s.boardTemplate, s.guard)
	e.POST("/boards/:board/stages", s.addStage, s.guard)
	e.POST("/boards/:board/stages/order", s.orderStages, s.guard)
	e.POST("/boards/:board/stages/:stage/settings", s.editStage, s.guard)
	e.GET("/boards/:board/stages/:stage/removal", s.stageRemoval, s.guard)
	e.POST("/boards/:board/stages/:stage/removal", s.removeStage, s.guard)
}

// reportRoutes are a board's figures, and what is settled about them.
func (s *Server) reportRoutes(e *echo.Echo) {
	e.GET("/boards/:board/reports", s.reportPage, s.guard)
	e.POST("/boards/:board/reports", s.saveReport, s.guard)
	e.GET("/boards/:board/reports/cards", s.reportCards, s.guard)
	e.GET("/boards/:board/reports/:table", s.reportTable, s.guard)
	e.GET("/boards/:board/wall", s.wall, s.guard)
}

// connectRoutes are about the accounts: how their connections do, and setting them up.
func (s *Server) connectRoutes(e *echo.Echo) {
	e.GET(templates.ConnectionPath, s.connection, s.guard)
	e.GET(templates.HealthPath, s.health, s.guard, s.administrators)
	e.GET("/accounts/:account/setup", s.setupPage, s.guard)
	e.GET("/accounts/:account/setup/:tick", s.setupTick, s.guard)
	e.POST("/accounts/:account/webhook", s.registerWebhook, s.guard)
	e.POST("/accounts/:account/dashboard-app", s.dashboardApp, s.guard)
	e.POST("/accounts/:account/disconnection", s.disconnect, s.guard)
	e.GET(templates.ConnectPath, s.connectPage, s.guard, s.administrators)
	e.POST(templates.ConnectPath, s.connect, s.guard, s.administrators)
}

// embedRoutes are the pages of the frame in Chatwoot, and of the window that it opens where it keeps no cookies.
func (s *Server) embedRoutes(e *echo.Echo) {
	e.GET(templates.EmbedPath, s.embedPage)
	e.GET(templates.EmbedPanelPath+"/:conversation", s.embedPanel)
	e.GET(templates.EmbedCookiePath, s.embedCookie)
	e.GET(templates.EmbedSignInPath, s.signInPage(s.frameDoor()))
	e.POST(templates.EmbedSignInPath, s.signIn(s.frameDoor()))
	e.POST(templates.EmbedSignOutPath, s.embedSignOut)
	e.GET(templates.EmbedPath+"/boards/:board", s.embedBoardPage, s.guard)

	e.GET(templates.EmbedPopUpPath, s.popUp)
	e.GET(s.windowDoor().path, s.signInPage(s.windowDoor()))
	e.POST(s.windowDoor().path, s.signIn(s.windowDoor()))
	e.POST(templates.EmbedTicketsPath, s.issueTicket)
	e.POST(templates.EmbedSessionsPath, s.redeemTicket)
}

// Route is an address of the server: a method and a pattern with :names.
type Route struct{ Method, Pattern string }

// Routes lists every address, for tests that go through all of them.
func (s *Server) Routes() []Route {
	all := []Route{
		{http.MethodPost, "/webhooks/:account/:key"},
		{http.MethodGet, "/healthz"},
		{http.MethodGet, "/readyz"},
		{http.MethodGet, static.Prefix + ":digest/*"},
		{http.MethodGet, "/favicon.ico"},
	}
	for _, r := range s.pages.Routes() {
		all = append(all, Route{r.Method, r.Path})
	}
	return all
}

// formLimit bounds what a form may send, in bytes.
const formLimit = 64 << 10

// formPatience is how long a form may take to arrive.
const formPatience = 10 * time.Second

// bounded reads the form of a write: it has to be small and to arrive soon. Afterwards the connection waits as long as the handler
// needs.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return next(c)
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, bodyLimit(c))
		done := hurry(c.Response(), formPatience)
		err := r.ParseForm()
		done()
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return err
		}
		if err != nil {
			return kanban.Invalid("error.invalid_text")
		}
		return next(c)
	}
}

// bodyLimit is how large a request may be, in bytes: a form, or a message with files.
func bodyLimit(c echo.Context) int64 {
	if c.Path() == messagesPattern {
		return messageLimit
	}
	return formLimit
}

// hurry bounds how long the rest of a request may take to arrive, until done is called. What cannot be bounded, in tests without a
// connection, is left as it is.
func hurry(w http.ResponseWriter, patience time.Duration) (done func()) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(patience))
	return func() { _ = control.SetReadDeadline(time.Time{}) }
}

// remembersRoute tells the log line which pattern answered.
func remembersRoute(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		requestOf(c.Request().Context()).route = c.Path()
		return next(c)
	}
}
