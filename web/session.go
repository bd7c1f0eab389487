package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/chatlane/chatlane/kanban"
)

const (
	// sessionLife is how long somebody stays signed in at the most.
	sessionLife = 30 * 24 * time.Hour
	// sessionIdle is how long a session lasts without being used.
	sessionIdle = 7 * 24 * time.Hour
	// sessionSeenEvery is how often the use of a session is noted: not each request is worth a write.
	sessionSeenEvery = time.Hour
)

// whoKey is where a session keeps who signed in with it.
const whoKey = "who"

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store = newSessionStore(s.Sessions, s.Clock)
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.refuse(w, r, err) }
	m.Lifetime = sessionLife
	m.Cookie.Name = "chatlane"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	if s.secure() {
		m.Cookie.Secure = true
		m.Cookie.Name = "__Host-chatlane" // a browser takes this name only from the host itself and by https
	}
	return m
}

// kept is what a session keeps of whoever signed in with it.
type kept struct {
	// Operator is a hash of what the operator's password was; empty without the operator.
	Operator string `json:"operator,omitempty"`
	// OperatorSince is when the operator signed in, Seen when the session was last used: Unix seconds.
	OperatorSince int64        `json:"operator_since,omitempty"`
	People        []keptPerson `json:"people,omitempty"`
	Seen          int64        `json:"seen"`
}

// keptPerson is somebody who signed in with their own Chatwoot.
type keptPerson struct {
	ID kanban.PersonID `json:"id"`
	// Epoch counts how often they had signed out everywhere by then.
	Epoch int64 `json:"epoch"`
	Since int64 `json:"since"`
}

// keptIn is what the session in ctx keeps. What cannot be read is nothing: whoever it was signs in again.
func keptIn(ctx context.Context, m *scs.SessionManager) kept {
	var k kept
	if json.Unmarshal(m.GetBytes(ctx, whoKey), &k) != nil {
		return kept{}
	}
	return k
}

func (k kept) put(ctx context.Context, m *scs.SessionManager) {
	b, err := json.Marshal(k)
	if err != nil {
		panic(err) // numbers and a string
	}
	m.Put(ctx, whoKey, b)
}

func (k kept) empty() bool { return k.Operator == "" && len(k.People) == 0 }

// source is a place in which a request may say who it comes from. again asks for what is there by now, for a stream that outlives
// what its request began with.
type source func(r *http.Request, again bool) (kept, error)

// cookieSource reads the session of a cookie. The request passed the manager's LoadAndSave.
func (s *Server) cookieSource(m *scs.SessionManager) source {
	return func(r *http.Request, again bool) (kept, error) {
		if !again {
			k := keptIn(r.Context(), m)
			s.noteUse(r.Context(), m, k)
			return k, nil
		}
		cookie, err := r.Cookie(m.Cookie.Name)
		if err != nil {
			return kept{}, nil
		}
		// From a context of its own: the request's still holds the session as it was when the stream began.
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if ctx, err = m.Load(ctx, cookie.Value); err != nil {
			return kept{}, err
		}
		return keptIn(ctx, m), nil
	}
}

// noteUse notes now and then that a session and its people are still here.
func (s *Server) noteUse(ctx context.Context, m *scs.SessionManager, k kept) {
	now := s.Clock()
	if k.empty() || s.idle(k) || now.Sub(time.Unix(k.Seen, 0)) < sessionSeenEvery {
		return
	}
	k.Seen = now.Unix()
	k.put(ctx, m)
	for _, p := range k.People {
		if err := s.Store.PersonSeen(ctx, p.ID, now); err != nil {
			s.Logger.WarnContext(ctx, "note that somebody was here", "error", err.Error())
		}
	}
}

// idle reports whether a session was not used for too long.
func (s *Server) idle(k kept) bool { return s.Clock().Sub(time.Unix(k.Seen, 0)) > sessionIdle }

// enter opens a session for somebody, or adds them to whoever is still signed in with it. Its token is new, so that one planted before
// is worth nothing.
func (s *Server) enter(ctx context.Context, m *scs.SessionManager, add func(*kept, int64)) error {
	k, err := s.inForce(ctx, keptIn(ctx, m))
	if err != nil {
		return err
	}
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	now := s.Clock().Unix()
	add(&k, now)
	k.Seen = now
	k.put(ctx, m)
	return nil
}

// enterAsOperator opens a session for whoever knows the password or had the link.
func (s *Server) enterAsOperator(ctx context.Context, m *scs.SessionManager) error {
	return s.enter(ctx, m, func(k *kept, now int64) { k.Operator, k.OperatorSince = s.pass(), now })
}

// enterAs opens a session for a person. They take the place of whoever was signed in with the same Chatwoot.
func (s *Server) enterAs(ctx context.Context, m *scs.SessionManager, p kanban.Person) error {
	others, err := s.peopleOf(ctx, keptIn(ctx, m))
	if err != nil {
		return err
	}
	return s.enter(ctx, m, func(k *kept, now int64) {
		k.People = slices.DeleteFunc(k.People, func(other keptPerson) bool {
			return slices.ContainsFunc(others, func(o kanban.Person) bool { return o.ID == other.ID && o.BaseURL == p.BaseURL })
		})
		k.People = append(k.People, keptPerson{ID: p.ID, Epoch: p.Epoch, Since: now})
	})
}
