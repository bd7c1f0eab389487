-- name: CollapsedColumns :many
SELECT stage_id FROM collapsed_columns WHERE person_id = sqlc.arg(person) AND board_id = sqlc.arg(board) ORDER BY stage_id;

-- name: CollapseColumn :exec
INSERT INTO collapsed_columns (person_id, board_id, stage_id) VALUES (sqlc.arg(person), sqlc.arg(board), sqlc.arg(stage)) ON CONFLICT DO NOTHING;

-- name: ExpandColumn :exec
DELETE FROM collapsed_columns WHERE person_id = sqlc.arg(person) AND board_id = sqlc.arg(board) AND stage_id = sqlc.arg(stage);
