package chatwoot

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// maxRedirects is how often the address of a file may lead elsewhere: Chatwoot's leads to its storage (CONTRACT 4 AT).
	maxRedirects = 5
	// filePatience bounds the whole transfer of a file.
	filePatience = 2 * time.Minute
	// largestFile is what is passed on of one, in bytes.
	largestFile = 128 << 20
)

// FileAnswer is a file that is being read. Whoever has it closes Body.
type FileAnswer struct {
	Status int // 200, 206 or 304
	Header http.Header
	Body   io.ReadCloser
}

// File reads what an attachment's address leads to. The address is foreign input: only http and https are followed, through the same guard
// as every other call, without a token or a cookie. byteRange is a Range header's value, so that a player can jump; empty for everything.
func (s *Server) File(ctx context.Context, address, byteRange string) (FileAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, filePatience)
	for range maxRedirects + 1 {
		res, err := s.fetchFile(ctx, address, byteRange)
		if err != nil {
			cancel()
			return FileAnswer{}, err
		}
		if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusPartialContent {
			return FileAnswer{res.StatusCode, res.Header, limited{io.LimitReader(res.Body, largestFile), res.Body, cancel}}, nil
		}
		_ = res.Body.Close()
		next, err := res.Location()
		if res.StatusCode < 300 || res.StatusCode >= 400 || err != nil {
			cancel()
			return FileAnswer{}, &Error{Method: http.MethodGet, Path: "file", Status: res.StatusCode, Kind: KindNotFound}
		}
		address = next.String()
	}
	cancel()
	return FileAnswer{}, &Error{Method: http.MethodGet, Path: "file", Kind: KindNotChatwoot, Reason: "redirects"}
}

func (s *Server) fetchFile(ctx context.Context, address, byteRange string) (*http.Response, error) {
	base, err := url.Parse(s.base + "/")
	if err != nil {
		return nil, err
	}
	u, err := base.Parse(strings.TrimSpace(address)) // Chatwoot's own are complete, unless nobody told it where it is
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, &Error{Method: http.MethodGet, Path: "file", Kind: KindNotFound}
	}
	u.User = nil
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{Method: http.MethodGet, Path: "file", Kind: KindNotFound}
	}
	req.Header.Set("User-Agent", "Chatlane")
	if byteRange != "" {
		req.Header.Set("Range", byteRange)
	}
	res, err := s.http.Do(req)
	if err == nil {
		return res, nil
	}
	kind, reason := networkReason(err)
	if ctx.Err() != nil {
		kind, reason = KindTimeout, ""
	}
	return nil, &Error{Method: http.MethodGet, Path: "file", Kind: kind, Reason: reason}
}

// limited is a body of which no more than so much is read.
type limited struct {
	io.Reader
	body   io.Closer
	cancel context.CancelFunc
}

func (l limited) Close() error {
	defer l.cancel()
	return l.body.Close()
}
