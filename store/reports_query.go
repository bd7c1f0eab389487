package store

import (
	"strings"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// asked begins a query of leads. What follows is limited to what the viewer may see and the filter lets through.
func asked(selected string, q report.Question) *cardQuery {
	c := &cardQuery{}
	c.sql.WriteString("SELECT " + selected + " WHERE p.board_id = ?")
	c.args = append(c.args, int64(q.Board.ID))
	c.listed(q.Viewer)
	c.filtered(q.Filter)
	return c
}

func (q *cardQuery) filtered(f report.Filter) {
	switch {
	case f.Unassigned:
		q.and("p.assignee_id = 0")
	case f.Agent != 0:
		q.and("p.assignee_id = ?", int64(f.Agent))
	}
	if f.Team != 0 {
		q.and("p.team_id = ?", int64(f.Team))
	}
	if f.Inbox != 0 {
		q.and("p.inbox_id = ?", int64(f.Inbox))
	}
	if f.Label != "" {
		q.and("instr(p.labels, char(10) || ? || char(10)) > 0", strings.ToLower(f.Label))
	}
}

// selected narrows a query to the leads behind a figure.
func (q *cardQuery) selected(a report.Question, s report.Selection) {
	if s.Came != nil {
		q.and("p.came_at >= ? AND p.came_at < ?", millis(s.Came.From), millis(s.Came.To))
	}
	if s.Entered != nil {
		q.and("p.entered_known = 1 AND p.entered_at >= ? AND p.entered_at < ?", millis(s.Entered.From), millis(s.Entered.To))
	}
	if s.Standings != nil {
		q.standing(s.Standings)
	}
	if s.Undated {
		q.and("p.entered_known = 0")
	}
	if s.Timed {
		q.and("p.earlier = 0")
	}
	if s.Visited != nil {
		q.and("p.visited IN (SELECT value FROM json_each(?))", listOf(visitedTexts(s.Visited)))
	}
	if s.Agent != nil {
		q.and("p.assignee_id = ?", int64(*s.Agent))
	}
	if s.Reason != nil {
		q.and("p.lost_reason = ?", *s.Reason)
	}
	q.month(a, s.Month)
	q.stayed(a, s)
	q.stalled(s)
}

func visitedTexts(ways [][]kanban.StageID) []string {
	texts := make([]string, 0, len(ways))
	for _, w := range ways {
		texts = append(texts, listOf(w))
	}
	return texts
}

// standing limits a query to last stages and places. The two are told in one number.
func (q *cardQuery) standing(all []report.Standing) {
	numbers := make([]int64, 0, len(all))
	for _, s := range all {
		numbers = append(numbers, 4*int64(s.Stage)+int64(s.Place))
	}
	q.and("4 * p.stage_id + p.place IN (SELECT value FROM json_each(?))", listOf(numbers))
}

func (q *cardQuery) month(a report.Question, month *string) {
	switch {
	case month == nil:
	case *month == report.Undated: // or one that is over
		q.and("substr(p.closes_on, 1, 7) < ?", a.Now.Format(report.MonthLayout))
	default:
		q.and("substr(p.closes_on, 1, 7) = ?", *month)
	}
}

func (q *cardQuery) stayed(a report.Question, s report.Selection) {
	if s.Stayed == nil {
		return
	}
	start, end := knownStart, millis(ends(a, *s.Stayed))
	if s.UnknownStart {
		start = "NOT (" + knownStart + ")"
	}
	since := millis(s.Stayed.From)
	if s.Staying {
		since = end + 1
	}
	q.and(`EXISTS (SELECT 1 FROM transitions t WHERE t.board_id = p.board_id AND t.conversation_id = p.conversation_id AND t.to_id = ?
		AND t.at < ? AND (t.left_at = 0 OR t.left_at >= max(1, ?)) AND `+start+")", int64(s.Stage), end, since)
}

// stalled asks for cards that are in a stage since before its moment. Of those that were there before our time that is known, too: they
// have been there at least since they were found.
func (q *cardQuery) stalled(s report.Selection) {
	if s.Stalled == nil {
		return
	}
	either, args := "0", []any{}
	for id, at := range s.Stalled {
		either += " OR p.stage_id = ? AND p.entered_at < ?"
		args = append(args, int64(id), millis(at))
	}
	q.and("p.place = 0 AND ("+either+")", args...)
}

// knownStart keeps stays of transitions t whose beginning is known, if only nearly.
const knownStart = "NOT (t.at_known = 0 AND t.source = 'import')"

// ends is until when a span is counted: what is to come has not happened.
func ends(a report.Question, s report.Span) time.Time {
	if a.Now.Before(s.To) {
		return a.Now
	}
	return s.To
}
