package chatwoot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// ServerConfig says where a Chatwoot is and how to treat it.
type ServerConfig struct {
	// URL is the base address, http or https; it may have a path, and has neither user name nor query.
	URL string
	// AllowPrivateNetwork lets the address be one of this machine's own networks. Otherwise loopback, private, link-local and
	// similar addresses are refused when dialling, after the name was resolved.
	AllowPrivateNetwork bool
	// RequireHTTPS refuses http addresses.
	RequireHTTPS bool
	// RequestsPerMinute is what the server grants one address (RACK_ATTACK_LIMIT, CONTRACT 3.1); 0 is its default of 3000.
	// Nine tenths are used, and of those a tenth is kept for moves.
	RequestsPerMinute int
	// Timeout bounds each attempt, 20 s when 0. Chatwoot itself gives up after 15.
	Timeout time.Duration
	// Logger gets a line a request at level debug, and what goes wrong; nil is silent. No line holds a token or a query.
	Logger *slog.Logger
	// Transport replaces the guarded one; for tests that need no network.
	Transport http.RoundTripper
}

// Server is one Chatwoot installation, shared by all tokens that speak to it. It is safe for concurrent use.
type Server struct {
	base    string
	timeout time.Duration
	log     *slog.Logger
	http    *http.Client
	lanes   *lanes
	budget  *budget
	breaker circuitbreaker.CircuitBreaker[*answer]
	retry   retrypolicy.RetryPolicy[*answer]
	health  health
}

const (
	defaultRequestsPerMinute = 3000
	defaultTimeout           = 20 * time.Second
)

// NewServer checks the configuration. It makes no connection.
func NewServer(cfg ServerConfig) (*Server, error) {
	base, err := baseURL(cfg.URL, cfg.RequireHTTPS)
	if err != nil {
		return nil, err
	}
	if cfg.RequestsPerMinute <= 0 {
		cfg.RequestsPerMinute = defaultRequestsPerMinute
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport(cfg.AllowPrivateNetwork)
	}
	s := &Server{
		base:    base,
		timeout: cfg.Timeout,
		log:     cfg.Logger.With("chatwoot", base),
		http: &http.Client{
			Transport: cfg.Transport,
			// A redirect would carry the token to wherever it points.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		lanes:  newLanes(),
		budget: newBudget(cfg.RequestsPerMinute),
		retry:  newRetryPolicy(),
	}
	s.breaker = newBreaker(s.log)
	return s, nil
}

// The reasons why an address cannot be used.
var (
	ErrAddress  = errors.New("not an http or https address")
	ErrInsecure = errors.New("not an https address")
)

func baseURL(raw string, requireHTTPS bool) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return "", ErrAddress // the parser's error repeats the text, which may hold a password
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.Opaque != "":
		return "", ErrAddress
	case u.User != nil:
		return "", fmt.Errorf("%w: it holds a user name", ErrAddress)
	case u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return "", fmt.Errorf("%w: it holds a query or fragment", ErrAddress)
	case requireHTTPS && u.Scheme != "https":
		return "", ErrInsecure
	}
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.String(), "/"), nil
}

// URL returns the base address without a slash at its end.
func (s *Server) URL() string { return s.base }

// Version asks an installation for its version, such as 4.14.2. It needs no token: GET /api (CONTRACT 1).
func (s *Server) Version(ctx context.Context) (string, error) {
	var v struct {
		Version string `json:"version"`
	}
	a, err := s.Client("", 0).call(http.MethodGet, "/api").do(ctx)
	if err != nil {
		return "", err
	}
	if unmarshal(a.body, &v) != nil || v.Version == "" {
		return "", a.call.unexpected(a)
	}
	return v.Version, nil
}

// Client returns a client for a token and an account of the server. With account 0 only Profile works.
func (s *Server) Client(token string, account int64) *Client {
	return &Client{server: s, token: &token, account: account}
}

// Close closes idle connections.
func (s *Server) Close() { s.http.CloseIdleConnections() }
