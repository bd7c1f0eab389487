package store

import (
	"cmp"
	"context"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/chatlane/chatlane/kanban"
)

// spot is a card's place in an order.
type spot struct {
	lane kanban.Lane
	key  int64
	id   kanban.ConversationID
}

func spotOf(look *kanban.Look, x *kanban.Facts) spot {
	return spot{look.Lane(x), look.Key(x), x.Conversation}
}

// ahead compares places: the greatest lane comes first, in it the greatest key, then the greater conversation number.
func ahead(a, b spot) int {
	return cmp.Or(cmp.Compare(b.lane, a.lane), cmp.Compare(b.key, a.key), cmp.Compare(b.id, a.id))
}

// behind reports whether a place comes after another. Most do, and are done with at once.
func behind(a, b spot) bool {
	return a.lane < b.lane || a.lane == b.lane && (a.key < b.key || a.key == b.key && a.id < b.id)
}

// front is the first places of an order.
type front struct {
	stage kanban.StageID
	spots []spot
	limit int
}

// fronts are those of a board's stages: few enough to be looked through.
type fronts []*front

func (all *fronts) of(stage kanban.StageID, limit int) *front {
	for _, f := range *all {
		if f.stage == stage {
			return f
		}
	}
	f := &front{stage: stage, limit: limit}
	*all = append(*all, f)
	return f
}

func (f *front) add(s spot) {
	if len(f.spots) == f.limit && behind(s, f.spots[f.limit-1]) {
		return
	}
	i, _ := slices.BinarySearchFunc(f.spots, s, ahead)
	if len(f.spots) == f.limit {
		f.spots = f.spots[:f.limit-1]
	}
	f.spots = slices.Insert(f.spots, i, s)
}

// partSize is how many facts are worth a goroutine: some hundred microseconds of work. Tests have fewer and make it smaller.
var partSize = 4096

// inParts goes through facts on all processors. Parts come in any order and at once.
func inParts(all []kanban.Facts, do func([]kanban.Facts)) {
	n := min(runtime.GOMAXPROCS(0), len(all)/partSize+1)
	var parts sync.WaitGroup
	for part := range slices.Chunk(all, len(all)/n+1) {
		parts.Go(func() { do(part) })
	}
	parts.Wait()
}

// firstOf is the first cards of each stage that a look finds, and how many there are.
func (s *Store) firstOf(ctx context.Context, b kanban.Board, look *kanban.Look, limit int) (fronts, *kanban.Tally, error) {
	var mu sync.Mutex
	all, tally := fronts{}, look.Tally()
	err := s.facts(ctx, b, look.Text(), func(facts []kanban.Facts) {
		inParts(facts, func(part []kanban.Facts) {
			first, counted := firstAmong(look, part, limit)
			mu.Lock()
			defer mu.Unlock()
			tally.Join(counted)
			for _, f := range first {
				for _, p := range f.spots {
					all.of(f.stage, limit).add(p)
				}
			}
		})
	})
	return all, tally, err
}

