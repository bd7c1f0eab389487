package kanban

import (
	"maps"
	"slices"
	"time"
)

// Look is a filter made ready to be held against many cards: for one person, on one board, at one moment. It is not changed by use, so
// many may use it at once.
type Look struct {
	filter Filter
	board  Board
	sort   Sort
	viewer Viewer
	inbox  map[InboxID]bool
	all    bool
	me     AgentID

	today       string
	tooLong     Stamp // since when a customer waits too long
	since, till Stamp
	closedSince Stamp       // since when a card has to be in a closed stage to be shown; 0 for ever
	stages      []stageRule // few enough to be looked through

	terms  []term
	wanted needSet
}

// stageRule is what a stage means to its cards: that they are done with, or since when one is there too long, 0 for never.
type stageRule struct {
	stage   StageID
	closed  bool
	rotting Stamp
}

func (l *Look) rule(stage StageID) stageRule {
	for _, r := range l.stages {
		if r.stage == stage {
			return r
		}
	}
	return stageRule{}
}

// Look makes the filter ready. now has to be in the person's time zone: days begin and end there.
func (f Filter) Look(b Board, v Viewer, now time.Time) *Look {
	l := &Look{
		filter: f, board: b, sort: f.Order(b), viewer: v, inbox: map[InboxID]bool{}, all: v.SeesAll(), me: v.ID,
		today: now.Format(time.DateOnly), tooLong: StampOf(now.Add(-WaitingTooLong)),
		terms: termsOf(f.Text), wanted: setOf(f.Needs),
	}
	for _, i := range v.Inboxes {
		l.inbox[i] = v.Role != ""
	}
	for _, s := range b.Stages {
		rule := stageRule{stage: s.ID, closed: s.Kind != StageOpen}
		if !rule.closed && s.RottingDays > 0 {
			rule.rotting = StampOf(now.Add(-time.Duration(s.RottingDays) * 24 * time.Hour))
		}
		l.stages = append(l.stages, rule)
	}
	l.since, l.till = bounds(f, now.Location())
	if f.Closed > 0 {
		l.closedSince = StampOf(now.AddDate(0, 0, -f.Closed))
	}
	return l
}

// bounds are the first moment of a filter's days and the first one after them; 0 for no bound.
func bounds(f Filter, in *time.Location) (since, till Stamp) {
	if day, err := time.ParseInLocation(time.DateOnly, f.Since, in); err == nil {
		since = StampOf(day)
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.Until, in); err == nil {
		till = StampOf(day.AddDate(0, 0, 1))
	}
	return since, till
}

// Text reports whether the look searches, so that facts need the text for it.
func (l *Look) Text() bool { return len(l.terms) > 0 }

// Key is a card's place in the order that was asked for.
func (l *Look) Key(x *Facts) int64 { return l.sort.Key(x) }

// Lane is a card's group.
func (l *Look) Lane(x *Facts) Lane { return l.filter.Lanes.Of(x) }

// Matches reports whether a card is one of those looked for, whether or not the viewer may see it.
func (l *Look) Matches(x *Facts) bool { return l.base(x) && l.has(x) }

func (l *Look) has(x *Facts) bool { return l.wanted == 0 || l.needs(x)&l.wanted == l.wanted }

// Sees is Viewer.Sees.
func (l *Look) Sees(x *Facts) bool {
	if l.all {
		return true
	}
	if !l.inbox[x.Inbox] {
		return false
	}
	if !l.viewer.Narrow {
		return true
	}
	_, only := slices.BinarySearch(l.viewer.Only, x.Conversation)
	return only
}

// base reports whether a card matches everything but the needs.
func (l *Look) base(x *Facts) bool {
	f := &l.filter
	switch {
	case !holds(f.Agents, x.Agent), !holds(f.Teams, x.Team), !holds(f.Inboxes, x.Inbox), !holds(f.Stages, x.Stage),
		!holds(f.Priorities, x.Priority), !holds(f.Statuses, x.Status),
		l.since != 0 && x.CreatedAt < l.since, l.till != 0 && x.CreatedAt >= l.till,
		f.ValueMin != nil && (!x.Valued || x.Value < *f.ValueMin), f.ValueMax != nil && (!x.Valued || x.Value > *f.ValueMax),
		len(f.Labels) > 0 && !l.labelled(x), l.closedSince != 0 && x.EnteredAt < l.closedSince && l.rule(x.Stage).closed:
		return false
	}
	for i := range l.terms {
		if !l.terms[i].found(x) {
			return false
		}
	}
	return true
}

// labelled reports whether a card carries one of the labels looked for. A card on its way has the labels that it will have.
func (l *Look) labelled(x *Facts) bool {
	titles := x.Labels
	if x.Moving {
		titles = l.board.LabelsAfter(titles, x.Stage)
	}
	return slices.ContainsFunc(titles, func(t string) bool { return slices.Contains(l.filter.Labels, t) })
}

// Counts are what a look finds: all of it, by stage, and for each need how many cards there would be with that need besides.
type Counts struct {
	Stages map[StageID]Total
	Needs  map[Need]int
	All    int
	// Entered says when the cards of each stage came there.
	Entered map[StageID]Entered
	// Agents says how many of all each agent has: NeedMine differs from person to person, the rest does not.
	Agents map[AgentID]int
}

// Entered is when cards came to where they are: the mean of those of which it is known.
type Entered struct {
	Mean  Stamp
	Cards int
}

