package chatwoot

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Client is one token speaking to one account. It is safe for concurrent use; In and Once return changed copies.
type Client struct {
	server *Server
	// token is a pointer so that no verb of package fmt prints it from within another struct.
	token   *string
	account int64
	lane    Lane
	once    bool
}

// Server returns the installation the client speaks to.
func (c *Client) Server() *Server { return c.server }

// AccountID returns the account the client speaks to.
func (c *Client) AccountID() int64 { return c.account }

// In returns a copy whose calls take the lane.
func (c *Client) In(lane Lane) *Client {
	d := *c
	d.lane = lane
	return &d
}

// Once returns a copy whose calls make a single attempt, for callers that repeat by their own rules.
func (c *Client) Once() *Client {
	d := *c
	d.once = true
	return &d
}

// String names the server and the account, never the token.
func (c *Client) String() string { return fmt.Sprintf("%s account %d", c.server.base, c.account) }

// GoString is String: %#v would print the fields.
func (c *Client) GoString() string { return c.String() }

// accountPath is a path below the account: Chatwoot's API is /api/v1/accounts/{id}/…
func (c *Client) accountPath(parts ...any) string {
	var path strings.Builder
	fmt.Fprintf(&path, "/api/v1/accounts/%d", c.account)
	for _, part := range parts {
		path.WriteString("/" + url.PathEscape(fmt.Sprint(part)))
	}
	return path.String()
}

func (c *Client) get(query url.Values, parts ...any) *call {
	k := c.call(http.MethodGet, c.accountPath(parts...))
	k.query = query
	return k
}

func (c *Client) post(body any, parts ...any) *call {
	return c.call(http.MethodPost, c.accountPath(parts...)).json(body)
}

func (c *Client) patch(body any, parts ...any) *call {
	return c.call(http.MethodPatch, c.accountPath(parts...)).json(body)
}

func (c *Client) delete(parts ...any) *call {
	return c.call(http.MethodDelete, c.accountPath(parts...))
}
