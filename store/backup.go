package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Backup copies a database to a path where no file is yet. The copy is consistent, also while a process uses the database; it stays of
// the version that it is.
func Backup(ctx context.Context, from, to string) error {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL, ownerOnly) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("back up to %s: there is a file already", to)
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := copyInto(ctx, from, to); err != nil {
		return errors.Join(fmt.Errorf("back up to %s: %w", to, err), os.Remove(to))
	}
	return nil
}

// Backup copies the database while it is in use.
func (s *Store) Backup(ctx context.Context, to string) error { return Backup(ctx, s.path, to) }

// copyInto copies the database by a connection of its own: readers may not, and the writer has other things to do meanwhile.
func copyInto(ctx context.Context, from, to string) error {
	d, err := sql.Open(driverName, dsn(from, false))
	if err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, "VACUUM INTO ?", to)
	return errors.Join(err, d.Close())
}
