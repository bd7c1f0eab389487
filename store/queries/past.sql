-- The latest first: they are in the reports that people look at.
-- name: Unsought :many
SELECT DISTINCT conversation_id FROM transitions
WHERE account_id = sqlc.arg(account) AND source = 'import' AND at_known = 0 AND sought = 0 AND from_id = 0
ORDER BY conversation_id DESC LIMIT sqlc.arg(most);

-- name: Sought :exec
UPDATE transitions SET sought = 1
WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) AND source = 'import' AND at_known = 0 AND sought = 0 AND from_id = 0;

-- name: DeleteTransitions :exec
DELETE FROM transitions WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- name: RewriteTransition :exec
INSERT INTO transitions (account_id, board_id, conversation_id, from_id, to_id, at, at_known, source, by_id, by_name, move_id, left_at, sought)
VALUES (sqlc.arg(account), sqlc.arg(board), sqlc.arg(conversation), sqlc.arg(from_id), sqlc.arg(to_id), sqlc.arg(at), sqlc.arg(at_known),
    sqlc.arg(source), sqlc.arg(by_id), sqlc.arg(by_name), sqlc.arg(move_id), sqlc.arg(left_at), 1);

-- name: SetEntered :exec
UPDATE placements SET entered_at = sqlc.arg(at) WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation) AND entered_at = 0;
