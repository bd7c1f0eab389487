package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// request is what the log line of a request tells. No address, no query: both may hold secrets or names.
type request struct {
	id    string
	route string // the pattern, such as /boards/:board; empty when nothing matched
	err   error  // what made it a 5xx
}

type requestKey struct{}

// requestOf finds the request's record; outside of logged it is one that nobody reads.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return new(request)
}

// logged gives each request an id, survives its panics and writes one line about it.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		rec := &request{id: rand.Text()[:13]}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rec))
		w.Header().Set("X-Request-Id", rec.id)
		out := &counted{ResponseWriter: w}
		defer func() {
			cause := recover()
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			if cause != nil {
				s.Logger.ErrorContext(r.Context(), "panic", "request_id", rec.id, "route", rec.route, "cause", cause, "stack", string(debug.Stack()))
				if out.status == 0 {
					s.refuse(out, r, fmt.Errorf("panic: %v", cause))
				}
			}
			s.logLine(r, rec, out, time.Since(begun))
		}()
		next.ServeHTTP(out, r)
	})
}

func (s *Server) logLine(r *http.Request, rec *request, out *counted, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", rec.id),
		slog.String("method", r.Method),
		slog.String("route", rec.route),
		slog.Int("status", max(out.status, http.StatusOK)),
		slog.Int64("bytes", out.bytes),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if out.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if rec.err != nil {
		attrs = append(attrs, slog.String("error", rec.err.Error()))
	}
	s.Logger.LogAttrs(r.Context(), level, "request", attrs...)
}

// counted remembers an answer's status and length.
type counted struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counted) WriteHeader(status int) {
	if c.status == 0 && status >= http.StatusOK {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }
