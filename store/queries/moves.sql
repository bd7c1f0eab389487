-- name: InsertMove :one
INSERT INTO moves (account_id, board_id, conversation_id, from_id, to_id, by_id, by_name, undoes, repair, state, reason, attempts, due_at, lease_until,
    base, written, written_at, created_at, settled_at, lost_reason, carries)
VALUES (sqlc.arg(account), sqlc.arg(board), sqlc.arg(conversation), sqlc.arg(from_id), sqlc.arg(to_id), sqlc.arg(by_id), sqlc.arg(by_name),
    sqlc.arg(undoes), sqlc.arg(repair), 'pending', '', 0, sqlc.arg(due_at), 0, '[]', '[]', 0, sqlc.arg(now), 0, sqlc.arg(lost_reason),
    sqlc.arg(carries))
RETURNING id;

-- name: Move :one
SELECT * FROM moves WHERE id = sqlc.arg(id);

-- The casts here and below keep the plan apart from the values: SQLite would prepare the statement anew for each value that is compared
-- by itself, and these run for every webhook.
-- name: PendingMove :one
SELECT * FROM moves WHERE account_id = CAST(sqlc.arg(account) AS INTEGER) AND conversation_id = CAST(sqlc.arg(conversation) AS INTEGER)
    AND board_id = CAST(sqlc.arg(board) AS INTEGER) AND state = 'pending' ORDER BY id DESC LIMIT 1;

-- A move that a mover holds ends first: what it writes may be on its way already.
-- name: SupersedeMoves :exec
UPDATE moves SET state = 'superseded', settled_at = sqlc.arg(now)
WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) AND board_id = sqlc.arg(board)
    AND state = 'pending' AND lease_until <= sqlc.arg(now);

-- name: ClaimMoves :many
UPDATE moves SET lease_until = sqlc.arg(lease_until)
WHERE id IN (
    SELECT m.id FROM moves m
    WHERE m.state = 'pending' AND m.due_at <= sqlc.arg(now) AND m.lease_until <= sqlc.arg(now)
        AND m.id = (SELECT min(x.id) FROM moves x WHERE x.account_id = m.account_id AND x.conversation_id = m.conversation_id AND x.state = 'pending')
    ORDER BY m.due_at, m.id LIMIT sqlc.arg(most))
RETURNING *;

-- name: NextDue :one
SELECT CAST(coalesce(min(CASE WHEN m.due_at > m.lease_until THEN m.due_at ELSE m.lease_until END), -1) AS INTEGER) AS due
FROM moves m
WHERE m.state = 'pending'
    AND m.id = (SELECT min(x.id) FROM moves x WHERE x.account_id = m.account_id AND x.conversation_id = m.conversation_id AND x.state = 'pending');

-- name: RecordBase :exec
UPDATE moves SET base = sqlc.arg(base), written = sqlc.arg(written), written_at = sqlc.arg(at) WHERE id = sqlc.arg(id);

-- name: SettleMove :execrows
UPDATE moves SET state = sqlc.arg(state), reason = sqlc.arg(reason), settled_at = sqlc.arg(now), lease_until = 0
WHERE id = sqlc.arg(id) AND state = 'pending';

-- name: DeferMove :exec
UPDATE moves SET due_at = sqlc.arg(due), reason = sqlc.arg(reason), attempts = attempts + 1, lease_until = 0
WHERE id = sqlc.arg(id) AND state = 'pending';

-- name: HastenMove :exec
UPDATE moves SET due_at = sqlc.arg(now) WHERE id = sqlc.arg(id) AND state = 'pending';

-- name: ReleaseLeases :exec
UPDATE moves SET lease_until = 0 WHERE state = 'pending' AND lease_until > 0;

-- name: RecentMoves :many
SELECT * FROM moves WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation)
    AND (settled_at >= sqlc.arg(since) OR written_at >= sqlc.arg(since)) ORDER BY id DESC;

-- The last thousands suffice: written_at has no index, and what was written in the last minutes is among them.
-- name: WrittenMoves :many
SELECT * FROM moves WHERE moves.id > (SELECT COALESCE(MAX(m.id), 0) - 5000 FROM moves m) AND moves.written_at >= sqlc.arg(since) ORDER BY moves.id;

-- The move of ours that explains why a card is in a stage now: on its way, or written a moment ago. Each explains one transition.
-- name: MoveInto :one
SELECT * FROM moves m
WHERE m.account_id = CAST(sqlc.arg(account) AS INTEGER) AND m.conversation_id = CAST(sqlc.arg(conversation) AS INTEGER)
    AND m.board_id = CAST(sqlc.arg(board) AS INTEGER) AND m.to_id = CAST(sqlc.arg(stage) AS INTEGER)
    AND (m.state = 'pending' OR m.written_at >= sqlc.arg(since))
    AND NOT EXISTS (
        SELECT 1 FROM transitions t WHERE t.board_id = m.board_id AND t.conversation_id = m.conversation_id AND t.move_id = m.id)
ORDER BY m.id DESC LIMIT 1;

-- name: PendingOnBoard :many
SELECT DISTINCT conversation_id FROM moves WHERE board_id = sqlc.arg(board) AND state = 'pending';

-- name: MovesWaiting :one
SELECT count(*) FROM moves WHERE account_id = sqlc.arg(account) AND state = 'pending';

-- name: DeleteMoves :exec
UPDATE moves SET state = 'refused', reason = 'move.refused.gone', settled_at = sqlc.arg(now)
WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) AND state = 'pending';

-- name: HastenMovesOf :exec
UPDATE moves SET due_at = sqlc.arg(now) WHERE account_id = sqlc.arg(account) AND by_id = sqlc.arg(by_id) AND state = 'pending' AND due_at > sqlc.arg(now);

-- name: RefusedMoves :many
SELECT * FROM moves WHERE account_id = sqlc.arg(account) AND conversation_id = sqlc.arg(conversation) AND board_id = sqlc.arg(board)
    AND state = 'refused' ORDER BY id DESC LIMIT sqlc.arg(most);
