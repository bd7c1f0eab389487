-- name: InsertEdit :exec
INSERT INTO edits (account_id, conversation_id, field, was, became, at, at_known, source, by_id, by_name)
VALUES (sqlc.arg(account), sqlc.arg(conversation), sqlc.arg(field), sqlc.arg(was), sqlc.arg(became), sqlc.arg(at), sqlc.arg(at_known),
    sqlc.arg(source), sqlc.arg(by_id), sqlc.arg(by_name));

-- name: Edits :many
SELECT * FROM edits WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) ORDER BY id DESC LIMIT sqlc.arg(most);
