package kanban

import "slices"

// Lanes is what the cards of each column are grouped by; empty for nothing.
type Lanes string

// What cards may be grouped by.
const (
	LanesAgent    Lanes = "agent"
	LanesTeam     Lanes = "team"
	LanesInbox    Lanes = "inbox"
	LanesPriority Lanes = "priority"
)

// AllLanes are all of them.
func AllLanes() []Lanes { return []Lanes{LanesAgent, LanesTeam, LanesInbox, LanesPriority} }

// Lane is a group of a column: the greatest comes first. 0 is that of a board without lanes.
type Lane int64

const (
	// LaneOfNone is for cards that nobody has, without a team or a priority.
	LaneOfNone Lane = 1
	// lanesLimit is more than any number that Chatwoot gives to people, teams or inboxes.
	lanesLimit = 1 << 40
)

// laneOf is the lane of a number: those that were there first come first.
func laneOf[T ~int64](n T) Lane {
	if n <= 0 || n >= lanesLimit-1 {
		return LaneOfNone
	}
	return Lane(lanesLimit - int64(n))
}

// Of is the lane of a card.
func (l Lanes) Of(x *Facts) Lane {
	switch l {
	case LanesAgent:
		return laneOf(x.Agent)
	case LanesTeam:
		return laneOf(x.Team)
	case LanesInbox:
		return laneOf(x.Inbox)
	case LanesPriority:
		return laneOfPriority(x.Priority)
	}
	return 0
}

func laneOfPriority(p Priority) Lane {
	all := Priorities()
	i := slices.Index(all, p)
	if i < 0 {
		return LaneOfNone
	}
	return Lane(len(all) - i)
}

// Names are what the lanes of an account are called. That of LaneOfNone has none; priorities are named in each language.
func (l Lanes) Names(cat *Catalog) map[Lane]string {
	names := map[Lane]string{}
	switch l {
	case LanesAgent:
		for _, a := range cat.Agents {
			names[laneOf(a.ID)] = a.Name
		}
	case LanesTeam:
		for _, t := range cat.Teams {
			names[laneOf(t.ID)] = t.Name
		}
	case LanesInbox:
		for _, i := range cat.Inboxes {
			names[laneOf(i.ID)] = i.Name
		}
	case LanesPriority:
		for _, p := range Priorities() {
			names[laneOfPriority(p)] = string(p)
		}
	}
	delete(names, LaneOfNone)
	return names
}
