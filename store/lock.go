package store

import (
	"errors"
	"os"
)

// ErrInUse says that another process has the database open. Each would keep in memory what the other one changes.
var ErrInUse = errors.New("another process has the database open")

// takeLock takes a database for this process. It is given back when the file is closed, also by the end of the process, however it ends:
// the system holds the lock, not the file, which stays where it is and means nothing by itself.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, ownerOnly) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, opened(err)
	}
	if err := lockFile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// giveBack lets another process have the database. To give back what was given back is no mistake.
func giveBack(lock *os.File) error {
	if err := lock.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
