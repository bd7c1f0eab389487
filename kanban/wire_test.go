package kanban_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"syscall"
)

// wire is a connection without a network: requests go straight to a handler in this process. Time that nobody spends on a real socket
// is time that a bubble of testing/synctest may skip, so back-offs and delays cost nothing.
type wire struct {
	to http.Handler
	// travel, if set, is called before the handler and after it; an error is what the client gets in place of the answer.
	travel func(r *http.Request, answered bool) error
}

// RoundTrip answers as a server at the other end of a socket would: a handler that gives up is a connection that broke.
func (x wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	} else {
		r.Body = http.NoBody
	}
	if x.travel != nil {
		if err := x.travel(r, false); err != nil {
			return nil, err
		}
	}
	a := x.answer(r)
	if x.travel != nil {
		if err := x.travel(r, true); err != nil {
			return nil, err
		}
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if a.broken && a.status == 0 {
		return nil, syscall.ECONNRESET
	}
	return a.response(r), nil
}

func (x wire) answer(r *http.Request) (a *written) {
	a = &written{header: http.Header{}}
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			a.broken = true
		default:
			panic(p)
		}
	}()
	x.to.ServeHTTP(a, r)
	return a
}

// written is what a handler answered.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
	broken bool
}

func (a *written) Header() http.Header { return a.header }

func (a *written) Flush() {}

func (a *written) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *written) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

func (a *written) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	var body io.Reader = &a.body
	if a.broken {
		body = io.MultiReader(body, cut{})
	}
	return &http.Response{StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.header, Body: io.NopCloser(body), ContentLength: -1, Request: r}
}

// cut is where a body breaks off.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// errLost is a message that nobody received.
var errLost = errors.New("nobody there")
