package chatwoot

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// The bounds of answers in bytes, decompressed.
const (
	smallAnswer = 1 << 20
	largeAnswer = 32 << 20
)

// call is one request to be made, as often as it takes.
type call struct {
	client      *Client
	method      string
	path        string
	query       url.Values
	body        []byte
	contentType string
	limit       int64
	// repeatable says that doing it twice is the same as doing it once.
	repeatable bool
	signIn     bool
	secrets    []string
	broken     error // why the request cannot be made
}

// answer is a success with its whole body.
type answer struct {
	call   *call
	status int
	header http.Header
	body   []byte
}

func (c *Client) call(method, path string) *call {
	return &call{client: c, method: method, path: path, limit: smallAnswer, repeatable: method == http.MethodGet}
}

func (c *call) json(v any) *call {
	c.body, c.broken = json.Marshal(v)
	c.contentType = "application/json"
	return c
}

// repeat marks a write that may be repeated when it is not known whether it was carried out.
func (c *call) repeat() *call {
	c.repeatable = true
	return c
}

func (c *call) large() *call {
	c.limit = largeAnswer
	return c
}

// confidential lists the words that no error may repeat.
func (c *call) confidential() []string {
	var words []string
	for _, w := range append(c.secrets, *c.client.token) {
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}

func (c *call) request(ctx context.Context) (*http.Request, error) {
	address := c.client.server.base + c.path
	if len(c.query) > 0 {
		address += "?" + c.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, c.method, address, bytes.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Chatlane")
	if c.contentType != "" {
		req.Header.Set("Content-Type", c.contentType)
	}
	if *c.client.token != "" {
		// With hyphens: nginx drops header names with underscores (CONTRACT 2.1).
		req.Header.Set("Api-Access-Token", *c.client.token)
	}
	return req, nil
}

// into makes the call and decodes the answer's object into v, forgiving wrong types.
func (c *call) into(ctx context.Context, v any) error {
	a, err := c.do(ctx)
	if err != nil {
		return err
	}
	if firstByte(a.body) != '{' || unmarshal(a.body, v) != nil {
		return c.unexpected(a)
	}
	return nil
}

// entries makes the call and decodes the list that its answer is, or holds under payload.
func entries[T interface{ usable() bool }](ctx context.Context, c *call) ([]T, error) {
	a, err := c.do(ctx)
	if err != nil {
		return nil, err
	}
	var all []T
	if firstByte(a.body) == '[' {
		err = unmarshal(a.body, &all)
	} else {
		var w struct {
			Payload []T `json:"payload"`
		}
		err = unmarshal(a.body, &w)
		all = w.Payload
	}
	if err != nil || all == nil {
		return nil, c.unexpected(a)
	}
	kept, skipped := usableOf(all)
	c.noteSkipped(skipped)
	return kept, nil
}

// entry makes the call and decodes the object that its answer is; one without an id is none.
func entry[T interface{ usable() bool }](ctx context.Context, c *call) (T, error) {
	var v T
	a, err := c.do(ctx)
	if err != nil {
		return v, err
	}
	if firstByte(a.body) != '{' || unmarshal(a.body, &v) != nil || !v.usable() {
		return v, c.unexpected(a)
	}
	return v, nil
}

// done makes the call and ignores the body of its success.
func (c *call) done(ctx context.Context) error {
	_, err := c.do(ctx)
	return err
}

func (c *call) noteSkipped(n int) {
	if n > 0 {
		c.client.server.log.Warn("unusable entries in an answer", "method", c.method, "path", c.path, "skipped", n)
	}
}
