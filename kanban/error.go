package kanban

import (
	"errors"
	"fmt"
)

// The kinds of errors that the rules and the store answer with. Their sentences are found by templates, in the viewer's language.
var (
	// ErrNotFound: there is no such thing, or the viewer may not see it; both answer alike.
	ErrNotFound = errors.New("not found")
	// ErrStale: somebody changed it meanwhile.
	ErrStale = errors.New("changed meanwhile")
	// ErrBoardChanged is ErrStale about a board's settings.
	ErrBoardChanged = fmt.Errorf("the board was %w", ErrStale)
	// ErrForbidden: the viewer may see it but not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrUnavailable: the database cannot be written now, because the disk is full, say. Nothing was changed.
	ErrUnavailable = errors.New("the database cannot be written")
)

// InvalidError is a request that cannot be done as it is. Key names the sentence; Values fill it in.
type InvalidError struct {
	Key    string
	Values map[string]any
}

// Invalid makes an *InvalidError from a message key and pairs of names and values.
func Invalid(key string, pairs ...any) *InvalidError {
	e := &InvalidError{Key: key, Values: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Values[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return e
}

func (e *InvalidError) Error() string { return e.Key }
