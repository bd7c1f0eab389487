-- name: Boards :many
SELECT * FROM boards ORDER BY account_id, position, id;

-- name: Stages :many
SELECT * FROM stages ORDER BY board_id, position, id;

-- name: InsertBoard :one
INSERT INTO boards (account_id, position, name, currency, scope, hide_no_stage, winner, compact, lost_reasons, reason_required, audience, hidden_fields, version)
VALUES (sqlc.arg(account), (SELECT count(*) FROM boards b WHERE b.account_id = sqlc.arg(account)), sqlc.arg(name), sqlc.arg(currency),
    sqlc.arg(scope), sqlc.arg(hide_no_stage), sqlc.arg(winner), sqlc.arg(compact), sqlc.arg(lost_reasons), sqlc.arg(reason_required),
    sqlc.arg(audience), sqlc.arg(hidden_fields), 1)
RETURNING id;

-- name: UpdateBoard :execrows
UPDATE boards SET name = sqlc.arg(name), currency = sqlc.arg(currency), scope = sqlc.arg(scope), hide_no_stage = sqlc.arg(hide_no_stage),
    winner = sqlc.arg(winner), compact = sqlc.arg(compact), lost_reasons = sqlc.arg(lost_reasons), reason_required = sqlc.arg(reason_required),
    archived_at = sqlc.arg(archived_at), audience = sqlc.arg(audience), hidden_fields = sqlc.arg(hidden_fields), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: TouchBoard :exec
UPDATE boards SET version = version + 1 WHERE id = sqlc.arg(id);

-- name: InsertStage :one
INSERT INTO stages (board_id, position, label_id, title, name, kind, color, wip, rotting_days, probability, hidden)
VALUES (sqlc.arg(board), sqlc.arg(position), sqlc.arg(label), sqlc.arg(title), sqlc.arg(name), sqlc.arg(kind), sqlc.arg(color), sqlc.arg(wip),
    sqlc.arg(rotting_days), sqlc.arg(probability), sqlc.arg(hidden))
RETURNING id;

-- name: UpdateStage :exec
UPDATE stages SET position = sqlc.arg(position), label_id = sqlc.arg(label), title = sqlc.arg(title), name = sqlc.arg(name), kind = sqlc.arg(kind),
    color = sqlc.arg(color), wip = sqlc.arg(wip), rotting_days = sqlc.arg(rotting_days), probability = sqlc.arg(probability), hidden = sqlc.arg(hidden)
WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);

-- Labels are unique on a board, also while stages exchange theirs.
-- name: ParkStages :exec
UPDATE stages SET label_id = -id WHERE board_id = sqlc.arg(board);

-- name: SetStageTitle :exec
UPDATE stages SET title = sqlc.arg(title) WHERE id = sqlc.arg(id);

-- name: DeleteStage :exec
DELETE FROM stages WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);
