package web

import "net/http"

// secured sets the headers that every answer has, also those of webhooks, errors and files. A handler may replace Cache-Control.
func (s *Server) secured(next http.Handler) http.Handler {
	fixed := http.Header{
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"same-origin"},
		"Permissions-Policy":           {"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Cache-Control":                {"no-store"},
	}
	if s.secure() {
		fixed["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	policy := s.contentPolicy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range fixed {
			h[name] = value[:1:1] // full, so that an Add by somebody else cannot write into the shared value
		}
		h["Content-Security-Policy"] = []string{policy + s.ancestors(r)}
		h["Cross-Origin-Opener-Policy"] = []string{"same-origin"}
		if windowed(r.URL.Path) {
			h["Cross-Origin-Opener-Policy"] = []string{"unsafe-none"} // else the window would not know the frame that opened it
		}
		next.ServeHTTP(w, r)
	})
}

// contentPolicy allows what comes from here and nothing inline; who may frame a page is added to it. The demo also shows its simulated
// Chatwoot, in a page of its own.
func (s *Server) contentPolicy() string {
	frames := ""
	if s.SimulatorURL != "" {
		frames = "frame-src 'self' " + origin(s.SimulatorURL) + "; "
	}
	return "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; " + frames + "frame-ancestors "
}

// crossOrigin refuses writes that another site makes a browser send, by Fetch metadata and Origin: no token, no cookie.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	if o := origin(s.PublicURL); o != "" {
		// A proxy may hide the host that the browser sees; the operator has named it. The address was checked when it was read.
		_ = p.AddTrustedOrigin(o)
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, errCrossSite)
	}))
	return p.Handler(next)
}
