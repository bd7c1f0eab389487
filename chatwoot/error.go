package chatwoot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// maxErrorBody bounds what an Error keeps of an answer, in bytes.
const maxErrorBody = 512

// Error is a call that did not succeed. It holds no token: what the caller sent in confidence is blanked in Body.
type Error struct {
	Method string
	Path   string // without the query, which may hold personal data
	Status int    // 0 when no answer arrived
	Kind   Kind
	// Reason narrows KindUnreachable and KindBroken down: dns, refused, tls, network, reset, cut short.
	Reason string
	// Attributes are the fields that a validation refused (CONTRACT 3).
	Attributes []string
	// Body is the beginning of the answer, at most 512 bytes. Chatwoot translates it: show it, never branch on it.
	Body string
	// Location is where a redirect led to, without its query. Redirects are never followed.
	Location string
	// RetryAt is when a throttled call may be tried again; zero otherwise.
	RetryAt time.Time

	date  time.Time // the server's clock, when it said so
	cause error
	again bool // do may repeat the call
}

func (e *Error) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "chatwoot: %s %s: %s", e.Method, e.Path, e.Kind)
	if e.Reason != "" {
		fmt.Fprintf(&s, " (%s)", e.Reason)
	}
	if e.Status != 0 {
		fmt.Fprintf(&s, ", status %d", e.Status)
	}
	if len(e.Attributes) > 0 {
		fmt.Fprintf(&s, ", attributes %q", e.Attributes)
	}
	return s.String()
}

// Is reports whether target is the error's Kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// Unwrap returns what lies beneath: a network error, or the context's.
func (e *Error) Unwrap() error { return e.cause }

// MayHaveHappened reports whether Chatwoot may have carried the request out although no good answer came:
// a write is then to be verified, not assumed lost.
func (e *Error) MayHaveHappened() bool {
	switch e.Kind {
	case KindTimeout, KindBroken, KindUnavailable, KindTooLarge, KindCanceled, KindNotChatwoot:
		return true
	}
	return false
}

// Message returns the sentence in Body that Chatwoot meant for people, in the language of the account; empty without one.
func (e *Error) Message() string {
	r, _ := readRefusal([]byte(e.Body))
	switch {
	case r.Message != "":
		return r.Message
	case r.Error != "":
		return r.Error
	case len(r.Errors) > 0:
		return r.Errors[0]
	}
	return ""
}

// refusal is the union of the bodies that Chatwoot's refusals come in (CONTRACT 2.4, 2.6, 3).
type refusal struct {
	Error      string `json:"error"`
	Message    string `json:"message"`
	ErrorCode  string `json:"error_code"`
	Errors     titles `json:"errors"`
	Attributes titles `json:"attributes"`
}

func readRefusal(body []byte) (refusal, bool) {
	var r refusal
	return r, unmarshal(body, &r) == nil && firstByte(body) == '{'
}

// refused makes the error of an answer that is not a success.
func (c *call) refused(a *answer) *Error {
	e := c.fail(KindInvalid)
	e.Status, e.date = a.status, serverDate(a.header)
	e.Body = c.excerpt(a.body)
	r, isJSON := readRefusal(a.body)
	e.Attributes = r.Attributes
	switch {
	case a.status == http.StatusTooManyRequests:
		e.Kind = KindThrottled
	case a.status >= 500 || a.status == http.StatusRequestTimeout:
		e.Kind = KindUnavailable
	case a.status >= 300 && a.status < 400:
		e.Kind, e.Location = KindNotChatwoot, redirectTarget(a.header)
	case a.status == http.StatusBadRequest && len(bytes.TrimSpace(a.body)) == 0:
		e.Kind = KindInvalid // broken JSON is answered with an empty 400
	case !isJSON:
		e.Kind = KindNotChatwoot // every refusal of Chatwoot's API is a JSON object; a bare 404 page says nothing of the record
	case c.signIn:
		e.Kind = signInKind(a.status, r)
	default:
		e.Kind = statusKind(a.status, r)
	}
	return e
}

func statusKind(status int, r refusal) Kind {
	switch status {
	case http.StatusUnauthorized:
		return unauthorizedKind(r)
	case http.StatusPaymentRequired:
		return KindPlanLimit
	case http.StatusForbidden:
		return KindForbidden
	case http.StatusNotFound:
		return KindNotFound
	}
	return KindInvalid
}

// unauthorizedKind tells the 401 answers apart (CONTRACT 2.6). The signed-out one is known by its shape, a list of errors; the
// others by their text, which Chatwoot does not translate. An unknown one counts as a refusal: nothing but the exact words says
// that a token is dead.
func unauthorizedKind(r refusal) Kind {
	text := strings.ToLower(r.Error)
	switch {
	case r.Error == "" && len(r.Errors) > 0:
		return KindHeaderDropped
	case text == "invalid access token":
		return KindBadToken
	case strings.Contains(text, "suspended"):
		return KindSuspended
	case strings.Contains(text, "for bots"), strings.HasPrefix(text, "bot is not"):
		return KindBotToken
	case strings.Contains(text, "access this account"):
		return KindNotMember
	}
	return KindNotAllowed
}

// unexpected is the error of a success whose body is not what was due.
func (c *call) unexpected(a *answer) *Error {
	e := c.fail(KindNotChatwoot)
	e.Status = a.status
	// The beginning of a web page helps to see who answered. Of JSON nothing is kept: it may hold tokens.
	if b := firstByte(a.body); b != '{' && b != '[' {
		e.Body = c.excerpt(a.body)
	}
	return e
}

func (c *call) fail(k Kind) *Error { return &Error{Method: c.method, Path: c.path, Kind: k} }

// excerpt bounds a body and blanks what was sent in confidence. It blanks before it cuts, or half a token would stay.
func (c *call) excerpt(body []byte) string {
	s := string(body[:min(len(body), 64*maxErrorBody)])
	for _, word := range c.confidential() {
		s = strings.ReplaceAll(s, word, "[hidden]")
	}
	if len(s) > maxErrorBody {
		s = s[:maxErrorBody]
	}
	for s != "" && !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	return s
}

// unmarshal decodes JSON and forgives values of the wrong type: they stay zero. Only broken JSON is an error.
func unmarshal(body []byte, v any) error {
	err := json.Unmarshal(body, v)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil
	}
	return err
}

func firstByte(body []byte) byte {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) == 0 {
		return 0
	}
	return body[0]
}

// redirectTarget returns where a redirect leads, without query and fragment: enough to see that https or another path is meant.
func redirectTarget(h http.Header) string {
	u, err := url.Parse(h.Get("Location"))
	if err != nil {
		return ""
	}
	target := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return target.String()[:min(len(target.String()), maxErrorBody)]
}
