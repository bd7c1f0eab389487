-- name: InsertDelivery :execrows
INSERT INTO deliveries (account_id, key, body, received_at, consumed)
VALUES (sqlc.arg(account), sqlc.arg(key), sqlc.arg(body), sqlc.arg(at), 0) ON CONFLICT (account_id, key) DO NOTHING;

-- name: Deliveries :many
SELECT id, body, received_at FROM deliveries WHERE account_id = sqlc.arg(account) AND consumed = 0 ORDER BY id LIMIT sqlc.arg(most);

-- name: ConsumeDelivery :exec
UPDATE deliveries SET consumed = 1, body = x'' WHERE id = sqlc.arg(id) AND account_id = sqlc.arg(account);

-- name: PruneDeliveries :exec
DELETE FROM deliveries WHERE consumed = 1 AND received_at < sqlc.arg(before);

-- name: DeliveriesWaiting :one
SELECT count(*) FROM deliveries WHERE account_id = sqlc.arg(account) AND consumed = 0;

-- name: Session :one
SELECT data FROM sessions WHERE token = sqlc.arg(token) AND expires_at > sqlc.arg(now);

-- name: SaveSession :exec
INSERT INTO sessions (token, data, expires_at) VALUES (sqlc.arg(token), sqlc.arg(data), sqlc.arg(expires_at))
ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at;

-- name: DeleteSession :exec
DELETE FROM sessions WHERE token = sqlc.arg(token);

-- name: PruneSessions :exec
DELETE FROM sessions WHERE expires_at <= sqlc.arg(now);
