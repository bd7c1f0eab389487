-- name: Boards :many
SELECT * FROM boards ORDER BY account_id, position, id;

-- name: Stages :many
SELECT * FROM stages ORDER BY board_id, position, id;

-- name: InsertBoard :one
INSERT INTO boards (account_id, position, name, currency, scope, hide_no_stage, winner, compact, lost_reasons, reason_required, carry_stage, audience, hidden_fields, sort, version)
VALUES (sqlc.arg(account), (SELECT count(*) FROM boards b WHERE b.account_id = sqlc.arg(account)), sqlc.arg(name), sqlc.arg(currency),
    sqlc.arg(scope), sqlc.arg(hide_no_stage), sqlc.arg(winner), sqlc.arg(compact), sqlc.arg(lost_reasons), sqlc.arg(reason_required), sqlc.arg(carry_stage),
    sqlc.arg(audience), sqlc.arg(hidden_fields), sqlc.arg(sort), 1)
RETURNING id;

-- name: UpdateBoard :execrows
UPDATE boards SET name = sqlc.arg(name), currency = sqlc.arg(currency), scope = sqlc.arg(scope), hide_no_stage = sqlc.arg(hide_no_stage),
    winner = sqlc.arg(winner), compact = sqlc.arg(compact), lost_reasons = sqlc.arg(lost_reasons), reason_required = sqlc.arg(reason_required), carry_stage = sqlc.arg(carry_stage),
    archived_at = sqlc.arg(archived_at), audience = sqlc.arg(audience), hidden_fields = sqlc.arg(hidden_fields), sort = sqlc.arg(sort),
    version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: TouchBoard :exec
UPDATE boards SET version = version + 1 WHERE id = sqlc.arg(id);

-- name: InsertStage :one
INSERT INTO stages (board_id, position, label_id, title, name, kind, color, wip, rotting_days, probability, hidden, leaving)
VALUES (sqlc.arg(board), sqlc.arg(position), sqlc.arg(label), sqlc.arg(title), sqlc.arg(name), sqlc.arg(kind), sqlc.arg(color), sqlc.arg(wip),
    sqlc.arg(rotting_days), sqlc.arg(probability), sqlc.arg(hidden), sqlc.arg(leaving))
RETURNING id;

-- name: UpdateStage :exec
UPDATE stages SET position = sqlc.arg(position), label_id = sqlc.arg(label), title = sqlc.arg(title), name = sqlc.arg(name), kind = sqlc.arg(kind),
    color = sqlc.arg(color), wip = sqlc.arg(wip), rotting_days = sqlc.arg(rotting_days), probability = sqlc.arg(probability), hidden = sqlc.arg(hidden),
    leaving = sqlc.arg(leaving)
WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);

-- Labels are unique on a board, also while stages exchange theirs.
-- name: ParkStages :exec
UPDATE stages SET label_id = -id WHERE board_id = sqlc.arg(board);

-- name: SetStageTitle :exec
UPDATE stages SET title = sqlc.arg(title) WHERE id = sqlc.arg(id);

-- A stage that a board no longer has is kept for its name: history goes on telling of it. Its label is free for another one.
-- name: RemoveStage :exec
UPDATE stages SET removed_at = sqlc.arg(now), label_id = -id, leaving = '' WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);

-- name: SetBoardPosition :exec
UPDATE boards SET position = sqlc.arg(position) WHERE id = sqlc.arg(id) AND account_id = sqlc.arg(account);

-- name: AddFavourite :exec
INSERT INTO favourites (person_id, board_id) VALUES (sqlc.arg(person), sqlc.arg(board)) ON CONFLICT DO NOTHING;

-- name: RemoveFavourite :exec
DELETE FROM favourites WHERE person_id = sqlc.arg(person) AND board_id = sqlc.arg(board);

-- name: Favourites :many
SELECT board_id FROM favourites WHERE person_id = sqlc.arg(person) ORDER BY board_id;

-- What has to be moved out of a stage that is to go: cards that are in it and not on their way. A card that Chatwoot would not let go
-- since the emptying began stays where it is, and one that somebody puts back again and again waits between two tries.
-- name: CardsToLeave :many
SELECT p.conversation_id FROM placements p
WHERE p.board_id = sqlc.arg(board) AND p.stage_id = sqlc.arg(stage) AND p.pending_id = 0
    AND NOT EXISTS (SELECT 1 FROM moves m WHERE m.id = p.refused_id AND m.settled_at >= sqlc.arg(since))
    AND NOT EXISTS (SELECT 1 FROM moves m WHERE m.account_id = p.account_id AND m.conversation_id = p.conversation_id AND m.board_id = p.board_id
        AND m.from_id = p.stage_id AND m.state = 'done' AND m.settled_at >= sqlc.arg(tried))
ORDER BY p.sort_key DESC, p.conversation_id DESC LIMIT sqlc.arg(most);

-- name: MovesUnderWay :one
SELECT count(*) FROM (
    SELECT 1 FROM moves m WHERE m.state = 'pending' AND m.board_id = sqlc.arg(board) AND m.from_id = sqlc.arg(stage) LIMIT sqlc.arg(most));

-- What is in a stage still, on the screen or by what Chatwoot last said.
-- name: CardsIn :one
SELECT count(*) FROM placements WHERE board_id = sqlc.arg(board) AND (stage_id = sqlc.arg(stage) OR confirmed_id = sqlc.arg(stage));

-- name: CardsRefused :one
SELECT count(*) FROM placements p
WHERE p.board_id = sqlc.arg(board) AND p.stage_id = sqlc.arg(stage) AND p.pending_id = 0
    AND EXISTS (SELECT 1 FROM moves m WHERE m.id = p.refused_id AND m.settled_at >= sqlc.arg(since));
