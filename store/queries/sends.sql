-- name: InsertSend :one
INSERT INTO sends (account_id, conversation_id, by_id, by_name, key, private, body, state, newest, message_id, reason, detail, attempts, created_at, begun_at, due_at)
VALUES (sqlc.arg(account), sqlc.arg(conversation), sqlc.arg(by_id), sqlc.arg(by_name), sqlc.arg(key), sqlc.arg(private), sqlc.arg(blank), 'waiting', 0, 0, '', '', 0,
    sqlc.arg(now), 0, sqlc.arg(now))
ON CONFLICT DO NOTHING
RETURNING id;

-- name: SetSendBody :exec
UPDATE sends SET body = sqlc.arg(body) WHERE id = sqlc.arg(id);

-- name: SendByKey :one
SELECT * FROM sends WHERE account_id = sqlc.arg(account) AND by_id = sqlc.arg(by_id) AND key = sqlc.arg(key);

-- name: SendByID :one
SELECT * FROM sends WHERE id = sqlc.arg(id);

-- name: OpenSends :many
SELECT * FROM sends WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) AND by_id = sqlc.arg(by_id) AND state <> 'done' ORDER BY id;

-- name: DueSends :many
SELECT id FROM sends WHERE state IN ('waiting', 'begun', 'unknown') AND due_at <= sqlc.arg(now) ORDER BY id LIMIT 100;

-- name: BeginSend :execrows
UPDATE sends SET state = 'begun', newest = sqlc.arg(newest), begun_at = sqlc.arg(now), attempts = attempts + 1, reason = '', detail = ''
WHERE id = sqlc.arg(id) AND state = 'waiting';

-- name: SettleSend :exec
UPDATE sends SET state = sqlc.arg(state), message_id = sqlc.arg(message), reason = sqlc.arg(reason), detail = sqlc.arg(detail), due_at = sqlc.arg(due_at)
WHERE id = sqlc.arg(id) AND state <> 'done';

-- name: ClearSend :exec
UPDATE sends SET body = sqlc.arg(blank) WHERE id = sqlc.arg(id);

-- name: InterruptedSends :exec
UPDATE sends SET state = 'unknown', due_at = sqlc.arg(now) WHERE state = 'begun';

-- name: DeleteSend :execrows
DELETE FROM sends WHERE id = sqlc.arg(id) AND state <> 'begun';

-- name: SentMessages :many
SELECT message_id FROM sends WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) AND message_id > sqlc.arg(newest);

-- name: DeleteOldSends :exec
DELETE FROM sends WHERE state = 'done' AND begun_at < sqlc.arg(before);
