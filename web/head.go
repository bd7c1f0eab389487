package web

import (
	"net/http"
	"strings"
)

// headed answers HEAD as GET: the server leaves out the body by itself, because it knows what was asked. A stream has no end, so there
// is no asking for its head.
func headed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && !isStream(r.URL.Path) {
			r = r.WithContext(r.Context()) // a copy: the log line tells the method as it was
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// isStream reports whether a path is that of a live stream.
func isStream(path string) bool { return strings.HasSuffix(path, "/events") }
