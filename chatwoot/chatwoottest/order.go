package chatwoottest

import (
	"cmp"
	"slices"
)

// descending is decided by ordered for the orders that are kept both ways.
func (s scope) descending() bool {
	switch s.sort {
	case "created_at_asc", "last_activity_at_asc", "priority_asc", "priority_desc", "sort_on_priority",
		"waiting_since_asc", "waiting_since_desc", "sort_on_waiting_since", "priority_desc_created_at_asc":
		return false
	}
	return true
}

// ordered is the account in the order asked for, ascending where descending
// says so. The rare orders are sorted for the call.
func (s scope) ordered() []*conversation {
	k := &s.account.conversations
	switch s.sort {
	case "created_at_asc", "created_at_desc", "sort_on_created_at":
		return s.narrow(k.byCreated.all, compareCreated)
	case "priority_asc":
		return sorted(s.candidates(), func(a, b *conversation) int { return priorityRank(a, 5) - priorityRank(b, 5) })
	case "priority_desc", "sort_on_priority":
		return sorted(s.candidates(), func(a, b *conversation) int { return priorityRank(b, 0) - priorityRank(a, 0) })
	case "priority_desc_created_at_asc":
		return sorted(s.candidates(), func(a, b *conversation) int {
			return cmp.Or(priorityRank(b, 0)-priorityRank(a, 0), a.createdAt.Compare(b.createdAt))
		})
	case "waiting_since_asc", "sort_on_waiting_since":
		return sorted(s.candidates(), func(a, b *conversation) int { return compareWaiting(a, b, 1) })
	case "waiting_since_desc":
		return sorted(s.candidates(), func(a, b *conversation) int { return compareWaiting(a, b, -1) })
	}
	return s.narrow(k.byActivity.all, compareActivity)
}

// narrow sorts the few of a window instead of walking all of a kept order.
func (s scope) narrow(kept []*conversation, compare func(a, b *conversation) int) []*conversation {
	if s.since.IsZero() {
		return kept
	}
	return sorted(s.candidates(), compare)
}

func compareCreated(a, b *conversation) int {
	return cmp.Or(a.createdAt.Compare(b.createdAt), cmp.Compare(a.id, b.id))
}

func compareActivity(a, b *conversation) int {
	return cmp.Or(a.lastActivityAt.Compare(b.lastActivityAt), cmp.Compare(a.id, b.id))
}

// compareWaiting puts those that wait for nothing last, both ways.
func compareWaiting(a, b *conversation, direction int) int {
	switch {
	case a.waitingSince.IsZero() && b.waitingSince.IsZero():
		return cmp.Compare(a.id, b.id)
	case a.waitingSince.IsZero():
		return 1
	case b.waitingSince.IsZero():
		return -1
	}
	return direction * a.waitingSince.Compare(b.waitingSince)
}

var priorities = map[string]int{"low": 1, "medium": 2, "high": 3, "urgent": 4}

func priorityRank(v *conversation, none int) int {
	if v.priority == "" {
		return none
	}
	return priorities[v.priority]
}

func sorted(all []*conversation, compare func(a, b *conversation) int) []*conversation {
	mine := slices.Clone(all)
	slices.SortStableFunc(mine, compare)
	return mine
}
