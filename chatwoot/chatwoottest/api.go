package chatwoottest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// call is one request after authentication.
type call struct {
	*Server
	r       *http.Request
	account *account
	who     actor
	role    string         // administrator or agent, empty for a bot
	body    map[string]any // parsed JSON or form
}

// answer is what goes back.
type answer struct {
	status int
	body   any    // JSON unless text is set; nil sends an empty body
	text   string // plain body
	kind   string // its content type
	header http.Header
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// done is 200 with an empty body, noContent the 204 of a few deletions.
func done() answer { return answer{status: http.StatusOK, kind: "application/json"} }

func noContent() answer { return answer{status: http.StatusNoContent} }

// Refusals, worded as CONTRACT 2.6 and 3 list them.
func failure(status int, message string) answer {
	return answer{status: status, body: map[string]any{"error": message}}
}

func notFound() answer { return failure(http.StatusNotFound, "Resource could not be found") }

func refused() answer {
	return failure(http.StatusUnauthorized, "You are not authorized to do this action")
}

func unprocessable(message string) answer { return failure(http.StatusUnprocessableEntity, message) }

func invalid(message string, attributes ...string) answer {
	return answer{status: http.StatusUnprocessableEntity, body: map[string]any{"message": message, "attributes": attributes}}
}

func crashed() answer {
	return answer{
		status: http.StatusInternalServerError, kind: "application/json; charset=UTF-8",
		body: map[string]any{"status": 500, "error": "Internal Server Error"},
	}
}

func badRequest() answer {
	return answer{status: http.StatusBadRequest, kind: "text/html; charset=UTF-8"}
}

func retryLater() answer {
	return answer{status: http.StatusTooManyRequests, text: "Retry later\n", kind: "text/plain", header: http.Header{"Cache-Control": {"no-cache"}}}
}

// send writes the answer with the headers Rails adds.
func (a answer) send(w http.ResponseWriter) {
	var body []byte
	switch {
	case a.text != "":
		body = []byte(a.text)
	case a.body != nil:
		// Answers write & and < as they are; webhooks and frames escape them.
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(a.body); err != nil {
			a.status = http.StatusInternalServerError
		}
		body = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	}
	h := w.Header()
	if a.kind == "" && a.status != http.StatusNoContent {
		a.kind = "application/json; charset=utf-8"
	}
	if a.kind != "" {
		h.Set("Content-Type", a.kind)
	}
	h.Set("Cache-Control", "max-age=0, private, must-revalidate")
	maps.Copy(h, a.header)
	if a.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}

// maxBody bounds what a request may send.
const maxBody = 10 << 20

var errBrokenJSON = errors.New("broken JSON")

// parseBody reads JSON, or the fields of a form, into a map.
func parseBody(r *http.Request) (map[string]any, error) {
	kind := r.Header.Get("Content-Type")
	if strings.HasPrefix(kind, "multipart/form-data") || strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		return parseForm(r)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(raw)) == 0 || !strings.Contains(kind, "json") {
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var parsed any
	if err := decoder.Decode(&parsed); err != nil || decoder.More() {
		return nil, errBrokenJSON
	}
	if body, isMap := parsed.(map[string]any); isMap {
		return body, nil
	}
	return map[string]any{"_json": parsed}, nil
}

func parseForm(r *http.Request) (map[string]any, error) {
	if err := r.ParseMultipartForm(maxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, err
	}
	body := map[string]any{}
	for name, values := range r.PostForm {
		if trimmed, isList := strings.CutSuffix(name, "[]"); isList {
			list := make([]any, len(values))
			for i, value := range values {
				list[i] = value
			}
			body[trimmed] = list
			continue
		}
		body[name] = values[0]
	}
	return body, nil
}

// unwrap accepts {"label":{…}} as well as {…} (CONTRACT 1).
func (c *call) unwrap(root string) {
	if inner, isMap := c.body[root].(map[string]any); isMap {
		c.body = inner
	}
}

func (c *call) has(key string) bool {
	_, given := c.body[key]
	return given
}

// text is a string parameter; numbers are taken as Rails would print them.
func (c *call) text(key string) string { return asText(c.body[key]) }

func (c *call) optionalText(key string) *string {
	if c.body[key] == nil {
		return nil
	}
	text := c.text(key)
	return &text
}

func (c *call) number(key string) int64 { return asNumber(c.body[key]) }

func (c *call) flag(key string) bool {
	switch v := c.body[key].(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	}
	return false
}

func (c *call) object(key string) map[string]any {
	object, _ := c.body[key].(map[string]any)
	return object
}

// list is an array parameter as strings, nil when it is not an array.
func (c *call) list(key string) []string { return asList(c.body[key]) }

// pathID is a number in the path, 0 if it is none.
func (c *call) pathID(name string) int64 {
	id, _ := strconv.ParseInt(c.r.PathValue(name), 10, 64)
	return id
}

func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func asNumber(v any) int64 {
	n, _ := strconv.ParseInt(asText(v), 10, 64)
	return n
}

func asList(v any) []string {
	array, isList := v.([]any)
	if !isList {
		return nil
	}
	texts := make([]string, 0, len(array))
	for _, one := range array {
		texts = append(texts, asText(one))
	}
	return texts
}

func (c *call) read(fn func()) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	fn()
}
