package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// History is what is known of a card's past. Transitions and edits are the oldest first.
type History struct {
	Transitions []kanban.Transition
	Edits       []kanban.Edit
	Refused     []kanban.Move
}

// TimelineView is that past in words.
type TimelineView struct {
	Title, None string
	Events      []TimelineEvent
}

// TimelineEvent is one thing that happened.
type TimelineEvent struct {
	// Kind is stage, refused, deal or labels.
	Kind, Text, Who string
	// At is when, About that this is only a bound.
	At    string
	About bool
	// Stayed says how long the card had been in the stage that it left.
	Stayed string

	at time.Time
}

// timelineLength is how much of the past is shown: the latest.
const timelineLength = 60

func (d *deck) timeline(p PanelOf) TimelineView {
	v := TimelineView{Title: d.loc.T("timeline.title"), None: d.loc.T("timeline.none")}
	v.Events = slices.Concat(d.travels(p.Transitions), d.refusals(p.Refused), d.edits(p.Edits))
	slices.SortStableFunc(v.Events, func(a, b TimelineEvent) int { return b.at.Compare(a.at) })
	v.Events = v.Events[:min(len(v.Events), timelineLength)]
	return v
}

// travels are the moves from stage to stage, whoever made them. Where a card was when Chatlane came is no move.
func (d *deck) travels(history []kanban.Transition) []TimelineEvent {
	var events []TimelineEvent
	for i, t := range history {
		if t.Source == kanban.FromImport {
			continue
		}
		e := d.event("stage", t.At, t.AtKnown, t.By)
		e.Text = d.loc.T("embed.went", "from", stageName(d.loc, d.board, t.From), "to", stageName(d.loc, d.board, t.To))
		if t.Source == kanban.FromActivity {
			e.Text = d.loc.T("timeline.told", "text", e.Text)
		}
		if i > 0 && history[i-1].Source != kanban.FromImport && t.At.Sub(history[i-1].At) >= time.Minute {
			e.Stayed = d.loc.T("timeline.after", "time", d.loc.Age(t.At.Sub(history[i-1].At)))
		}
		events = append(events, e)
	}
	return events
}

func (d *deck) refusals(moves []kanban.Move) []TimelineEvent {
	var events []TimelineEvent
	for _, mv := range moves {
		e := d.event("refused", mv.SettledAt, true, mv.By)
		e.Text = d.loc.T("card.refused", "stage", stageName(d.loc, d.board, mv.To), "reason", Reason(d.loc, mv.Reason))
		events = append(events, e)
	}
	return events
}

func (d *deck) edits(edits []kanban.Edit) []TimelineEvent {
	var events []TimelineEvent
	for _, edit := range edits {
		text := d.editText(edit)
		if text == "" {
			continue
		}
		e := d.event("deal", edit.At, edit.AtKnown, edit.By)
		if edit.Field == kanban.EditLabels {
			e.Kind = "labels"
		}
		e.Text = text
		events = append(events, e)
	}
	return events
}

func (d *deck) event(kind string, at time.Time, known bool, by kanban.Actor) TimelineEvent {
	return TimelineEvent{Kind: kind, At: stamp(at), About: !known, Who: oneLine(by.Name, nameLimit), at: at}
}

// editText says what changed: "Value: R$ 100 → R$ 250".
func (d *deck) editText(e kanban.Edit) string {
	if e.Field == kanban.EditLabels {
		return strings.Join(slices.Concat(signed("+", e.After), signed("−", e.Before)), ", ")
	}
	field := d.loc.T("deal." + string(e.Field))
	switch {
	case e.After == "":
		return d.loc.T("timeline.emptied", "field", field, "before", d.editValue(e.Field, e.Before))
	case e.Before == "":
		return d.loc.T("timeline.filled", "field", field, "after", d.editValue(e.Field, e.After))
	}
	return d.loc.T("timeline.changed", "field", field, "before", d.editValue(e.Field, e.Before), "after", d.editValue(e.Field, e.After))
}

// signed are the titles of a list, one a line, each with a sign before it.
func signed(sign, titles string) []string {
	var all []string
	for title := range strings.SplitSeq(titles, "\n") {
		if title != "" && len(all) < labelNameLimit {
			all = append(all, sign+oneLine(title, nameLimit))
		}
	}
	return all
}

func (d *deck) editValue(field kanban.EditField, text string) string {
	switch field {
	case kanban.EditValue:
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			return d.loc.Money(kanban.Amount(n), d.board.Currency)
		}
	case kanban.EditExpectedClose, kanban.EditNextStepOn:
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			return d.day(day)
		}
	}
	return oneLine(text, messageLimit)
}
