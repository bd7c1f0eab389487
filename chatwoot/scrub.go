package chatwoot

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// The reasons why a body cannot be scrubbed.
var (
	ErrNotObject = errors.New("not a JSON object")
	ErrTooDeep   = errors.New("JSON nested too deeply")
)

// maxDepth is deeper than anything Chatwoot sends.
const maxDepth = 256

// Scrub returns the JSON object with the values of secret keys blanked wherever they are: text becomes "", anything else null. All
// other bytes stay as they were. Webhooks carry live credentials of the customer's session (CONTRACT 11.3), which nobody here needs.
//
// It looks at every byte once and does not check the rest of the JSON: what was broken stays broken.
func Scrub(body []byte) ([]byte, error) {
	s := scrubber{in: body, at: skipSpace(body, 0)}
	if s.at == len(body) || body[s.at] != '{' {
		return nil, ErrNotObject
	}
	if err := s.object(); err != nil {
		return nil, err
	}
	if s.copied == 0 {
		return bytes.Clone(body), nil
	}
	return append(s.out, body[s.copied:]...), nil
}

// scrubber copies in to out but for what it blanks.
type scrubber struct {
	in     []byte
	at     int
	out    []byte
	copied int // in[:copied] is done
}

// object reads from the opening brace to the end of the input.
func (s *scrubber) object() error {
	depth := 0
	for s.at < len(s.in) {
		switch s.in[s.at] {
		case '{', '[':
			if depth++; depth > maxDepth {
				return ErrTooDeep
			}
			s.at++
		case '}', ']':
			depth--
			s.at++
			if depth == 0 {
				return s.end()
			}
		case '"':
			if err := s.text(); err != nil {
				return err
			}
		default:
			s.at++
		}
	}
	return ErrNotObject
}

func (s *scrubber) end() error {
	if skipSpace(s.in, s.at) != len(s.in) {
		return ErrNotObject
	}
	return nil
}

// text reads a string; a colon after it makes it a key, and a secret key's value is blanked.
func (s *scrubber) text() error {
	start := s.at + 1
	end := stringEnd(s.in, start)
	if end < 0 {
		return ErrNotObject
	}
	s.at = end + 1
	colon := skipSpace(s.in, s.at)
	if colon == len(s.in) || s.in[colon] != ':' || !isSecretKey(s.in[start:end]) {
		return nil
	}
	return s.blank(skipSpace(s.in, colon+1))
}

// blank replaces the value that begins at the given place.
func (s *scrubber) blank(start int) error {
	end, err := valueEnd(s.in, start)
	if err != nil {
		return err
	}
	// What is thrown away has to be sound, or broken input would come out whole.
	if !json.Valid(s.in[start:end]) {
		return ErrNotObject
	}
	blank := "null"
	if s.in[start] == '"' {
		blank = `""`
	}
	if s.out == nil {
		s.out = make([]byte, 0, len(s.in)+16)
	}
	s.out = append(append(s.out, s.in[s.copied:start]...), blank...)
	s.copied, s.at = end, end
	return nil
}

// valueEnd returns where the value that begins at the given place ends.
func valueEnd(in []byte, at int) (int, error) {
	depth := 0
	for at < len(in) {
		switch in[at] {
		case '"':
			end := stringEnd(in, at+1)
			if end < 0 {
				return 0, ErrNotObject
			}
			at = end
		case '{', '[':
			if depth++; depth > maxDepth {
				return 0, ErrTooDeep
			}
		case '}', ']':
			if depth == 0 {
				return at, nil // the end of what is around a bare value
			}
			depth--
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return at, nil
			}
			at++
			continue
		default:
			at++
			continue
		}
		at++
		if depth == 0 {
			return at, nil
		}
	}
	return 0, ErrNotObject
}

// stringEnd returns the place of the quote that ends the string whose first byte is at the given place, -1 without one. Byte by byte:
// nearly all strings are shorter than what a search for a byte has to be to pay.
func stringEnd(in []byte, at int) int {
	for ; at < len(in); at++ {
		switch in[at] {
		case '"':
			return at
		case '\\':
			at++
		}
	}
	return -1
}

func skipSpace(in []byte, at int) int {
	for at < len(in) && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t') {
		at++
	}
	return at
}

// isSecretKey reports whether a key, as it stands between its quotes, names a secret.
func isSecretKey(key []byte) bool {
	if bytes.IndexByte(key, '\\') >= 0 {
		var s string
		if json.Unmarshal(slices.Concat([]byte{'"'}, key, []byte{'"'}), &s) != nil {
			return false // broken JSON, and stays so
		}
		key = []byte(s)
	}
	if len(key) < len("token") {
		return false
	}
	// Nearly all keys are told apart by their last letter.
	switch key[len(key)-1] | 0x20 {
	case 'n', 't', 'd', 'y', 'h', 'g':
		var lower [longestSecretName]byte
		return isSecretName(asciiLower(lower[:0], key[max(0, len(key)-len(lower)):]))
	}
	return false
}

// longestSecretName is longer than any name that isSecretName knows; of longer keys the end decides.
const longestSecretName = 32

// asciiLower appends the name in small letters: Chatwoot's keys are ASCII.
func asciiLower(to, name []byte) []byte {
	for _, b := range name {
		if b >= 'A' && b <= 'Z' {
			b |= 0x20
		}
		to = append(to, b)
	}
	return to
}

// isSecretName knows names by whole or by their last words, so that the token of a channel not known yet is blanked as well.
func isSecretName(name []byte) bool {
	switch string(name) {
	case "token", "secret", "password", "passwd", "apikey", "api_key", "private_key", "secret_key", "authorization", "provider_config",
		"identifier_hash":
		return true
	}
	last := bytes.LastIndexByte(name, '_')
	if last < 0 {
		return false
	}
	switch string(name[last+1:]) {
	case "token", "secret", "password":
		return true
	case "key":
		before := name[bytes.LastIndexByte(name[:last], '_')+1:]
		return string(before) == "api_key" || string(before) == "private_key" || string(before) == "secret_key"
	}
	return false
}
