-- name: Conversation :one
SELECT * FROM conversations WHERE account_id = sqlc.arg(account) AND id = sqlc.arg(id);

-- name: SaveConversation :exec
INSERT INTO conversations (account_id, id, version, by_read, seen_at, learned_at, inbox_id, team_id, assignee_id, contact_id, status, face)
VALUES (sqlc.arg(account), sqlc.arg(id), sqlc.arg(version), sqlc.arg(by_read), sqlc.arg(seen_at), sqlc.arg(learned_at), sqlc.arg(inbox_id), sqlc.arg(team_id),
    sqlc.arg(assignee_id), sqlc.arg(contact_id), sqlc.arg(status), sqlc.arg(face))
ON CONFLICT (account_id, id) DO UPDATE SET version = excluded.version, by_read = excluded.by_read, seen_at = excluded.seen_at,
    learned_at = excluded.learned_at,
    inbox_id = excluded.inbox_id, team_id = excluded.team_id, assignee_id = excluded.assignee_id, contact_id = excluded.contact_id,
    status = excluded.status, face = excluded.face;

-- name: SeeConversation :exec
UPDATE conversations SET seen_at = sqlc.arg(seen_at), learned_at = sqlc.arg(learned_at), version = sqlc.arg(version), by_read = sqlc.arg(by_read)
WHERE account_id = sqlc.arg(account) AND id = sqlc.arg(id);

-- name: DeleteConversation :exec
DELETE FROM conversations WHERE account_id = sqlc.arg(account) AND id = sqlc.arg(id);

-- name: CountConversations :one
SELECT count(*) FROM conversations WHERE account_id = sqlc.arg(account);

-- name: UnseenSince :many
SELECT id FROM conversations WHERE account_id = sqlc.arg(account) AND seen_at < sqlc.arg(since) ORDER BY seen_at, id LIMIT sqlc.arg(most);

-- With a plus, the order is no reason for SQLite to go through all conversations of the account by their number.
-- name: ConversationsOfAgent :many
SELECT id FROM conversations WHERE account_id = sqlc.arg(account) AND assignee_id = sqlc.arg(agent) ORDER BY +id LIMIT sqlc.arg(most);

-- name: ConversationsOfTeam :many
SELECT id FROM conversations WHERE account_id = sqlc.arg(account) AND team_id = sqlc.arg(team) ORDER BY +id LIMIT sqlc.arg(most);

-- name: ConversationsOfContact :many
SELECT * FROM conversations WHERE account_id = sqlc.arg(account) AND contact_id = sqlc.arg(contact) ORDER BY +id DESC LIMIT sqlc.arg(most);

-- name: ConversationsAfter :many
SELECT * FROM conversations WHERE account_id = sqlc.arg(account) AND id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(most);

-- name: SaveForgotten :exec
INSERT INTO forgotten (account_id, conversation_id, at) VALUES (sqlc.arg(account), sqlc.arg(conversation), sqlc.arg(at))
ON CONFLICT (account_id, conversation_id) DO UPDATE SET at = excluded.at;

-- name: ForgottenAt :one
SELECT at FROM forgotten WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation);

-- name: DeleteForgotten :exec
DELETE FROM forgotten WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation);

-- name: PruneForgotten :exec
DELETE FROM forgotten WHERE account_id = sqlc.arg(account) AND at < sqlc.arg(since);
