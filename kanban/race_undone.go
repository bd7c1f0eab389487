package kanban

import (
	"cmp"
	"maps"
	"slices"
)

// undone are the labels of a conversation that are not as somebody wanted them because of a write of ours: true for those that they
// added and that we took off, false for those that they took off and that are back.
func (r *races) undone(key conversationKey, board func(BoardID) (Board, bool)) map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, ok := r.traces[key]
	if !ok || len(t.writes) == 0 {
		return nil
	}
	s := story{wants: map[string]want{}, undone: map[string]bool{}, restored: map[string]restored{}}
	for _, e := range t.timeline() {
		if e.write == nil {
			s.theirs(e)
		} else {
			s.ours(e, board)
		}
	}
	return s.undone
}

// episode is one change of a conversation's labels in the order in which Chatwoot made them.
type episode struct {
	labelNews
	write *labelWrite // nil: somebody else's
	told  bool        // by Chatwoot; or supposed, for a write whose webhook is not here
}

// timeline is what was told, with our writes found in it. A write that was answered and not told of stands where it was over at the
// latest: whatever is mended for it is read anew first.
func (t *trace) timeline() []episode {
	line := make([]episode, 0, len(t.news)+len(t.writes))
	for _, n := range t.news {
		line = append(line, episode{labelNews: n, told: true})
	}
	var supposed []episode
	for _, w := range t.writes {
		if i := w.find(line); i >= 0 {
			line[i].write = w
		} else if w.until != 0 {
			supposed = append(supposed, episode{labelNews: labelNews{at: millisOf(w.until), before: w.base, after: w.written}, write: w})
		}
	}
	line = append(line, supposed...)
	slices.SortStableFunc(line, func(a, b episode) int { return cmp.Or(cmp.Compare(a.at, b.at), a.oursLast(b)) })
	return line
}

// oursLast takes a change in the same millisecond as a write of ours for the earlier one, that is for undone. If it is not, whoever
// mends finds it there.
func (e episode) oursLast(o episode) int {
	switch {
	case e.write == nil && o.write != nil:
		return -1
	case e.write != nil && o.write == nil:
		return 1
	}
	return 0
}

// find is where Chatwoot tells of a write: the first change after what it was worked out from that left the labels as written, and
// that is no other write's. What it tells as "before" proves nothing: in two requests at once it is an old view, too (recordings,
// "race 2").
func (w *labelWrite) find(line []episode) int {
	return slices.IndexFunc(line, func(e episode) bool {
		return e.write == nil && e.at >= millisOf(w.since) && (w.until == 0 || e.at <= millisOf(w.until)) && sameTitles(e.after, w.written)
	})
}

func millisOf(micros int64) int64 { return micros / 1000 }

// story follows what people wanted, label by label.
type story struct {
	wants    map[string]want
	undone   map[string]bool
	restored map[string]restored
}

// want is what somebody last made of a label.
type want struct {
	on bool
	at int64
}

// restored is when and how often a label was mended.
type restored struct {
	at    int64
	times int
}

// theirs follows somebody else's change. If it undoes a mend and changes another label with it, it is an older view of the labels, as
// our own write had been; something that does so each time wins in the end.
func (s *story) theirs(e episode) {
	changed := append(minus(e.after, e.before), minus(e.before, e.after)...)
	for _, title := range changed {
		on := slices.Contains(e.after, title)
		r, mended := s.restored[title]
		if mended && len(changed) > 1 && s.wants[title].on != on && e.at-r.at <= raceWindow.Milliseconds() {
			if r.times < overwrites {
				s.undone[title] = !on
			}
			continue
		}
		s.wants[title] = want{on, e.at}
		delete(s.undone, title)
	}
}

// ours follows a write of ours: it undoes what was wanted after it was worked out. A move means its stage.
func (s *story) ours(e episode, board func(BoardID) (Board, bool)) {
	if e.told {
		s.untold(e)
	}
	if !e.write.mend {
		b, _ := board(e.write.move.Board)
		moved := append(minus(e.write.base, e.write.written), minus(e.write.written, e.write.base)...)
		s.drop(func(title string) bool { return slices.Contains(moved, title) || len(b.StagesIn([]string{title})) > 0 })
	}
	for title, w := range s.wants {
		on := slices.Contains(e.after, title)
		if slices.Contains(e.write.base, title) == w.on {
			delete(s.undone, title)
		}
		switch {
		case on != w.on && unseen(e.write, title, w):
			s.undone[title] = w.on
		case on == w.on:
			s.mended(title, e)
		}
	}
}

// mended follows that a label is as it was wanted again.
func (s *story) mended(title string, e episode) {
	if _, waits := s.undone[title]; waits && e.write.mend {
		s.restored[title] = restored{at: e.at, times: s.restored[title].times + 1}
	}
	delete(s.undone, title)
}

// drop forgets what was wanted of some labels.
func (s *story) drop(which func(title string) bool) {
	maps.DeleteFunc(s.wants, func(title string, _ want) bool { return which(title) })
	maps.DeleteFunc(s.undone, func(title string, _ bool) bool { return which(title) })
}

// untold takes for somebody's change what differs between what a write was worked out from and what Chatwoot tells it replaced, if
// nothing else told of it.
func (s *story) untold(e episode) {
	for _, title := range append(minus(e.before, e.write.base), minus(e.write.base, e.before)...) {
		w := want{on: slices.Contains(e.before, title), at: e.at}
		if known, ok := s.wants[title]; !ok || !unseen(e.write, title, known) {
			s.wants[title] = w
		}
	}
}

// unseen reports whether a wish came after the read that a write was worked out from.
func unseen(w *labelWrite, title string, x want) bool {
	since := millisOf(w.since)
	return x.at > since || x.at == since && slices.Contains(w.base, title) != x.on
}
