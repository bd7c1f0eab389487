package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// harmless are the types that a browser may show by itself. Everything else is offered to be kept: it may hold scripts.
var harmless = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/avif": true, "image/bmp": true,
	"audio/mpeg": true, "audio/mp4": true, "audio/ogg": true, "audio/wav": true, "audio/x-wav": true, "audio/webm": true, "audio/aac": true,
	"audio/amr": true, "audio/opus": true, "video/mp4": true, "video/webm": true, "video/ogg": true, "video/quicktime": true,
}

// attachment passes on a file that came with a message. It goes through here so that a page loads nothing from where others want it to, and
// so that whoever lost sight of the conversation loses its files, too.
func (s *Server) attachment(c echo.Context) error {
	_, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	message, errM := strconv.ParseInt(c.Param("message"), 10, 64)
	file, errF := strconv.ParseInt(c.Param("attachment"), 10, 64)
	if errM != nil || errF != nil || message <= 0 || file <= 0 {
		return kanban.ErrNotFound
	}
	f, answer, err := s.Desk.Open(c.Request().Context(), v, card.Conversation.ID, message, file, c.Request().Header.Get("Range"))
	if errors.Is(err, chatwoot.KindNotFound) {
		return kanban.ErrNotFound
	}
	if err != nil {
		return acted(err)
	}
	defer func() { _ = answer.Body.Close() }()
	fileHeaders(c.Response().Header(), answer.Header, f.Name)
	c.Response().WriteHeader(answer.Status)
	_, _ = io.Copy(c.Response(), answer.Body) // either side may have gone away
	return nil
}

// fileHeaders says of a file what is known and safe.
func fileHeaders(h, theirs http.Header, name string) {
	kind, _, err := mime.ParseMediaType(theirs.Get("Content-Type"))
	disposition := "inline"
	if err != nil || !harmless[strings.ToLower(kind)] {
		kind, disposition = "application/octet-stream", "attachment"
	}
	h.Set("Content-Type", kind)
	if named := mime.FormatMediaType(disposition, map[string]string{"filename": name}); named != "" && name != "" {
		disposition = named
	}
	h.Set("Content-Disposition", disposition)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set(echo.HeaderCacheControl, "private, max-age=3600")
	for _, name := range []string{"Content-Length", "Content-Range", "Accept-Ranges"} {
		if v := theirs.Get(name); v != "" {
			h.Set(name, v)
		}
	}
}
