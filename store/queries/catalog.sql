-- name: Labels :many
SELECT * FROM labels WHERE account_id = sqlc.arg(account) ORDER BY title, id;

-- name: SaveLabel :exec
INSERT INTO labels (account_id, id, title, color, description, former, gone)
VALUES (sqlc.arg(account), sqlc.arg(id), sqlc.arg(title), sqlc.arg(color), sqlc.arg(description), sqlc.arg(former), sqlc.arg(gone))
ON CONFLICT (account_id, id) DO UPDATE SET title = excluded.title, color = excluded.color, description = excluded.description,
    former = excluded.former, gone = excluded.gone;

-- name: Inboxes :many
SELECT * FROM inboxes WHERE account_id = sqlc.arg(account) ORDER BY name, id;

-- name: SaveInbox :exec
INSERT INTO inboxes (account_id, id, name, channel, gone)
VALUES (sqlc.arg(account), sqlc.arg(id), sqlc.arg(name), sqlc.arg(channel), sqlc.arg(gone))
ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, channel = excluded.channel, gone = excluded.gone;

-- name: Agents :many
SELECT * FROM agents WHERE account_id = sqlc.arg(account) ORDER BY name, id;

-- name: SaveAgent :exec
INSERT INTO agents (account_id, id, name, avatar_url, role, gone)
VALUES (sqlc.arg(account), sqlc.arg(id), sqlc.arg(name), sqlc.arg(avatar_url), sqlc.arg(role), sqlc.arg(gone))
ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, avatar_url = excluded.avatar_url, role = excluded.role, gone = excluded.gone;

-- name: Teams :many
SELECT * FROM teams WHERE account_id = sqlc.arg(account) ORDER BY name, id;

-- name: SaveTeam :exec
INSERT INTO teams (account_id, id, name, gone)
VALUES (sqlc.arg(account), sqlc.arg(id), sqlc.arg(name), sqlc.arg(gone))
ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, gone = excluded.gone;

-- name: Attributes :many
SELECT * FROM attributes WHERE account_id = sqlc.arg(account) ORDER BY name, key;

-- name: DeleteAttributes :exec
DELETE FROM attributes WHERE account_id = sqlc.arg(account);

-- name: SaveAttribute :exec
INSERT INTO attributes (account_id, model, key, name, type, choices, pattern, cue)
VALUES (sqlc.arg(account), sqlc.arg(model), sqlc.arg(key), sqlc.arg(name), sqlc.arg(type), sqlc.arg(choices), sqlc.arg(pattern), sqlc.arg(cue))
ON CONFLICT (account_id, model, key) DO UPDATE SET name = excluded.name, type = excluded.type, choices = excluded.choices, pattern = excluded.pattern, cue = excluded.cue;
