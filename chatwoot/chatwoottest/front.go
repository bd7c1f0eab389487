package chatwoottest

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// front is what stands before every answer of the API: counting, faults,
// throttles and the cost of the server. Pages of the stand-in screen pass.
func (s *Server) front(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isAPI(r.URL.Path) {
			mux.ServeHTTP(w, r)
			return
		}
		r.URL.Path = strings.TrimSuffix(r.URL.Path, ".json")
		_, pattern := mux.Handler(r)
		finished := s.requests.begin(r, pattern)
		defer finished()
		if s.limited(r) {
			retryLater().send(w)
			return
		}
		s.suffer(w, r, mux)
	})
}

func isAPI(path string) bool {
	return strings.HasPrefix(path, "/api") || strings.HasPrefix(path, "/auth/") || path == "/health"
}

// suffer answers, or does what a fault makes of it.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, mux http.Handler) {
	fault := s.faults.strike(r.Method, r.URL.Path)
	if fault == nil {
		s.pay(r, mux).copyTo(w)
		return
	}
	switch fault.Kind {
	case FaultLatency:
		s.linger(r, fault.Duration)
		s.pay(r, mux).copyTo(w)
	case FaultTruncate:
		s.pay(r, mux).truncate(w)
	case FaultTimeoutAfterCommit:
		s.pay(r, mux)
		s.hang(w, r, fault.Duration)
	case FaultHang:
		s.hang(w, r, fault.Duration)
	case FaultReset:
		reset(w)
	default:
		spoilt(fault.Kind).send(w)
	}
}

// spoilt is the answer of a fault that does nothing else.
func spoilt(kind FaultKind) answer {
	switch kind {
	case FaultStatus502:
		return answer{status: http.StatusBadGateway, kind: "text/html", text: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"}
	case FaultStatus429:
		return retryLater()
	case FaultRefuse401:
		return refused()
	case FaultInvalidToken:
		return failure(http.StatusUnauthorized, "Invalid Access Token")
	case FaultHTML:
		return answer{status: http.StatusOK, kind: "text/html; charset=utf-8", text: "<!DOCTYPE html><html><head><title>Chatwoot</title></head><body><div id=\"app\"></div></body></html>"}
	}
	return crashed()
}

// recorded is an answer made but not yet sent.
type recorded struct{ *httptest.ResponseRecorder }

// pay lets the request have what it costs and returns its answer. Half of the
// cost comes before the state is looked at and half after, so that between two
// people's reading and writing there is time for a third.
func (s *Server) pay(r *http.Request, mux http.Handler) recorded {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	started := time.Now()
	r = r.WithContext(context.WithValue(ctx, startedKey{}, started))
	answered := recorded{httptest.NewRecorder()}
	cost := s.pace.cost(r)
	if !s.pace.spend(ctx, started, cost/2) {
		crashed().send(answered)
		return answered
	}
	mux.ServeHTTP(answered, r)
	s.pace.spend(ctx, started, cost-cost/2)
	return answered
}

func (a recorded) copyTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Header())
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes())
}

// truncate promises the whole body and sends half of it.
func (a recorded) truncate(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Header())
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes()[:a.Body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// linger waits for d, or as long as the client does when d is 0.
func (s *Server) linger(r *http.Request, d time.Duration) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	if d <= 0 {
		<-ctx.Done()
		return
	}
	sleep(ctx, d)
}

func (s *Server) hang(w http.ResponseWriter, r *http.Request, d time.Duration) {
	s.linger(r, d)
	reset(w)
}

// reset cuts the connection so that the client sees "connection reset by peer".
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, isTCP := connection.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// RequestCount is how often an endpoint was asked, and how many asked at once
// at most.
type RequestCount struct {
	Count       int
	MaxInFlight int
}

// Requests counts by "METHOD /rest/of/the/{route}" below the account; the route "" is all
// of the API together, "lists" the conversation lists and filters, "moves" the
// reads and writes of a conversation's labels.
func (s *Server) Requests() map[string]RequestCount {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	counts := map[string]RequestCount{}
	for route, tally := range s.requests.byRoute {
		counts[route] = tally.RequestCount
	}
	return counts
}

type counters struct {
	mu      sync.Mutex
	byRoute map[string]*tally
}

type tally struct {
	RequestCount
	inFlight int
}

// begin counts a request until the returned function ends it.
func (n *counters) begin(r *http.Request, pattern string) (finished func()) {
	route := strings.Replace(pattern, "/api/v1/accounts/{account}", "", 1)
	if pattern == "/" {
		route = r.Method + " unknown"
	}
	routes := []string{"", route}
	switch {
	case route == "GET /conversations" || route == "POST /conversations/filter":
		routes = append(routes, "lists")
	case strings.HasSuffix(route, "/conversations/{id}/labels"):
		routes = append(routes, "moves")
	}
	n.change(routes, 1)
	return func() { n.change(routes, -1) }
}

func (n *counters) change(routes []string, by int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.byRoute == nil {
		n.byRoute = map[string]*tally{}
	}
	for _, route := range routes {
		t := n.byRoute[route]
		if t == nil {
			t = &tally{}
			n.byRoute[route] = t
		}
		if t.inFlight += by; by > 0 {
			t.Count++
			t.MaxInFlight = max(t.MaxInFlight, t.inFlight)
		}
	}
}
