-- name: InsertBatch :one
INSERT INTO batches (account_id, board_id, person_id, by_id, by_name, field, value, more, undoes, created_at, served_at, ended_at, closed_at)
VALUES (sqlc.arg(account), sqlc.arg(board), sqlc.arg(person), sqlc.arg(by_id), sqlc.arg(by_name), sqlc.arg(field), sqlc.arg(value), sqlc.arg(more),
    sqlc.arg(undoes), sqlc.arg(now), 0, 0, 0)
RETURNING id;

-- name: InsertBatchCard :exec
INSERT INTO batch_cards (batch_id, place, conversation_id, value, more, guarded, expected, was, was_more, begun, state, reason, move_id, attempts, due_at)
VALUES (sqlc.arg(batch), sqlc.arg(place), sqlc.arg(conversation), sqlc.arg(value), sqlc.arg(more), sqlc.arg(guarded), sqlc.arg(expected), '', '', 0,
    sqlc.arg(state), sqlc.arg(reason), 0, 0, sqlc.arg(now));

-- name: Batch :one
SELECT * FROM batches WHERE id = sqlc.arg(id);

-- name: HasBatches :one
SELECT EXISTS (SELECT 1 FROM batches WHERE board_id = sqlc.arg(board));

-- name: ShownBatches :many
SELECT * FROM batches
WHERE board_id = sqlc.arg(board) AND person_id = sqlc.arg(person) AND by_id = sqlc.arg(by_id) AND closed_at = 0
    AND (ended_at = 0 OR ended_at >= sqlc.arg(since))
ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: OpenBatches :many
SELECT * FROM batches WHERE account_id = sqlc.arg(account) AND ended_at = 0 ORDER BY served_at, id;

-- name: AccountsWithBatches :many
SELECT DISTINCT b.account_id FROM batches b
WHERE b.ended_at = 0
    AND EXISTS (SELECT 1 FROM batch_cards c WHERE c.batch_id = b.id AND c.state = 'waiting' AND c.due_at <= sqlc.arg(now));

-- name: NextBatchCard :one
SELECT * FROM batch_cards WHERE batch_id = sqlc.arg(batch) AND state = 'waiting' AND due_at <= sqlc.arg(now) ORDER BY due_at, place LIMIT 1;

-- name: BeginBatchCard :execrows
UPDATE batch_cards
SET was = CASE WHEN begun = 0 THEN sqlc.arg(was) ELSE was END, was_more = CASE WHEN begun = 0 THEN sqlc.arg(was_more) ELSE was_more END, begun = 1
WHERE batch_id = sqlc.arg(batch) AND place = sqlc.arg(place) AND state = 'waiting';

-- name: SettleBatchCard :exec
UPDATE batch_cards SET state = sqlc.arg(state), reason = sqlc.arg(reason), move_id = sqlc.arg(move), attempts = sqlc.arg(attempts), due_at = sqlc.arg(due_at)
WHERE batch_id = sqlc.arg(batch) AND place = sqlc.arg(place);

-- name: ServedBatch :exec
UPDATE batches SET served_at = sqlc.arg(now) WHERE id = sqlc.arg(id);

-- name: EndBatch :exec
UPDATE batches SET ended_at = sqlc.arg(now)
WHERE id = sqlc.arg(id) AND ended_at = 0 AND NOT EXISTS (SELECT 1 FROM batch_cards c WHERE c.batch_id = sqlc.arg(id) AND c.state = 'waiting');

-- name: LeaveBatchCards :exec
UPDATE batch_cards SET state = 'left' WHERE batch_id = sqlc.arg(batch) AND state = 'waiting';

-- name: RetryBatchCards :execrows
UPDATE batch_cards SET state = 'waiting', reason = '', move_id = 0, attempts = 0, due_at = sqlc.arg(now)
WHERE batch_id = sqlc.arg(batch)
    AND (state = 'failed' OR (state = 'done' AND move_id IN (SELECT m.id FROM moves m WHERE m.state = 'refused')));

-- name: ReopenBatch :exec
UPDATE batches SET ended_at = 0 WHERE id = sqlc.arg(id);

-- name: CloseBatch :exec
UPDATE batches SET closed_at = sqlc.arg(now) WHERE id = sqlc.arg(id);

-- name: SentOfBatches :one
SELECT count(*) FROM moves m JOIN batch_cards c ON c.move_id = m.id
WHERE m.account_id = sqlc.arg(account) AND m.state = 'pending' AND m.attempts = 0 AND c.move_id > 0;

-- A move that is under way, or that Chatwoot refused, is no deed done.
-- name: TallyBatch :many
SELECT CAST(CASE WHEN c.state = 'done' AND m.state = 'pending' THEN 'sent' WHEN c.state = 'done' AND m.state = 'refused' THEN 'failed' ELSE c.state END AS TEXT) AS state,
    count(*) AS cards
FROM batch_cards c LEFT JOIN moves m ON m.id = c.move_id
WHERE c.batch_id = sqlc.arg(batch) GROUP BY 1;

-- name: FailedBatchCards :many
SELECT c.place, c.conversation_id, CAST(CASE WHEN c.state = 'failed' THEN c.reason ELSE m.reason END AS TEXT) AS reason
FROM batch_cards c LEFT JOIN moves m ON m.id = c.move_id
WHERE c.batch_id = sqlc.arg(batch) AND (c.state = 'failed' OR (c.state = 'done' AND m.state = 'refused'))
ORDER BY c.place LIMIT sqlc.arg(most);

-- name: DoneBatchCards :many
SELECT c.* FROM batch_cards c LEFT JOIN moves m ON m.id = c.move_id
WHERE c.batch_id = sqlc.arg(batch) AND c.state = 'done' AND (m.id IS NULL OR m.state <> 'refused') ORDER BY c.place;

-- name: DeleteOldBatches :exec
DELETE FROM batches WHERE ended_at > 0 AND ended_at < sqlc.arg(before);
