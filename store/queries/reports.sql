-- name: Lead :one
SELECT * FROM leads WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- name: SaveLead :exec
INSERT INTO leads (board_id, conversation_id, account_id, came_at, earlier, visited, stage_id, place, entered_at, entered_known, inbox_id, team_id,
    assignee_id, value, valued, closes_on, lost_reason, labels, told)
VALUES (sqlc.arg(board), sqlc.arg(conversation), sqlc.arg(account), sqlc.arg(came_at), sqlc.arg(earlier), sqlc.arg(visited), sqlc.arg(stage),
    sqlc.arg(place), sqlc.arg(entered_at), sqlc.arg(entered_known), sqlc.arg(inbox), sqlc.arg(team), sqlc.arg(assignee), sqlc.arg(value),
    sqlc.arg(valued), sqlc.arg(closes_on), sqlc.arg(lost_reason), sqlc.arg(labels), sqlc.arg(told))
ON CONFLICT (board_id, conversation_id) DO UPDATE SET came_at = excluded.came_at, earlier = excluded.earlier, visited = excluded.visited,
    stage_id = excluded.stage_id, place = excluded.place, entered_at = excluded.entered_at, entered_known = excluded.entered_known,
    inbox_id = excluded.inbox_id, team_id = excluded.team_id, assignee_id = excluded.assignee_id, value = excluded.value, valued = excluded.valued,
    closes_on = excluded.closes_on, lost_reason = excluded.lost_reason, labels = excluded.labels,
    told = excluded.told;

-- name: HasForecast :one
SELECT EXISTS (SELECT 1 FROM forecasts WHERE board_id = sqlc.arg(board) AND day = sqlc.arg(day));

-- name: SaveForecast :exec
INSERT INTO forecasts (board_id, day, month, inbox_id, cards, value, weighted)
VALUES (sqlc.arg(board), sqlc.arg(day), sqlc.arg(month), sqlc.arg(inbox), sqlc.arg(cards), sqlc.arg(value), sqlc.arg(weighted))
ON CONFLICT DO NOTHING;

-- name: Goal :one
SELECT value FROM goals WHERE board_id = sqlc.arg(board) AND month = sqlc.arg(month);

-- name: SaveGoal :exec
INSERT INTO goals (board_id, month, value) VALUES (sqlc.arg(board), sqlc.arg(month), sqlc.arg(value))
ON CONFLICT (board_id, month) DO UPDATE SET value = excluded.value;

-- name: DeleteGoal :exec
DELETE FROM goals WHERE board_id = sqlc.arg(board) AND month = sqlc.arg(month);

-- name: HidesAgents :one
SELECT hide_agents FROM report_rules WHERE board_id = sqlc.arg(board);

-- name: SaveHidesAgents :exec
INSERT INTO report_rules (board_id, hide_agents) VALUES (sqlc.arg(board), sqlc.arg(hide))
ON CONFLICT (board_id) DO UPDATE SET hide_agents = excluded.hide_agents;

-- What was forecast and wanted in another currency says nothing any more.
-- name: ForgetForecasts :exec
DELETE FROM forecasts WHERE board_id = sqlc.arg(board);

-- name: ForgetGoals :exec
DELETE FROM goals WHERE board_id = sqlc.arg(board);
