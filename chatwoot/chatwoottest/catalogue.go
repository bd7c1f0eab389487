package chatwoottest

import (
	"slices"
	"sort"
	"time"
)

// catalogue keeps an account's conversations findable by number and sorted by
// the three times that lists are asked for, so that a page costs the same in
// a shop of fifty thousand conversations as in one of fifty.
type catalogue struct {
	byID       map[int64]*conversation
	byCreated  ordering
	byActivity ordering
	byUpdated  ordering
	counts     map[countKey]int
}

// countKey splits the account the way the counters of a list are asked for.
type countKey struct {
	status   string
	inboxID  int64
	assignee int64
}

func newCatalogue() catalogue {
	return catalogue{
		byID:       map[int64]*conversation{},
		byCreated:  ordering{key: func(c *conversation) time.Time { return c.createdAt }},
		byActivity: ordering{key: func(c *conversation) time.Time { return c.lastActivityAt }},
		byUpdated:  ordering{key: func(c *conversation) time.Time { return c.updatedAt }},
		counts:     map[countKey]int{},
	}
}

func (k *catalogue) len() int { return len(k.byCreated.all) }

// add files one conversation under all orders.
func (k *catalogue) add(c *conversation) {
	k.byID[c.id] = c
	k.byCreated.insert(c)
	k.byActivity.insert(c)
	k.byUpdated.insert(c)
	k.counts[countsOf(c)]++
}

// load files many at once: one sort instead of as many insertions.
func (k *catalogue) load(many []*conversation) {
	for _, c := range many {
		k.byID[c.id] = c
		k.counts[countsOf(c)]++
	}
	for _, o := range []*ordering{&k.byCreated, &k.byActivity, &k.byUpdated} {
		o.all = append(o.all, many...)
		slices.SortFunc(o.all, o.compare)
	}
}

func (k *catalogue) remove(c *conversation) {
	delete(k.byID, c.id)
	k.byCreated.remove(c)
	k.byActivity.remove(c)
	k.byUpdated.remove(c)
	k.counts[countsOf(c)]--
}

// change takes the conversation out, lets fn change it, and files it again:
// the only way a filed conversation may change.
func (k *catalogue) change(c *conversation, fn func()) {
	if k.byID[c.id] != c {
		fn()
		return
	}
	counted := countsOf(c)
	created := k.byCreated.position(c)
	active := k.byActivity.position(c)
	updated := k.byUpdated.position(c)
	fn()
	k.byCreated.moved(created)
	k.byActivity.moved(active)
	k.byUpdated.moved(updated)
	if now := countsOf(c); now != counted {
		k.counts[counted]--
		k.counts[now]++
	}
}

func countsOf(c *conversation) countKey {
	return countKey{status: c.status, inboxID: c.inbox.id, assignee: c.assigneeID}
}

// ordering is a slice kept sorted by a time, ties broken by number.
type ordering struct {
	key func(*conversation) time.Time
	all []*conversation
}

func (o *ordering) compare(a, b *conversation) int {
	if d := o.key(a).Compare(o.key(b)); d != 0 {
		return d
	}
	return int(a.id - b.id)
}

func (o *ordering) position(c *conversation) int {
	return sort.Search(len(o.all), func(i int) bool { return o.compare(o.all[i], c) >= 0 })
}

func (o *ordering) insert(c *conversation) {
	o.all = slices.Insert(o.all, o.position(c), c)
}

func (o *ordering) remove(c *conversation) {
	if i := o.position(c); i < len(o.all) && o.all[i] == c {
		o.all = slices.Delete(o.all, i, i+1)
	}
}

// moved puts the element at i, whose key may have changed, where it belongs.
func (o *ordering) moved(i int) {
	c := o.all[i]
	fits := (i == 0 || o.compare(o.all[i-1], c) < 0) && (i == len(o.all)-1 || o.compare(c, o.all[i+1]) < 0)
	if fits {
		return
	}
	o.all = slices.Delete(o.all, i, i+1)
	o.insert(c)
}

// since returns those whose key is after the given time, newest last.
func (o *ordering) since(t time.Time) []*conversation {
	i := sort.Search(len(o.all), func(i int) bool { return o.key(o.all[i]).After(t) })
	return o.all[i:]
}
