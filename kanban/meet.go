package kanban

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// strangers are titles that conversations carry and that are no labels of the account (CONTRACT 6.2.3), as the list said last.
type strangers struct {
	mu     sync.Mutex
	titles map[string]bool
	rest   time.Time // until then the labels are not listed for a stranger
}

const (
	// meetPatience bounds how long the application of webhooks waits for a list of labels.
	meetPatience = 3 * time.Second
	// meetRest is how long no list is asked for after one failed: webhooks must not wait, nor use up the budget, while Chatwoot is away.
	meetRest = 15 * time.Second
)

// resting reports whether a list failed a moment ago.
func (s *strangers) resting(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Before(s.rest)
}

func (s *strangers) restUntil(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = t
}

// strangersLimit bounds what is remembered; beyond it one list more is read.
const strangersLimit = 10_000

func (s *strangers) know(title string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.titles[title]
}

func (s *strangers) add(titles []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.titles == nil || len(s.titles) > strangersLimit {
		s.titles = map[string]bool{}
	}
	for _, t := range titles {
		s.titles[t] = true
	}
}

func (s *strangers) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.titles = nil
}

// meetLabels lists the account's labels before snapshots are applied that carry a title nobody knows: it may be the new title of a
// label that was renamed a moment ago, and the card must not leave its stage for that. When Chatwoot does not answer, the snapshots are
// applied as they are.
func (s *accountSync) meetLabels(ctx context.Context, snaps []Snapshot) {
	catalog, err := s.Store.Catalog(ctx, s.id)
	if err != nil {
		return
	}
	unknown := s.unknown(catalog, snaps)
	if len(unknown) == 0 || s.strangers.resting(s.Clock()) {
		return
	}
	c, _, err := s.client(ctx, s.id)
	if err != nil {
		return
	}
	asking, cancel := context.WithTimeout(ctx, meetPatience)
	defer cancel()
	labels, err := c.In(chatwoot.LaneBackground).Once().Labels(asking)
	if err != nil {
		s.strangers.restUntil(s.Clock().Add(meetRest))
		s.log.InfoContext(ctx, "list labels for an unknown title", "error", err.Error())
		return
	}
	next := present(*catalog)
	next.Labels = labelsOf(labels)
	change, err := s.Store.SaveCatalog(ctx, s.id, next)
	if err != nil {
		s.log.WarnContext(ctx, "save labels", "error", err.Error())
		return
	}
	for _, b := range change.Boards {
		s.boardChanged(b)
	}
	s.strangers.add(unknown) // what became a label is found in the catalogue before anybody asks here
}

// unknown are the titles of snapshots that are neither labels, nor former ones, nor known strangers.
func (s *accountSync) unknown(catalog *Catalog, snaps []Snapshot) []string {
	titles := TitlesOf(catalog.Labels)
	var unknown []string
	for _, snap := range snaps {
		for _, t := range snap.Labels {
			t = strings.ToLower(t)
			if _, ok := titles.Label(t); !ok && !s.strangers.know(t) {
				unknown = append(unknown, t)
			}
		}
	}
	return unknown
}

// present is a catalogue without what is gone.
func present(c Catalog) Catalog {
	c.Inboxes = slices.DeleteFunc(slices.Clone(c.Inboxes), func(x Inbox) bool { return x.Gone })
	c.Agents = slices.DeleteFunc(slices.Clone(c.Agents), func(x Agent) bool { return x.Gone })
	c.Teams = slices.DeleteFunc(slices.Clone(c.Teams), func(x Team) bool { return x.Gone })
	return c
}
