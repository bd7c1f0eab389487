package web

import (
	"sync"

	"github.com/chatlane/chatlane/kanban"
)

// sights remembers since when people see what they see. A page that was drawn before is not to be brought up to date: it shows what is
// hidden from them by now, or lacks what is not.
type sights struct {
	mu   sync.Mutex
	last map[sightKey]sighted
}

type sightKey struct {
	person  kanban.PersonID
	account kanban.AccountID
}

type sighted struct {
	sight   string
	changed bool   // since it was first noted
	since   uint64 // the latest event when it changed
}

// note takes down what somebody sees at the time of an event.
func (s *sights) note(v kanban.Viewer, seq uint64) {
	key, sight := sightKey{v.Person, v.Account}, v.Sight()
	s.mu.Lock()
	defer s.mu.Unlock()
	old, known := s.last[key]
	if known && old.sight == sight {
		return
	}
	if s.last == nil {
		s.last = map[sightKey]sighted{}
	}
	s.last[key] = sighted{sight, known, seq}
}

// changed reports whether somebody sees something else than at the time of an event.
func (s *sights) changed(v kanban.Viewer, after uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.last[sightKey{v.Person, v.Account}]
	return now.changed && after <= now.since
}
