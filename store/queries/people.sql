-- name: SavePerson :one
INSERT INTO people (base_url, user_id, name, email, avatar_url, token, epoch, seen_at, created_at)
VALUES (sqlc.arg(base_url), sqlc.arg(user_id), sqlc.arg(name), sqlc.arg(email), sqlc.arg(avatar_url), sqlc.arg(blank), 0, sqlc.arg(now), sqlc.arg(now))
ON CONFLICT (base_url, user_id) DO UPDATE SET name = excluded.name, email = excluded.email, avatar_url = excluded.avatar_url, seen_at = excluded.seen_at
RETURNING id;

-- name: SetPersonToken :exec
UPDATE people SET token = sqlc.arg(token) WHERE id = sqlc.arg(id);

-- name: EndPersonSessions :exec
UPDATE people SET epoch = epoch + 1, token = sqlc.arg(blank) WHERE id = sqlc.arg(id);

-- name: PersonSeen :exec
UPDATE people SET seen_at = sqlc.arg(at) WHERE id = sqlc.arg(id) AND seen_at < sqlc.arg(at);

-- name: IdlePeople :many
SELECT id FROM people WHERE seen_at < sqlc.arg(before);

-- name: Person :one
SELECT * FROM people WHERE id = sqlc.arg(id);

-- name: PersonAt :one
SELECT * FROM people WHERE base_url = sqlc.arg(base_url) AND user_id = sqlc.arg(user_id);

-- name: SaveSeat :exec
INSERT INTO seats (person_id, account_id, role, inboxes, teams, narrow, only_ids, checked_at)
VALUES (sqlc.arg(person), sqlc.arg(account), sqlc.arg(role), sqlc.arg(inboxes), sqlc.arg(teams), sqlc.arg(narrow), sqlc.arg(only_ids), sqlc.arg(checked_at))
ON CONFLICT (person_id, account_id) DO UPDATE SET role = excluded.role, inboxes = excluded.inboxes, teams = excluded.teams, narrow = excluded.narrow,
    only_ids = excluded.only_ids, checked_at = excluded.checked_at;

-- name: Seats :many
SELECT * FROM seats WHERE person_id = sqlc.arg(person) ORDER BY account_id;
