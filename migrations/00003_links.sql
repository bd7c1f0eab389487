-- +goose Up
-- What Chatlane set up in Chatwoot for an account, and what it found out: JSON of kanban.Link. Nothing in it is secret.
ALTER TABLE accounts ADD COLUMN link TEXT NOT NULL DEFAULT '{}';
