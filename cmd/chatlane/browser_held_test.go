package main_test

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// held counts the streams that are open: the program takes a stream's connection over, and its handler returns long before it ends.
type held struct {
	http.ResponseWriter
	open *atomic.Int32
}

// Unwrap lets the program reach what is around.
func (h held) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// Hijack counts the connection until it is closed.
func (h held) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.open.Add(1)
	return &heldConn{Conn: conn, end: sync.OnceFunc(func() { h.open.Add(-1) })}, buffers, nil
}

type heldConn struct {
	net.Conn
	end func()
}

func (c *heldConn) Close() error {
	c.end()
	return c.Conn.Close()
}
