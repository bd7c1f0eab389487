package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// shelf has the facts of all cards of a board in memory: filters, searches and orders go through them there, because no index of a
// database serves every combination, and fifty thousand of them are gone through in two milliseconds. It is filled when somebody filters,
// kept current card by card, and dropped when nobody has for a while.
type shelf struct {
	board   kanban.BoardID
	account kanban.AccountID

	mu     sync.RWMutex
	cards  []kanban.Facts
	at     map[kanban.ConversationID]int
	full   bool
	texts  bool // the text for searches is there, too: most of what a shelf weighs
	keys   kanban.DealKeys
	shared map[string]string // labels, days and the like are the same for many cards

	dirt  sync.Mutex
	dirty map[kanban.ConversationID]bool
	used  time.Time
}

// shelves are those of all boards. The zero value is empty.
type shelves struct {
	mu   sync.Mutex
	kept map[kanban.BoardID]*shelf
}

// shelfIdle is after how long without use a shelf is dropped.
const shelfIdle = 15 * time.Minute

// of is a board's shelf. It is known before it is filled, so that no change is missed meanwhile.
func (s *shelves) of(b kanban.Board) *shelf {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, other := range s.kept {
		if id != b.ID && other.idle(now) {
			delete(s.kept, id)
		}
	}
	sh, ok := s.kept[b.ID]
	if !ok {
		if s.kept == nil {
			s.kept = map[kanban.BoardID]*shelf{}
		}
		sh = &shelf{board: b.ID, account: b.Account, dirty: map[kanban.ConversationID]bool{}}
		s.kept[b.ID] = sh
	}
	sh.dirt.Lock()
	defer sh.dirt.Unlock()
	sh.used = now
	return sh
}

func (sh *shelf) idle(now time.Time) bool {
	sh.dirt.Lock()
	defer sh.dirt.Unlock()
	return now.Sub(sh.used) > shelfIdle
}

// touched marks cards that have to be read anew.
func (s *shelves) touched(all []touch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sh := range s.kept {
		sh.soil(all)
	}
}

func (sh *shelf) soil(all []touch) {
	sh.dirt.Lock()
	defer sh.dirt.Unlock()
	for _, t := range all {
		if t.account == sh.account && (t.board == 0 || t.board == sh.board) {
			sh.dirty[t.conversation] = true
		}
	}
}

func (sh *shelf) takeDirty() []kanban.ConversationID {
	sh.dirt.Lock()
	defer sh.dirt.Unlock()
	if len(sh.dirty) == 0 {
		return nil
	}
	ids := make([]kanban.ConversationID, 0, len(sh.dirty))
	for id := range sh.dirty {
		ids = append(ids, id)
	}
	clear(sh.dirty)
	return ids
}

func (sh *shelf) clean() bool {
	sh.dirt.Lock()
	defer sh.dirt.Unlock()
	return len(sh.dirty) == 0
}

// facts calls do with the facts of all cards of a board, as the database has them by now. They must not be kept or changed.
func (s *Store) facts(ctx context.Context, b kanban.Board, texts bool, do func([]kanban.Facts)) error {
	sh, keys := s.shelves.of(b), s.dealKeys(b.Account)
	for {
		sh.mu.RLock()
		if sh.full && sh.keys == keys && (sh.texts || !texts) && sh.clean() {
			do(sh.cards)
			sh.mu.RUnlock()
			return nil
		}
		sh.mu.RUnlock()
		if err := s.tidy(ctx, sh, b, keys, texts); err != nil {
			return err
		}
	}
}

// tidy fills a shelf, or reads anew what changed.
func (s *Store) tidy(ctx context.Context, sh *shelf, b kanban.Board, keys kanban.DealKeys, texts bool) error {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	ids := sh.takeDirty() // before the database is read: what changes from here on is read once more
	if !sh.full || sh.keys != keys || texts && !sh.texts {
		sh.empty(keys, texts || sh.texts)
		return s.fill(ctx, sh, b)
	}
	for part := range slices.Chunk(ids, shelfPage) {
		if err := s.replace(ctx, sh, b, part); err != nil {
			sh.full = false
			return err
		}
	}
	return nil
}

func (sh *shelf) empty(keys kanban.DealKeys, texts bool) {
	sh.cards, sh.at, sh.full, sh.texts, sh.keys = nil, map[kanban.ConversationID]int{}, false, texts, keys
	sh.shared = map[string]string{}
}

// shelfPage is how many cards are read at once.
const shelfPage = 2000

func (s *Store) fill(ctx context.Context, sh *shelf, b kanban.Board) error {
	for after := kanban.ConversationID(0); ; {
		q := cardsOn(b)
		q.and("p.conversation_id > ?", int64(after))
		q.sql.WriteString(" ORDER BY p.conversation_id LIMIT ?")
		q.args = append(q.args, shelfPage)
		cards, err := s.cardsApart(ctx, q, b, shelfPage)
		if err != nil {
			return err
		}
		for _, c := range cards {
			sh.put(c)
			after = c.Conversation.ID
		}
		if len(cards) < shelfPage {
			sh.full = true
			return nil
		}
	}
}

func (s *Store) replace(ctx context.Context, sh *shelf, b kanban.Board, ids []kanban.ConversationID) error {
	q := cardsOn(b)
	q.and("p.conversation_id IN (SELECT value FROM json_each(?))", listOf(ids))
	cards, err := s.cardsApart(ctx, q, b, len(ids))
	if err != nil {
		return err
	}
	there := make(map[kanban.ConversationID]bool, len(cards))
	for _, c := range cards {
		there[c.Conversation.ID] = true
		sh.put(c)
	}
	for _, id := range ids {
		if !there[id] {
			sh.drop(id)
		}
	}
	return nil
}

func (sh *shelf) put(c kanban.Card) {
	x := kanban.FactsOf(c)
	if sh.texts {
		x = x.Searchable(c.Conversation)
	}
	sh.share(&x)
	if i, ok := sh.at[x.Conversation]; ok {
		sh.cards[i] = x
		return
	}
	sh.at[x.Conversation] = len(sh.cards)
	sh.cards = append(sh.cards, x)
}

// share keeps what many cards have in common once.
func (sh *shelf) share(x *kanban.Facts) {
	one := func(s string) string {
		if kept, ok := sh.shared[s]; ok {
			return kept
		}
		sh.shared[s] = s
		return s
	}
	labels := make([]string, len(x.Labels))
	for i, l := range x.Labels {
		labels[i] = one(l)
	}
	x.Labels, x.NextStepOn = labels, one(x.NextStepOn)
	x.Status, x.Priority = kanban.Status(one(string(x.Status))), kanban.Priority(one(string(x.Priority)))
}

func (sh *shelf) drop(id kanban.ConversationID) {
	i, ok := sh.at[id]
	if !ok {
		return
	}
	end := len(sh.cards) - 1
	sh.cards[i] = sh.cards[end]
	sh.at[sh.cards[i].Conversation] = i
	sh.cards[end] = kanban.Facts{}
	sh.cards = sh.cards[:end]
	delete(sh.at, id)
}
