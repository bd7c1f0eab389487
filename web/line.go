package web

import (
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// line is the connection of a stream, taken over from net/http. A stream lives for hours, and what net/http keeps for a request under
// way, its buffers, its headers and a stack as deep as all the layers that it passed, is thirty kilobytes for each.
type line struct {
	conn    net.Conn
	timeout time.Duration
	parts   [][]byte
}

// takeOver sends the headers of a stream and takes its connection over. From here on nobody but the line closes it.
func takeOver(c echo.Context, timeout time.Duration) (*line, error) {
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")        // nginx would hold frames back
	h.Set("Transfer-Encoding", "identity")  // net/http takes it out and puts nothing around what follows: it ends with the connection
	c.Response().WriteHeader(http.StatusOK) // through all layers, so that the session's cookie and the log know
	conn, _, err := http.NewResponseController(c.Response()).Hijack()
	if err != nil {
		return nil, err
	}
	return &line{conn: conn, timeout: timeout}, nil
}

// hungUp returns when the reader is gone. Readers of events have nothing to say: one who does is gone as well.
func (l *line) hungUp() {
	var b [1]byte
	_, _ = l.conn.Read(b[:])
}

// add takes bytes that are not changed afterwards: they may be shared by many streams.
func (l *line) add(b []byte) {
	if len(b) > 0 {
		l.parts = append(l.parts, b)
	}
}

// flush writes what was added, in one call and within a time limit. A reader who does not take it in time is dropped: its browser comes
// back and resumes.
func (l *line) flush() error {
	if len(l.parts) == 0 {
		return nil
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(l.timeout)); err != nil {
		return err
	}
	parts := net.Buffers(l.parts)
	_, err := parts.WriteTo(l.conn)
	l.parts = l.parts[:0]
	return err
}

func (l *line) close() { _ = l.conn.Close() }
