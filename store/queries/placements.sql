-- name: Placement :one
SELECT * FROM placements WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- name: SavePlacement :exec
INSERT INTO placements (board_id, conversation_id, account_id, stage_id, confirmed_id, conflict, inbox_id, sort_key, value, valued, entered_at, pending_id, refused_id, rank)
VALUES (sqlc.arg(board), sqlc.arg(conversation), sqlc.arg(account), sqlc.arg(stage), sqlc.arg(confirmed), sqlc.arg(conflict), sqlc.arg(inbox),
    sqlc.arg(sort_key), sqlc.arg(value), sqlc.arg(valued), sqlc.arg(entered_at), sqlc.arg(pending), sqlc.arg(refused),
    sqlc.arg(rank))
ON CONFLICT (board_id, conversation_id) DO UPDATE SET stage_id = excluded.stage_id, confirmed_id = excluded.confirmed_id, conflict = excluded.conflict,
    inbox_id = excluded.inbox_id, sort_key = excluded.sort_key, value = excluded.value, valued = excluded.valued, entered_at = excluded.entered_at,
    pending_id = excluded.pending_id, refused_id = excluded.refused_id, rank = excluded.rank;

-- name: DeletePlacement :exec
DELETE FROM placements WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- Times come from two clocks, Chatwoot's and ours. The order in which transitions are learned is theirs, so time never goes back in it.
-- name: InsertTransition :one
INSERT INTO transitions (account_id, board_id, conversation_id, from_id, to_id, at, at_known, source, by_id, by_name, move_id)
VALUES (sqlc.arg(account), sqlc.arg(board), sqlc.arg(conversation), sqlc.arg(from_id), sqlc.arg(to_id),
    max(CAST(sqlc.arg(at) AS INTEGER), coalesce((SELECT max(t.at) FROM transitions t
        WHERE t.board_id = CAST(sqlc.arg(board) AS INTEGER) AND t.conversation_id = CAST(sqlc.arg(conversation) AS INTEGER)), 0)),
    sqlc.arg(at_known), sqlc.arg(source), sqlc.arg(by_id), sqlc.arg(by_name), sqlc.arg(move_id))
RETURNING id, at;

-- The stage that a card was in lasted until its next transition.
-- The time is compared for the sake of the index: without it SQLite takes that of stays, and goes through all of the board.
-- name: EndStay :exec
UPDATE transitions SET left_at = sqlc.arg(at)
WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation) AND transitions.at >= 0 AND left_at = 0 AND id < sqlc.arg(before);

-- Reports leave out the stays of a conversation that is gone, until it comes back.
-- name: HideStays :exec
UPDATE transitions SET left_at = -1 WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- The time is compared for the same sake.
-- name: ShowStays :exec
UPDATE transitions SET left_at = coalesce((SELECT min(n.at) FROM transitions n
    WHERE n.board_id = transitions.board_id AND n.conversation_id = transitions.conversation_id AND n.id > transitions.id), 0)
WHERE transitions.board_id = sqlc.arg(board) AND transitions.conversation_id = sqlc.arg(conversation) AND transitions.at >= 0 AND transitions.left_at = -1;

-- name: Transitions :many
SELECT * FROM transitions WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation) ORDER BY id;

-- name: SetRefused :exec
UPDATE placements SET refused_id = sqlc.arg(move) WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- name: ClearRefused :exec
UPDATE placements SET refused_id = 0 WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- What was before our time stays so, even if something else makes the board place it once more.
-- name: SaveUnplaced :exec
INSERT INTO unplaced (board_id, account_id, after_id, source) VALUES (sqlc.arg(board), sqlc.arg(account), 0, sqlc.arg(source))
ON CONFLICT (board_id) DO UPDATE SET after_id = 0, source = CASE unplaced.source WHEN 'import' THEN unplaced.source ELSE excluded.source END;

-- name: UnplacedBoards :many
SELECT board_id FROM unplaced WHERE account_id = sqlc.arg(account) ORDER BY board_id;

-- name: Unplaced :one
SELECT * FROM unplaced WHERE board_id = sqlc.arg(board);

-- name: NotYetPlaced :many
SELECT board_id, source FROM unplaced WHERE account_id = CAST(sqlc.arg(account) AS INTEGER) AND after_id < CAST(sqlc.arg(conversation) AS INTEGER);

-- name: SetPlaced :exec
UPDATE unplaced SET after_id = sqlc.arg(after) WHERE board_id = sqlc.arg(board);

-- name: DeleteUnplaced :exec
DELETE FROM unplaced WHERE board_id = sqlc.arg(board);

-- The cards directly above one in the order by hand, the nearest first, and those directly below it. A column is gone through for it, so
-- that no change of a card pays for an index that only a hand needs.
-- name: RanksAbove :many
SELECT conversation_id, rank FROM placements WHERE board_id = sqlc.arg(board) AND stage_id = sqlc.arg(stage) AND conversation_id <> sqlc.arg(but)
    AND (rank > sqlc.arg(rank) OR rank = sqlc.arg(rank) AND conversation_id > sqlc.arg(conversation))
ORDER BY rank, conversation_id LIMIT sqlc.arg(most);

-- name: RanksBelow :many
SELECT conversation_id, rank FROM placements WHERE board_id = sqlc.arg(board) AND stage_id = sqlc.arg(stage) AND conversation_id <> sqlc.arg(but)
    AND (rank < sqlc.arg(rank) OR rank = sqlc.arg(rank) AND conversation_id < sqlc.arg(conversation))
ORDER BY rank DESC, conversation_id DESC LIMIT sqlc.arg(most);

-- name: SetRank :exec
UPDATE placements SET rank = sqlc.arg(rank) WHERE board_id = sqlc.arg(board) AND conversation_id = sqlc.arg(conversation);

-- name: StandingsOfContact :many
SELECT p.conversation_id, p.board_id, p.stage_id
FROM conversations c CROSS JOIN placements p ON p.account_id = c.account_id AND p.conversation_id = c.id
WHERE c.account_id = sqlc.arg(account) AND c.contact_id = sqlc.arg(contact) ORDER BY +p.conversation_id DESC, p.board_id LIMIT sqlc.arg(most);

-- name: EarlierPlacement :one
SELECT p.* FROM conversations c JOIN placements p ON p.board_id = sqlc.arg(board) AND p.conversation_id = c.id
WHERE c.account_id = sqlc.arg(account) AND c.contact_id = sqlc.arg(contact) AND c.id < sqlc.arg(before)
ORDER BY c.id DESC LIMIT 1;