// scattered goes through places from 0 to n in runs, and from run to run by the golden ratio: whatever order the places have, a few of the
// greatest come soon and keep the others out of a front. One after the other, a rising order would move all of the front for each.
func scattered(n int) iter.Seq[int] {
	const run = 64
	runs := (n + run - 1) / run
	step := max(int(float64(runs)*0.618), 1)
	for runs > 0 && gcd(step, runs) != 1 {
		step++
	}
	return func(yield func(int) bool) {
		for i, at := 0, 0; i < runs; i, at = i+1, (at+step)%runs {
			for place := at * run; place < min(at*run+run, n); place++ {
				if !yield(place) {
					return
				}
			}
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// firstAmong is firstOf of some facts.
func firstAmong(look *kanban.Look, facts []kanban.Facts, limit int) (fronts, *kanban.Tally) {
	all, tally := fronts{}, look.Tally()
	for i := range scattered(len(facts)) {
		x := &facts[i]
		if !tally.Add(x) {
			continue
		}
		all.of(x.Stage, limit).add(spotOf(look, x))
	}
	return all, tally
}

// next is the cursor of what follows after a page, nil when nothing does. The front has one place more than the page.
func (f *front) next() *Cursor {
	if len(f.spots) < f.limit {
		return nil
	}
	f.spots = f.spots[:f.limit-1]
	last := f.spots[len(f.spots)-1]
	return &Cursor{SortKey: last.key, Conversation: last.id, Lane: last.lane}
}

// Found is the first cards of each stage that a look finds, each column in the look's order.
func (s *Store) Found(ctx context.Context, b kanban.Board, v kanban.Viewer, look *kanban.Look, limit int) (kanban.Found, error) {
	if err := mine(b, v); err != nil {
		return kanban.Found{}, err
	}
	first, tally, err := s.firstOf(ctx, b, look, limit+1)
	found := kanban.Found{Counts: tally.Counts(), Columns: map[kanban.StageID]kanban.FoundColumn{}}
	if err != nil {
		return found, err
	}
	var ids []kanban.ConversationID
	for _, f := range first {
		found.Columns[f.stage] = kanban.FoundColumn{Next: f.next()}
		for _, p := range f.spots {
			ids = append(ids, p.id)
		}
	}
	cards, err := s.named(ctx, b, v, look, ids)
	for _, f := range first {
		column := found.Columns[f.stage]
		column.Cards = make([]kanban.Card, 0, len(f.spots))
		for _, p := range f.spots {
			if c := cards.get(p.id); c != nil && c.Stage == f.stage {
				column.Cards = append(column.Cards, *c)
			}
		}
		slices.SortFunc(column.Cards, bySortKey) // some may have changed since
		found.Columns[f.stage] = column
	}
	return found, err
}

func bySortKey(a, b kanban.Card) int {
	return ahead(spot{a.Lane, a.SortKey, a.Conversation.ID}, spot{b.Lane, b.SortKey, b.Conversation.ID})
}

// FoundAfter is a page of what a look finds, in a stage or, without one, on the whole board. The cursor is nil on the last page.
func (s *Store) FoundAfter(ctx context.Context, b kanban.Board, v kanban.Viewer, look *kanban.Look, stage *kanban.StageID, after *Cursor, limit int) ([]kanban.Card, *Cursor, error) {
	if err := mine(b, v); err != nil {
		return nil, nil, err
	}
	f := front{limit: limit + 1}
	err := s.facts(ctx, b, look.Text(), func(all []kanban.Facts) {
		for i := range scattered(len(all)) {
			x := &all[i]
			p := spotOf(look, x)
			if stage != nil && x.Stage != *stage || after != nil && ahead(p, spot{after.Lane, after.SortKey, after.Conversation}) <= 0 {
				continue
			}
			if look.Sees(x) && look.Matches(x) {
				f.add(p)
			}
		}
	})
	if err != nil {
		return nil, nil, err
	}
	next := f.next()
	ids := make([]kanban.ConversationID, len(f.spots))
	for i, p := range f.spots {
		ids[i] = p.id
	}
	byID, err := s.named(ctx, b, v, look, ids)
	cards := make([]kanban.Card, 0, len(ids))
	for _, id := range ids {
		if c := byID.get(id); c != nil && (stage == nil || c.Stage == *stage) {
			cards = append(cards, *c)
		}
	}
	return cards, next, err
}

// Counts are how many cards a look finds, and how many there would be with each need besides.
func (s *Store) Counts(ctx context.Context, b kanban.Board, v kanban.Viewer, look *kanban.Look) (kanban.Counts, error) {
	if err := mine(b, v); err != nil {
		return kanban.Counts{}, err
	}
	var mu sync.Mutex
	tally := look.Tally()
	err := s.facts(ctx, b, look.Text(), func(all []kanban.Facts) {
		inParts(all, func(part []kanban.Facts) {
			counted := look.Tally()
			for i := range part {
				counted.Add(&part[i])
			}
			mu.Lock()
			defer mu.Unlock()
			tally.Join(counted)
		})
	})
	return tally.Counts(), err
}

// FoundIDs are all cards that a look finds, in its order.
func (s *Store) FoundIDs(ctx context.Context, b kanban.Board, v kanban.Viewer, look *kanban.Look) ([]kanban.ConversationID, error) {
	if err := mine(b, v); err != nil {
		return nil, err
	}
	var spots []spot
	err := s.facts(ctx, b, look.Text(), func(all []kanban.Facts) {
		for i := range all {
			if x := &all[i]; look.Sees(x) && look.Matches(x) {
				spots = append(spots, spotOf(look, x))
			}
		}
	})
	slices.SortFunc(spots, ahead)
	ids := make([]kanban.ConversationID, len(spots))
	for i, p := range spots {
		ids[i] = p.id
	}
	return ids, err
}

// FoundCards are cards that FoundIDs named, in that order. Those that the look no longer finds are left out.
func (s *Store) FoundCards(ctx context.Context, b kanban.Board, v kanban.Viewer, look *kanban.Look, ids []kanban.ConversationID) ([]kanban.Card, error) {
	if err := mine(b, v); err != nil {
		return nil, err
	}
	byID, err := s.named(ctx, b, v, look, ids)
	cards := make([]kanban.Card, 0, len(ids))
	for _, id := range ids {
		if c := byID.get(id); c != nil {
			cards = append(cards, *c)
		}
	}
	return cards, err
}

// namedCards are cards that were asked for by number.
type namedCards struct {
	cards []kanban.Card
	at    map[kanban.ConversationID]int
}

// get is one of them, nil when it is not among them.
func (n *namedCards) get(id kanban.ConversationID) *kanban.Card {
	i, ok := n.at[id]
	if !ok {
		return nil
	}
	return &n.cards[i]
}

// named reads cards by number. What the look would not find as it is by now is left out; the others get their place in its order.
func (s *Store) named(ctx context.Context, b kanban.Board, v kanban.Viewer, look *kanban.Look, ids []kanban.ConversationID) (namedCards, error) {
	if len(ids) == 0 {
		return namedCards{}, nil
	}
	q := cardsOn(b)
	q.listed(v)
	q.and("p.conversation_id IN (SELECT value FROM json_each(?))", listOf(ids))
	cards, err := s.cards(ctx, q, b, len(ids))
	n := namedCards{cards, make(map[kanban.ConversationID]int, len(cards))}
	for i := range cards {
		if look.Place(&cards[i]) {
			n.at[cards[i].Conversation.ID] = i
		}
	}
	return n, err
}
