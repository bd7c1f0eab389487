// Package store keeps Chatlane's data in SQLite. It saves what package kanban decides; no rule and no network lives here.
package store
