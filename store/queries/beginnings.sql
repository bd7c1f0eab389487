-- name: KeepBeginning :exec
INSERT INTO beginnings (account_id, by_id, key, contact_id, conversation_id, begun_at, created_at)
VALUES (sqlc.arg(account), sqlc.arg(by_id), sqlc.arg(key), 0, 0, 0, sqlc.arg(now))
ON CONFLICT DO NOTHING;

-- name: Beginning :one
SELECT * FROM beginnings WHERE account_id = sqlc.arg(account) AND by_id = sqlc.arg(by_id) AND key = sqlc.arg(key);

-- name: SaveBeginning :exec
UPDATE beginnings SET contact_id = sqlc.arg(contact), conversation_id = sqlc.arg(conversation), begun_at = sqlc.arg(begun_at)
WHERE account_id = sqlc.arg(account) AND by_id = sqlc.arg(by_id) AND key = sqlc.arg(key);

-- name: DeleteOldBeginnings :exec
DELETE FROM beginnings WHERE created_at < sqlc.arg(before);
