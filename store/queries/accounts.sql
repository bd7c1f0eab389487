-- name: Accounts :many
SELECT * FROM accounts ORDER BY id;

-- name: InsertAccount :one
INSERT INTO accounts (base_url, chatwoot_id, name, locale, version, token, owner_id, owner_name, allow_private,
    webhook_id, webhook_url, webhook_key, webhook_secret, webhook_at, deal, import, sync, created_at)
VALUES (sqlc.arg(base_url), sqlc.arg(chatwoot_id), sqlc.arg(name), sqlc.arg(locale), sqlc.arg(version), sqlc.arg(token), sqlc.arg(owner_id),
    sqlc.arg(owner_name), sqlc.arg(allow_private), 0, sqlc.arg(blank), sqlc.arg(blank), sqlc.arg(blank), 0, sqlc.arg(deal), '{}', '{}', sqlc.arg(created_at))
RETURNING id;

-- name: UpdateAccount :exec
UPDATE accounts SET name = sqlc.arg(name), locale = sqlc.arg(locale), version = sqlc.arg(version), token = sqlc.arg(token),
    owner_id = sqlc.arg(owner_id), owner_name = sqlc.arg(owner_name), allow_private = sqlc.arg(allow_private), deal = sqlc.arg(deal)
WHERE id = sqlc.arg(id);

-- name: SetAccountVersion :exec
UPDATE accounts SET version = sqlc.arg(version) WHERE id = sqlc.arg(id);

-- name: SetAccountDeal :exec
UPDATE accounts SET deal = sqlc.arg(deal) WHERE id = sqlc.arg(id);

-- name: SetAccountToken :exec
UPDATE accounts SET token = sqlc.arg(token) WHERE id = sqlc.arg(id);

-- name: SetWebhook :exec
UPDATE accounts SET webhook_id = sqlc.arg(webhook_id), webhook_url = sqlc.arg(webhook_url), webhook_key = sqlc.arg(webhook_key),
    webhook_secret = sqlc.arg(webhook_secret)
WHERE id = sqlc.arg(id);

-- name: SetWebhookAt :exec
UPDATE accounts SET webhook_at = sqlc.arg(at) WHERE id = sqlc.arg(id) AND webhook_at < sqlc.arg(at);

-- name: SetImport :exec
UPDATE accounts SET import = sqlc.arg(state) WHERE id = sqlc.arg(id);

-- name: SetSync :exec
UPDATE accounts SET sync = sqlc.arg(state) WHERE id = sqlc.arg(id);

-- name: Link :one
SELECT link FROM accounts WHERE id = sqlc.arg(id);

-- name: SetLink :exec
UPDATE accounts SET link = sqlc.arg(link) WHERE id = sqlc.arg(id);

-- name: DeleteStrandedPeople :exec
DELETE FROM people WHERE base_url NOT IN (SELECT base_url FROM accounts);

-- name: DeleteAccount :exec
DELETE FROM accounts WHERE id = sqlc.arg(id);

-- name: DeleteAccountDeliveries :exec
DELETE FROM deliveries WHERE account_id = sqlc.arg(id);

-- name: Setting :one
SELECT value FROM settings WHERE name = sqlc.arg(name);

-- name: SetSetting :exec
INSERT INTO settings (name, value) VALUES (sqlc.arg(name), sqlc.arg(value)) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
