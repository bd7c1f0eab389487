package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/templates"
)

// The cookies that a page's preferences are kept in.
const (
	languageCookie = "language"
	themeCookie    = "theme"
	keysCookie     = "keys"
)

// localeFor is the language of a request: the one chosen, else the browser's.
func localeFor(r *http.Request) templates.Locale {
	return templates.Match(r.Header.Get("Accept-Language"), cookieValue(r, languageCookie))
}

func localeOf(c echo.Context) templates.Locale { return localeFor(c.Request()) }

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// frameFor is what stands around a page of which no more than the request is known.
func frameFor(r *http.Request) templates.Frame {
	return templates.Frame{
		Locale:  localeFor(r),
		Theme:   templates.ParseTheme(cookieValue(r, themeCookie)),
		KeysOff: cookieValue(r, keysCookie) == "off",
		Apple:   strings.Contains(r.UserAgent(), "Mac OS X"),
		Path:    r.URL.Path,
		Framed:  framed(r.URL.Path),
	}
}

// drawings are buffers that pages are drawn into before the answer begins: what fails half-way must not leave half a page.
var drawings = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keptDrawing bounds the buffers that are kept, in bytes.
const keptDrawing = 1 << 20

// draw answers with components, one after the other.
func (s *Server) draw(c echo.Context, status int, components ...templ.Component) error {
	return s.drawTo(c.Request().Context(), c.Response(), status, components...)
}

// draws is draw for where no error can be returned any more.
func (s *Server) draws(w http.ResponseWriter, r *http.Request, status int, component templ.Component) {
	ctx := context.WithoutCancel(r.Context()) // drawn for somebody who left, too: to fail at that would hide in the log what went wrong
	if err := s.drawTo(ctx, w, status, component); err != nil {
		requestOf(r.Context()).err = err
		http.Error(w, http.StatusText(status), status)
	}
}

func (s *Server) drawTo(ctx context.Context, w http.ResponseWriter, status int, components ...templ.Component) error {
	b := drawings.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= keptDrawing {
			drawings.Put(b)
		}
	}()
	for _, component := range components {
		if err := component.Render(ctx, b); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser may have gone away, which is no error of ours
	return nil
}
