// Package migrations holds the database's history: numbered SQL, forward only. A released file is never edited.
package migrations

import "embed"

// Files are the migrations in goose's format.
//
//go:embed *.sql
var Files embed.FS
