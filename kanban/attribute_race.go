package kanban

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// Custom attributes are replaced as a whole, as labels are (race.go), and what two people change at the same moment is found in the same
// way: the webhook of each change tells the map before and after it.
//
//   - Before our own write stood something that we had not read: somebody changed it between our read and our write. It comes back.
//   - After our write somebody with an older view changed another attribute, and ours is what it was before. It comes back, too.

// fieldWrite is one write of ours.
type fieldWrite struct {
	base, written fields
	at            time.Time
	mends         int // how often something was restored because of it
}

const maxFieldMends = 3

// fieldRaces remembers our latest writes of each conversation.
type fieldRaces struct {
	mu     sync.Mutex
	writes map[conversationKey][]*fieldWrite
}

func newFieldRaces() *fieldRaces { return &fieldRaces{writes: map[conversationKey][]*fieldWrite{}} }

// begin remembers a write before it is sent: its webhook may be here before its answer.
func (r *fieldRaces) begin(key conversationKey, w fieldWrite) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, all := range r.writes {
		if all[len(all)-1].at.Before(w.at.Add(-raceMemory)) {
			delete(r.writes, k)
		}
	}
	r.writes[key] = append(r.writes[key], &w)
}

// lost is what a change of a conversation's attributes undid, by us or of ours: the values that are to come back, by key, and what stands
// there now.
func (r *fieldRaces) lost(key conversationKey, before, after fields, now time.Time) (wish, instead fields) {
	r.mu.Lock()
	defer r.mu.Unlock()
	wish, instead = fields{}, fields{}
	for _, w := range slices.Backward(r.writes[key]) {
		if w.mends >= maxFieldMends {
			continue
		}
		found := w.overwritten(before, after)
		if len(found) == 0 && now.Sub(w.at) <= raceWindow {
			found = w.undoneBy(before, after)
		}
		for k, value := range found {
			if _, newer := wish[k]; !newer {
				wish[k], instead[k] = value, after[k]
			}
		}
		if len(found) > 0 {
			w.mends++
		}
	}
	return wish, instead
}

// overwritten are others' values that our write took away: the change is our write, and what stood before it is not what we had read.
func (w *fieldWrite) overwritten(before, after fields) fields {
	lost := fields{}
	if !sameFields(after, w.written) {
		return lost
	}
	for _, k := range keysOf(before, w.base) {
		if before.at(k) != w.base.at(k) && w.written.at(k) == w.base.at(k) {
			lost[k] = before.wished(k)
		}
	}
	return lost
}

// undoneBy are our values that somebody with an older view took away while changing something else. Whoever changes nothing but ours
// means it.
func (w *fieldWrite) undoneBy(before, after fields) fields {
	lost, other := fields{}, false
	for _, k := range keysOf(before, after) {
		ours := w.written.at(k) != w.base.at(k)
		switch {
		case ours && before.at(k) == w.written.at(k) && after.at(k) == w.base.at(k):
			lost[k] = w.written.wished(k)
		case before.at(k) != after.at(k):
			other = true
		}
	}
	if !other {
		return fields{}
	}
	return lost
}

func sameFields(a, b fields) bool {
	for _, k := range keysOf(a, b) {
		if a.at(k) != b.at(k) {
			return false
		}
	}
	return true
}

func keysOf(a, b fields) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	return keys
}

// witnessFields hears of each change of attributes that a webhook tells, and has mended what a race undid.
func (s *accountSync) witnessFields(ctx context.Context, ev chatwoot.Event) {
	if ev.Conversation == nil {
		return
	}
	for _, change := range ev.Changes {
		if change.Attribute != "custom_attributes" {
			continue
		}
		before, errB := fieldsIn(change.Previous)
		after, errA := fieldsIn(change.Current)
		if errB != nil || errA != nil {
			continue
		}
		id := ConversationID(ev.Conversation.ID)
		if wish, instead := s.fieldRaces.lost(conversationKey{s.id, id}, before, after, s.Clock()); len(wish) > 0 {
			s.mending.Go(func() { s.mendFields(ctx, id, wish, instead) })
		}
	}
}

// mendFields brings back what a race undid, where nobody has decided otherwise since.
func (s *accountSync) mendFields(ctx context.Context, id ConversationID, wish, instead fields) {
	leave, err := s.Turn(ctx, s.id, id)
	if err != nil {
		return
	}
	defer leave()
	c, _, err := s.client(ctx, s.id)
	if err == nil {
		err = s.writeFields(ctx, c.In(chatwoot.LaneMove), Viewer{Account: s.id}, id, func(now fields) fields {
			still := fields{}
			for k, value := range wish {
				if now.at(k) == instead.at(k) {
					still[k] = value
				}
			}
			return still
		})
	}
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "restore attributes lost in a race", "conversation", int64(id), "error", err.Error())
		return
	}
	s.log.InfoContext(ctx, "attributes lost in a race restored", "conversation", int64(id), "count", len(wish))
}