// For are the counts as one agent sees them.
func (c Counts) For(me AgentID) Counts {
	c.Needs = maps.Clone(c.Needs)
	c.Needs[NeedMine] = c.Agents[me]
	return c
}

// Tally is how a look goes through cards one by one and counts them.
type Tally struct {
	look   *Look
	sets   [1 << needCount]int // how many cards want exactly this
	stages []*stageTally       // few enough to be looked through
	agents agentCounts
	all    int
}

// agentCounts counts cards by agent. Most have small numbers, and a map takes longer than all that is counted besides.
type agentCounts struct {
	small []int
	large map[AgentID]int
}

const smallAgents = 4096

func (c *agentCounts) add(id AgentID, n int) {
	switch {
	case id < 0 || id >= smallAgents:
		if c.large == nil {
			c.large = map[AgentID]int{}
		}
		c.large[id] += n
		return
	case int(id) >= len(c.small):
		c.small = append(c.small, make([]int, int(id)+1-len(c.small))...)
	}
	c.small[id] += n
}

// each goes through the agents that have any.
func (c *agentCounts) each(do func(AgentID, int)) {
	for id, n := range c.small {
		if n > 0 {
			do(AgentID(id), n)
		}
	}
	for id, n := range c.large {
		do(id, n)
	}
}

type stageTally struct {
	stage StageID
	Total
	entered int64 // the sum of moments, each small enough that millions fit
	dated   int
}

// Tally begins to count.
func (l *Look) Tally() *Tally {
	return &Tally{look: l}
}

// Add looks at a card and reports whether it is one of those looked for, and seen.
func (t *Tally) Add(x *Facts) bool {
	l := t.look
	if !l.Sees(x) || !l.base(x) {
		return false
	}
	set := l.needs(x)
	t.sets[set]++
	if set&l.wanted != l.wanted {
		return false
	}
	t.all++
	t.agents.add(x.Agent, 1)
	total := t.of(x.Stage)
	total.add(x)
	if lane := l.Lane(x); lane != 0 {
		if total.Lanes == nil {
			total.Lanes = map[Lane]int{}
		}
		total.Lanes[lane]++
	}
	if !x.EnteredAt.IsZero() {
		total.entered += int64(x.EnteredAt)
		total.dated++
	}
	return true
}

func (t *Tally) of(stage StageID) *stageTally {
	for _, s := range t.stages {
		if s.stage == stage {
			return s
		}
	}
	s := &stageTally{stage: stage}
	t.stages = append(t.stages, s)
	return s
}

// Join adds what another count of the same look found among other cards.
func (t *Tally) Join(o *Tally) {
	t.all += o.all
	for set, n := range o.sets {
		t.sets[set] += n
	}
	o.agents.each(t.agents.add)
	for _, other := range o.stages {
		mine := t.of(other.stage)
		mine.join(other.Total)
		mine.entered += other.entered
		mine.dated += other.dated
	}
}

func (t *Total) join(o Total) {
	t.Count += o.Count
	t.Conflicts += o.Conflicts
	t.Valued += o.Valued
	t.Value = boundedSum(t.Value, o.Value)
	for lane, n := range o.Lanes {
		if t.Lanes == nil {
			t.Lanes = map[Lane]int{}
		}
		t.Lanes[lane] += n
	}
}

// boundedSum adds values, which are foreign: their sum must not overflow.
func boundedSum(a, b Amount) Amount { return min(max(a+b, -maxAmount<<8), maxAmount<<8) }

func (t *Total) add(x *Facts) {
	t.Count++
	if x.Conflict {
		t.Conflicts++
	}
	if !x.Valued {
		return
	}
	t.Valued++
	t.Value = boundedSum(t.Value, x.Value)
}

// Counts are what was counted.
func (t *Tally) Counts() Counts {
	c := Counts{Stages: map[StageID]Total{}, Needs: map[Need]int{}, Agents: map[AgentID]int{}, All: t.all, Entered: map[StageID]Entered{}}
	t.agents.each(func(id AgentID, n int) { c.Agents[id] = n })
	delete(c.Agents, 0)
	for _, total := range t.stages {
		c.Stages[total.stage] = total.Total
		if total.dated > 0 {
			c.Entered[total.stage] = Entered{Stamp(total.entered / int64(total.dated)), total.dated}
		}
	}
	for i, n := range Needs() {
		c.Needs[n] = t.with(t.look.wanted | 1<<i)
	}
	return c
}

// with is how many cards want all of a set, whatever else they want.
func (t *Tally) with(wanted needSet) (n int) {
	for set, cards := range t.sets {
		if needSet(set)&wanted == wanted {
			n += cards
		}
	}
	return n
}

// Place puts a card where it is in the look's order, and reports whether it is one of those looked for and seen.
func (l *Look) Place(c *Card) bool {
	x := FactsOf(*c)
	if l.Text() {
		x = x.Searchable(c.Conversation)
	}
	c.SortKey, c.Lane = l.Key(&x), l.Lane(&x)
	return l.Sees(&x) && l.Matches(&x)
}

// Found is the first cards of each stage that a look finds.
type Found struct {
	Counts  Counts
	Columns map[StageID]FoundColumn
}

// FoundColumn is a page of a column. Next is nil when there are no more.
type FoundColumn struct {
	Cards []Card
	Next  *Cursor
}

// Personal reports whether a filter finds something else for each person who sees the same.
func (f Filter) Personal() bool { return f.Has(NeedMine) }
