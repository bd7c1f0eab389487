package main

import (
	"context"
	"fmt"
	"os"

	"github.com/chatlane/chatlane/store"
)

// backupCmd copies the database while a server uses it. The key file is not in the copy: keep it elsewhere.
type backupCmd struct {
	Path string `arg:"" help:"File to write; there must be none yet." type:"path"`
}

// Run writes the copy.
func (b *backupCmd) Run(ctx context.Context) error {
	c, err := readConfig()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.database()); err != nil { // or a copy of nothing would pass for a backup
		return fmt.Errorf("there is no database in the data folder (CHATLANE_DATA): %w", err)
	}
	return store.Backup(ctx, c.database(), b.Path)
}
