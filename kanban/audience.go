package kanban

import "slices"

// Audience is who of an account may open a board besides its administrators: everybody, or the people and the members of the teams
// that are named.
type Audience struct {
	// Chosen says that only those who follow may.
	Chosen bool      `json:"chosen,omitempty"`
	Teams  []TeamID  `json:"teams,omitempty"`
	People []AgentID `json:"people,omitempty"`
}

// Enters reports whether the viewer may open a board. A board of others is not there for them; neither is one that was put away.
func (v Viewer) Enters(b Board) bool {
	switch {
	case v.Account != b.Account || v.Role == "":
		return false
	case v.SeesAll():
		return true
	case !b.ArchivedAt.IsZero():
		return false
	}
	return !b.Audience.Chosen || b.Audience.names(v)
}

func (a Audience) names(v Viewer) bool {
	if slices.Contains(a.People, v.ID) {
		return true
	}
	return slices.ContainsFunc(v.Teams, func(t TeamID) bool { return slices.Contains(a.Teams, t) })
}
