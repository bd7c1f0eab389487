package kanban

import "time"

// Stays says how long a card has been in each stage of a board altogether, the present stay until now included. history is the oldest
// first; a stay that began before Chatlane saw it is left out, since nobody knows how long it was.
func Stays(history []Transition, now time.Time) map[StageID]time.Duration {
	stays := map[StageID]time.Duration{}
	for i, t := range history {
		until := now
		if i+1 < len(history) {
			until = history[i+1].At
		}
		if began(t) && until.After(t.At) {
			stays[t.To] += until.Sub(t.At)
		}
	}
	return stays
}

// began reports whether a stay began with a transition, and not at some time before it.
func began(t Transition) bool { return t.Source != FromImport && !t.At.IsZero() }
