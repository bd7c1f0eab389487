//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock of a file, or says that somebody has it.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrInUse
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return opened(err)
		}
		return nil
	}
}
