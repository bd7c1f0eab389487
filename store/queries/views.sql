-- name: Views :many
SELECT * FROM views WHERE board_id = sqlc.arg(board) AND (shared = 1 OR person_id = sqlc.arg(person)) ORDER BY shared DESC, name COLLATE NOCASE, id;

-- name: View :one
SELECT * FROM views WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);

-- name: CountViews :one
SELECT count(*) FROM views WHERE board_id = sqlc.arg(board) AND person_id = sqlc.arg(person);

-- name: InsertView :one
INSERT INTO views (board_id, person_id, shared, name, query, created_at)
VALUES (sqlc.arg(board), sqlc.arg(person), sqlc.arg(shared), sqlc.arg(name), sqlc.arg(query), sqlc.arg(now)) RETURNING id;

-- name: UpdateView :exec
UPDATE views SET shared = sqlc.arg(shared), name = sqlc.arg(name), query = sqlc.arg(query) WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);

-- A view that is no longer shared is nobody else's any more.
-- name: KeepDefaultsOf :exec
DELETE FROM default_views WHERE view_id = sqlc.arg(view) AND person_id <> sqlc.arg(person);

-- name: DeleteView :exec
DELETE FROM views WHERE id = sqlc.arg(id) AND board_id = sqlc.arg(board);

-- name: DefaultView :one
SELECT view_id FROM default_views WHERE person_id = sqlc.arg(person) AND board_id = sqlc.arg(board);

-- name: SetDefaultView :exec
INSERT INTO default_views (person_id, board_id, view_id) VALUES (sqlc.arg(person), sqlc.arg(board), sqlc.arg(view))
ON CONFLICT (person_id, board_id) DO UPDATE SET view_id = excluded.view_id;

-- name: DropDefaultView :exec
DELETE FROM default_views WHERE person_id = sqlc.arg(person) AND board_id = sqlc.arg(board);
