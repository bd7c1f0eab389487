package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
)

// who is whoever a request comes from.
type who struct {
	// operator is whoever runs the installation: they know the password or had the link.
	operator bool
	// people are whom the session was opened by, one for each Chatwoot.
	people []kanban.Person
	// out are the addresses of the Chatwoots at which somebody of this session has to sign in again.
	out []string
}

// nobody reports whether nobody is signed in.
func (w who) nobody() bool { return !w.operator && len(w.people) == 0 }

// at is whoever is signed in with a Chatwoot.
func (w who) at(baseURL string) (kanban.Person, bool) {
	i := slices.IndexFunc(w.people, func(p kanban.Person) bool { return p.BaseURL == baseURL })
	if i < 0 {
		return kanban.Person{}, false
	}
	return w.people[i], true
}

// who finds out whom a request comes from, once for each request.
func (s *Server) who(c echo.Context) (who, error) {
	if w, ok := c.Get(whoKey).(who); ok {
		return w, nil
	}
	w, err := s.identify(c.Request(), false)
	if err == nil {
		c.Set(whoKey, w)
	}
	return w, err
}

// whoAgain finds out whether it still comes from them, for a stream.
func (s *Server) whoAgain(r *http.Request) (who, error) { return s.identify(r, true) }

// identify asks one source after the other; the first that knows somebody decides.
func (s *Server) identify(r *http.Request, again bool) (who, error) {
	var found who
	for _, read := range s.sources {
		k, err := read(r, again)
		if err != nil {
			return who{}, err
		}
		w, err := s.whoKept(r.Context(), k)
		if err != nil {
			return who{}, err
		}
		if found.out = append(found.out, w.out...); !w.nobody() {
			found = w
			break
		}
	}
	found.operator = found.operator || s.Open
	return found, nil
}

// whoKept is whoever a session keeps and who is still signed in.
func (s *Server) whoKept(ctx context.Context, k kept) (who, error) {
	var w who
	if s.idle(k) {
		return w, nil
	}
	w.operator = !s.over(k.OperatorSince) && hmac.Equal([]byte(k.Operator), []byte(s.pass()))
	people, err := s.peopleOf(ctx, k)
	for _, p := range people {
		if p.Token == "" {
			w.out = append(w.out, p.BaseURL)
		} else {
			w.people = append(w.people, p)
		}
	}
	return w, err
}

// inForce is what is still valid of what a session keeps.
func (s *Server) inForce(ctx context.Context, k kept) (kept, error) {
	w, err := s.whoKept(ctx, k)
	if !w.operator {
		k.Operator, k.OperatorSince = "", 0
	}
	k.People = slices.DeleteFunc(slices.Clone(k.People), func(one keptPerson) bool {
		return !slices.ContainsFunc(w.people, func(p kanban.Person) bool { return p.ID == one.ID })
	})
	return k, err
}

// peopleOf are the people of a session who have not signed out everywhere since. Those whose token is gone are among them.
func (s *Server) peopleOf(ctx context.Context, k kept) ([]kanban.Person, error) {
	var people []kanban.Person
	for _, one := range k.People {
		p, err := s.Store.Person(ctx, one.ID)
		if errors.Is(err, kanban.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if p.Epoch == one.Epoch && !s.over(one.Since) {
			people = append(people, p)
		}
	}
	return people, nil
}

// over reports whether somebody who signed in then is signed out by now, however busy they were.
func (s *Server) over(since int64) bool { return s.Clock().Sub(time.Unix(since, 0)) > sessionLife }

// pass is what an operator's session must have been opened with. It changes with the password, so that a new one ends such sessions.
func (s *Server) pass() string {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte("session\x00" + s.Password))
	return hex.EncodeToString(mac.Sum(nil))
}
