package templates

import (
	"encoding/json"
	"strconv"

	"github.com/chatlane/chatlane/kanban"
)

// laneNumber is a lane for scripts; empty where there are none.
func laneNumber(l kanban.Lane) string {
	if l == 0 {
		return ""
	}
	return strconv.FormatInt(int64(l), 10)
}

// laneNames are the names of a board's lanes by number, as JSON; empty where there are none.
func laneNames(loc Locale, l kanban.Lanes, cat *kanban.Catalog) string {
	if l == "" || cat == nil {
		return ""
	}
	names := map[string]string{}
	for lane, name := range l.Names(cat) {
		if l == kanban.LanesPriority {
			name = loc.T("priority." + name)
		}
		names[laneNumber(lane)] = oneLine(name, nameLimit)
	}
	none := "field.nobody"
	switch l {
	case kanban.LanesTeam:
		none = "field.no_team"
	case kanban.LanesPriority:
		none = "lanes.no_priority"
	case kanban.LanesInbox, kanban.LanesAgent:
	}
	names[laneNumber(kanban.LaneOfNone)] = loc.T(none)
	text, err := json.Marshal(names)
	if err != nil {
		return ""
	}
	return string(text)
}

// laneCounts are how many cards each lane of a column has, as JSON; empty where there are no lanes.
func laneCounts(loc Locale, lanes map[kanban.Lane]int) string {
	if len(lanes) == 0 {
		return ""
	}
	counts := make(map[string]string, len(lanes))
	for lane, n := range lanes {
		counts[laneNumber(lane)] = loc.Number(n)
	}
	text, err := json.Marshal(counts)
	if err != nil {
		return ""
	}
	return string(text)
}

func laneChoices(loc Locale, chosen kanban.Lanes) []ChoiceView {
	choices := []ChoiceView{{Value: "", Text: loc.T("lanes.none"), Chosen: chosen == ""}}
	for _, l := range kanban.AllLanes() {
		choices = append(choices, ChoiceView{Value: string(l), Text: loc.T("lanes." + string(l)), Chosen: l == chosen})
	}
	return choices
}
