package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// The shapes of the queries in cards.go, for an administrator and for an agent.
const (
	pagePlanned = `SELECT p.conversation_id, p.sort_key, c.face FROM placements p
		JOIN conversations c ON c.account_id = p.account_id AND c.id = p.conversation_id WHERE p.board_id = ?1`
	nextPage     = " AND p.stage_id = ?2 AND (p.sort_key, p.conversation_id) < (?3, ?4) ORDER BY p.sort_key DESC, p.conversation_id DESC LIMIT 51"
	totalPlanned = "SELECT p.stage_id, count(*), sum(CAST(p.value AS REAL)), sum(p.valued), sum(p.conflict) FROM placements p WHERE p.board_id = ?1"
	byStage      = " GROUP BY p.stage_id"
	ofInboxes    = " AND p.inbox_id IN (SELECT value FROM json_each('[1,2]'))"
	inOrder      = "placements_page (board_id=? AND stage_id=? AND (sort_key,conversation_id)<(?,?))"
)

func TestBoardsAreReadByTheirIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var snaps []kanban.Snapshot
	for id := range kanban.ConversationID(300) {
		snaps = append(snaps, w.conversation(id+1, labels[id%3].Title))
	}
	w.apply(snaps...)
	for name, q := range map[string]struct{ sql, index string }{
		"page":            {pagePlanned + nextPage, inOrder},
		"an agent's page": {pagePlanned + ofInboxes + nextPage, inOrder},
		"totals":          {totalPlanned + byStage, "COVERING INDEX placements_total"},
		"agent's totals":  {totalPlanned + ofInboxes + byStage, "COVERING INDEX placements_total"},
	} {
		plan := w.plan(q.sql)
		require.Contains(t, plan, q.index, name)
		require.NotContains(t, plan, "TEMP B-TREE", "%s: it is in order already", name)
		require.NotContains(t, plan, "SCAN p", "%s: other boards are not read", name)
	}
}

// TestStaysChangeByTheirIndex: every move of a card ends a stay and every new one looks for hidden ones, on boards with a hundred thousand.
func TestStaysChangeByTheirIndex(t *testing.T) {
	t.Parallel()
	for _, q := range []string{"EndStay", "HideStays", "ShowStays"} {
		require.Contains(t, newWorld(t).plan(query(t, "placements.sql", q)), "SEARCH transitions USING INDEX transitions_card (board_id=? AND conversation_id=?", q)
	}
}

// TestAContactIsFoundByItsIndex: every news of a contact looks for its conversations, and so does every panel that is opened.
func TestAContactIsFoundByItsIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for q, index := range map[string]string{"ConversationsOfContact": "contact", "ConversationsOfAgent": "assignee", "ConversationsOfTeam": "team"} {
		require.Contains(t, w.plan(query(t, "conversations.sql", q)), "INDEX conversations_"+index+" (account_id=? AND "+index+"_id=?)", q)
	}
	require.Contains(t, w.plan(query(t, "placements.sql", "StandingsOfContact")), "SEARCH c USING INDEX conversations_contact (account_id=? AND contact_id=?)")
}

// query is a query by its name, as it is written, with one parameter.
func query(t *testing.T, file, name string) string {
	t.Helper()
	all, err := os.ReadFile(filepath.Join("queries", file))
	require.NoError(t, err)
	_, text, found := strings.Cut(string(all), "-- name: "+name+" :")
	require.True(t, found, name)
	_, text, _ = strings.Cut(text, "\n")
	text, _, _ = strings.Cut(text, ";")
	return regexp.MustCompile(`sqlc\.arg\(\w+\)`).ReplaceAllString(text, "?1")
}

// plan is what SQLite would do, a line a step.
func (w *world) plan(query string) string {
	w.t.Helper()
	stage := int64(w.stage(0))
	all := []any{int64(w.board.ID), stage, w.now().UnixMilli(), int64(200)}
	rows, err := raw(w.t, w.path).QueryContext(w.ctx, "EXPLAIN QUERY PLAN "+query, all[:1+3*min(1, strings.Count(query, "?2"))]...)
	require.NoError(w.t, err)
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(w.t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(w.t, rows.Err())
	return strings.Join(steps, "\n")
}

// TestReportsReadIndexesAlone: to look up each of a hundred thousand leads in the table takes five times as long, to sort
// them three times.
func TestReportsReadIndexesAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	indexes := map[string]string{
		"groups": "leads_came (board_id=? AND came_at>? AND came_at<?)", "came": "leads_came (board_id=? AND came_at>? AND came_at<?)",
		"entered": "leads_entered (board_id=? AND entered_at>? AND entered_at<?)", "cycles": "leads_entered (board_id=? AND entered_at>? AND entered_at<?)",
		"held": "leads_standing (board_id=?)", "stays": "transitions_stay (board_id=? AND to_id=? AND left_at=? AND at<?)",
	}
	for name, filter := range map[string]report.Filter{"all": {}, "an agent": {Agent: 3}, "a team": {Team: 2}, "an inbox": {Inbox: 1}, "a label": {Label: "vip"}} {
		for _, viewer := range []kanban.Viewer{w.admin, {Account: w.account, Role: kanban.RoleAgent, Inboxes: []kanban.InboxID{1}}} {
			plans, err := w.store.ReportPlans(w.ctx, report.Question{Board: w.board, Viewer: viewer, Filter: filter, Now: w.now()}, report.Span{From: start, To: w.now()})
			require.NoError(t, err)
			require.Len(t, plans, len(indexes))
			for figure, index := range indexes {
				require.Contains(t, plans[figure], "COVERING INDEX "+index, "%s of %s", figure, name)
				require.False(t, name == "all" && strings.Contains(plans[figure], "TEMP B-TREE"), figure)
			}
		}
	}
}
