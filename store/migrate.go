package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/chatlane/chatlane/migrations"
)

// ErrNewer says that a newer program made the database; this one would misread it.
var ErrNewer = errors.New("the database was made by a newer version of Chatlane")

// migrate brings the database up to date.
func migrate(ctx context.Context, d *sql.DB) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, d, migrations.Files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return opened(err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return fmt.Errorf("%w: it is at %d, this program knows %d", ErrNewer, have, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return opened(err)
	}
	return checkFTS5(ctx, d)
}

// opened explains the first failure of a database that cannot be used.
func opened(err error) error { return fmt.Errorf("open the database: %w", err) }

// checkFTS5 says in time that the program was built without full-text search.
func checkFTS5(ctx context.Context, d *sql.DB) error {
	_, err := d.ExecContext(ctx, "CREATE VIRTUAL TABLE temp.fts_probe USING fts5(x)")
	if err != nil && strings.Contains(err.Error(), "no such module") {
		return errors.New("this program was built without full-text search: build it with -tags sqlite_fts5")
	}
	if err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, "DROP TABLE temp.fts_probe")
	return err
}
