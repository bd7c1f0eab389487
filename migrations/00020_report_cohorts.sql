-- +goose Up
-- With what is known from messages in it, too: reports of a span go through the index alone.
DROP INDEX leads_came;
CREATE INDEX leads_came ON leads (board_id, came_at, assignee_id, inbox_id, team_id, stage_id, place, earlier, told, visited, lost_reason, labels);
