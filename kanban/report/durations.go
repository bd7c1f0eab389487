package report

import (
	"slices"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// Durations is how long something took, over some cases.
type Durations struct {
	Count       int
	Median, P90 time.Duration
}

// DurationsOf takes the median and the 90th percentile: the least of the cases that half, or nine of ten, do not exceed.
func DurationsOf(all []time.Duration) Durations {
	if len(all) == 0 {
		return Durations{}
	}
	slices.Sort(all)
	return Durations{Count: len(all), Median: all[(len(all)-1)/2], P90: all[(len(all)*9+9)/10-1]}
}

// Stays is what the store knows of how long cards stayed in a stage.
type Stays struct {
	// Cards is how many cards those were, Unknown how many stays began before our time: their length is not known.
	Cards, Unknown int
	Open           int
	All            []time.Duration
}

// StageTime is how long cards stay in a stage, those included that are still there.
type StageTime struct {
	Stage kanban.Stage
	Durations
	Cards, Open, Unknown int
}

// StageTimes are the times of a board's open stages, in its order.
func StageTimes(b kanban.Board, stays map[kanban.StageID]Stays) []StageTime {
	all := make([]StageTime, 0, len(b.Stages))
	for _, s := range steps(b) {
		one := stays[s.ID]
		all = append(all, StageTime{Stage: s, Durations: DurationsOf(one.All), Cards: one.Cards, Open: one.Open, Unknown: one.Unknown})
	}
	return all
}
